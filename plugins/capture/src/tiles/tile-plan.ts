import type { Rectangle } from '@livelet/core';
import type { LossyArea } from '../picture/lossy-areas.js';
import { clip, distance, meet, pieces, pixels, subtract, union } from '../picture/rectangles.js';
import { Region } from '../picture/region.js';

/** Pixels up to which a tile goes before all others: what was typed or clicked. */
const SMALL = 4096;
/** Pixels that one more tile costs: about what its headers and its coding take. */
const TILE_COST = 1024;
/** What has waited longer than this, ms, goes before what is nearer. */
const OVERDUE = 500;

/** A point of the picture. */
export interface Focus {
  readonly x: number;
  readonly y: number;
}

export interface PlanOptions {
  /** Where the person looks: at the pointer. */
  readonly focus: Focus;
  /** Size of the largest tile, pixels. */
  readonly width: number;
  readonly height: number;
  /** Cuts an area into tiles of at most that size. @default `pieces` */
  readonly cut?: ((area: Rectangle, width: number, height: number) => Iterable<Rectangle>) | undefined;
  /** What isn't needed as tiles. */
  readonly except?: Rectangle | undefined;
  /** Ms of the clock. */
  readonly now: number;
}

/**
 * The tiles that bring some areas, in the order in which they are wanted. Areas near each other become one tile where
 * that costs less than two; none overlap. Each brings a part of some area at least: joined areas hold pixels that
 * nobody asked for, and tiles of nothing else, sent again and again, would keep all others from their turn.
 */
export function planTiles(areas: readonly LossyArea[], options: PlanOptions): Rectangle[] {
  const { focus, width, height, except, now, cut = pieces } = options;
  const region = new Region(TILE_COST);
  for (const { area } of areas) region.add(area);
  const joined = region.take().flatMap((area) => (except ? subtract(area, except) : [area]));
  return joined
    .flatMap((area) => {
      const asked = areas.filter((each) => meet(each.area, area));
      return [...cut(area, width, height)].flatMap((piece) => {
        const parts = asked.filter((each) => meet(each.area, piece));
        const [first, ...rest] = parts.map((each) => clip(each.area, piece));
        if (!first) return [];
        const tile = rest.reduce(union, first);
        const late = parts.some(({ since }) => since < now - OVERDUE);
        const turn = pixels(tile) <= SMALL ? 0 : late ? 1 : 2;
        return [{ tile, turn, far: distance(tile, focus.x, focus.y) }];
      });
    })
    .sort((a, b) => a.turn - b.turn || a.far - b.far)
    .map(({ tile }) => tile);
}
