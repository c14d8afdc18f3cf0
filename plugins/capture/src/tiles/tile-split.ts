import type { Rectangle } from '@livelet/core';
import type { Picture } from '../picture/picture.js';
import { pieces, pixels } from '../picture/rectangles.js';
import { CELL, type PhotoCells, photoCells, photosIn } from './photo-cells.js';

/** Cells of the wrong kind that a part may have and stay whole: 96 x 64 pixels. */
const MAX_STRAY = 24;
/** Parts that an area is cut into before it is cut into tiles. */
const MAX_PARTS = 64;

/** A part of an area in cells, and how many of them are in the minority. */
interface Part {
  readonly place: Rectangle;
  readonly stray: number;
}

/**
 * Cuts an area into tiles so that photos and text come into different ones, as a decision tree does: each cut is the
 * one that leaves the least mixture (Gini impurity). The tiles, of at most `width` x `height` pixels, cover the area
 * once.
 */
export function splitIntoTiles(
  picture: Picture,
  area: Rectangle,
  width: number,
  height: number,
): Rectangle[] {
  if (pixels(area) <= MAX_STRAY * CELL * CELL) return [...pieces(area, width, height)];
  const cells = photoCells(picture, area);
  const whole = { x: 0, y: 0, width: cells.columns, height: cells.rows };
  const parts = [partOf(cells, whole)];
  while (parts.length < MAX_PARTS) {
    const worst = parts.reduce((a, b) => (b.stray > a.stray ? b : a));
    const halves = worst.stray > MAX_STRAY ? bestCut(cells, worst.place) : undefined;
    if (!halves) break;
    parts.splice(parts.indexOf(worst), 1, ...halves.map((half) => partOf(cells, half)));
  }
  return parts.flatMap(({ place }) => [...pieces(inPixels(place, area), width, height)]);
}

function partOf(cells: PhotoCells, place: Rectangle): Part {
  const photos = photosIn(cells, place);
  return { place, stray: Math.min(photos, pixels(place) - photos) };
}

/** The last cells of a row and a column may reach out of the area. */
function inPixels(place: Rectangle, area: Rectangle): Rectangle {
  const [x, y] = [place.x * CELL, place.y * CELL];
  return {
    x: area.x + x,
    y: area.y + y,
    width: Math.min(area.width - x, place.width * CELL),
    height: Math.min(area.height - y, place.height * CELL),
  };
}

function bestCut(cells: PhotoCells, place: Rectangle): [Rectangle, Rectangle] | undefined {
  let best: [Rectangle, Rectangle] | undefined;
  let least = impurity(cells, place) - 1e-9;
  const consider = (a: Rectangle, b: Rectangle): void => {
    const mixture = impurity(cells, a) + impurity(cells, b);
    if (mixture >= least) return;
    least = mixture;
    best = [a, b];
  };
  const { x, y, width, height } = place;
  for (let at = 1; at < width; at++) {
    consider({ x, y, width: at, height }, { x: x + at, y, width: width - at, height });
  }
  for (let at = 1; at < height; at++) {
    consider({ x, y, width, height: at }, { x, y: y + at, width, height: height - at });
  }
  return best;
}

/** 0 where all cells are of one kind. */
function impurity(cells: PhotoCells, place: Rectangle): number {
  const photos = photosIn(cells, place);
  return photos - (photos * photos) / pixels(place);
}
