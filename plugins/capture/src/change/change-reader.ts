import { type CopyOperation, maxCopies, type OpenDisplay, type Rectangle } from '@livelet/core';
import { type Picture, pictureOf } from '../picture/picture.js';
import { clip, join, meet, pixels, subtract, union, wholeOf } from '../picture/rectangles.js';
import type { ViewerPicture } from '../picture/viewer-picture.js';
import { changedAreas } from './compare.js';
import { findCopies } from './copies.js';

/** Pixels that a read of its own costs: areas whose union wastes less are read together, at one moment. */
const READ_COST = 256 * 1024;
/** Times that copies are looked for: two windows that scroll at a time move by two offsets. */
const COPY_ROUNDS = 2;

/** What the display shows and the viewer doesn't. */
export interface Changes {
  /** In their order, before anything else of the frame. */
  readonly copies: readonly CopyOperation[];
  /** What differs still: exact at their edges; none overlap. */
  readonly areas: readonly Rectangle[];
}

export interface ReadOptions {
  /** What was damaged while the rest was read, if it can be read too before the frame: asked once. */
  readonly late: () => readonly Rectangle[];
  /** Everything is new, changed or not. */
  readonly whole: boolean;
  /** Where a video plays: what the viewer shows there may be older than the reference. */
  readonly videos: readonly Rectangle[];
  /** When the first of these changes was told, and now, ms of the clock. */
  readonly since: number;
  readonly now: number;
}

/**
 * Reads damaged areas, takes what differs into the reference picture, and says how the viewer's picture becomes the
 * same.
 * @throws what `OpenDisplay.read` throws
 */
export async function readChanges(
  display: OpenDisplay,
  picture: ViewerPicture,
  damaged: readonly Rectangle[],
  { late, whole, videos, since, now }: ReadOptions,
): Promise<Changes> {
  const copies: CopyOperation[] = [];
  const areas: Rectangle[] = [];
  for (const told of [() => damaged, late]) {
    for (const at of together(told())) {
      const read = pictureOf(await display.read(at), at.width, at.height);
      const changed = whole ? [at] : takeCopies(picture, read, at, { videos, now, copies, areas });
      for (const area of changed) picture.changed(read, at, area, since);
      areas.push(...changed);
    }
  }
  return { copies, areas };
}

interface Taking {
  readonly videos: readonly Rectangle[];
  readonly now: number;
  /** Those found before; new ones are added. */
  readonly copies: CopyOperation[];
  /** What differed in areas read before: the viewer gets it after the copies. */
  readonly areas: readonly Rectangle[];
}

/** @returns what differs after the copies */
function takeCopies(
  picture: ViewerPicture,
  read: Picture,
  at: Rectangle,
  { videos, now, copies, areas }: Taking,
): Rectangle[] {
  const { reference } = picture;
  let changed = changedAreas(reference, read, at);
  const barred = [...areas, ...videos];
  for (let round = 0; round < COPY_ROUNDS; round++) {
    const found = findCopies(reference, read, at, outside(changed, videos), barred);
    const copied = [...copies, ...found].reduce((sum, copy) => sum + pixels(copy), 0);
    // A frame may copy as many pixels as the picture has, and so often.
    const tooMuch =
      copied > pixels(wholeOf(reference)) || copies.length + found.length > maxCopies(reference);
    if (found.length === 0 || tooMuch) break;
    for (const copy of found) picture.copied(copy, now);
    copies.push(...found);
    changed = changedAreas(reference, read, at);
  }
  return changed;
}

/** What of the areas lies in none of the holes. */
function outside(areas: readonly Rectangle[], holes: readonly Rectangle[]): Rectangle[] {
  return holes.reduce((left, hole) => left.flatMap((area) => subtract(area, hole)), [...areas]);
}

/** Joins areas that cost less to read at once; none of the results overlap. */
function together(areas: readonly Rectangle[]): Rectangle[] {
  const joined: Rectangle[] = [];
  for (const area of areas) join(joined, area, isCheaper);
  return joined;
}

function isCheaper(a: Rectangle, b: Rectangle): boolean {
  const wasted = pixels(union(a, b)) - pixels(a) - pixels(b) + pixels(clip(a, b));
  return meet(a, b) || wasted <= READ_COST;
}
