import type { CopyOperation, Rectangle } from '@livelet/core';

/** The part of `area` inside `bounds`; without width or height where they don't meet. */
export function clip(area: Rectangle, bounds: Rectangle): Rectangle {
  const x = Math.max(area.x, bounds.x);
  const y = Math.max(area.y, bounds.y);
  const width = Math.max(0, Math.min(area.x + area.width, bounds.x + bounds.width) - x);
  const height = Math.max(0, Math.min(area.y + area.height, bounds.y + bounds.height) - y);
  return { x, y, width, height };
}

/** The smallest rectangle around both. */
export function union(a: Rectangle, b: Rectangle): Rectangle {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}

/** All of a picture or a display. */
export function wholeOf({ width, height }: Pick<Rectangle, 'width' | 'height'>): Rectangle {
  return { x: 0, y: 0, width, height };
}

/** Pixels. */
export function pixels(area: Rectangle): number {
  return area.width * area.height;
}

/** Whether the two have a pixel in common. */
export function meet(a: Rectangle, b: Rectangle): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Where a copy takes its pixels from. */
export function sourceOf({ fromX, fromY, width, height }: CopyOperation): Rectangle {
  return { x: fromX, y: fromY, width, height };
}

/** Whether `inner` lies inside `outer`. */
export function holds(outer: Rectangle, inner: Rectangle): boolean {
  return pixels(clip(inner, outer)) === pixels(inner);
}

/** Adds an area to `areas`, as one with all that belong to it, to what comes of that, and so on. */
export function join(
  areas: Rectangle[],
  area: Rectangle,
  belong: (a: Rectangle, b: Rectangle) => boolean,
): void {
  let grown = area;
  for (;;) {
    const index = areas.findIndex((other) => belong(other, grown));
    const [other] = index < 0 ? [] : areas.splice(index, 1);
    if (!other) break;
    grown = union(other, grown);
  }
  areas.push(grown);
}

/** The areas with those that overlap joined, until none do. */
export function apart(areas: readonly Rectangle[]): Rectangle[] {
  const joined: Rectangle[] = [];
  for (const area of areas) join(joined, area, meet);
  return joined;
}

/** What is left of `area` without `hole`: at most four rectangles, none of which overlap. */
export function subtract(area: Rectangle, hole: Rectangle): Rectangle[] {
  const cut = clip(hole, area);
  if (pixels(cut) === 0) return [area];
  const { x, y, width, height } = area;
  const right = cut.x + cut.width;
  const bottom = cut.y + cut.height;
  return [
    { x, y, width, height: cut.y - y },
    { x, y: cut.y, width: cut.x - x, height: cut.height },
    { x: right, y: cut.y, width: x + width - right, height: cut.height },
    { x, y: bottom, width, height: y + height - bottom },
  ].filter((part) => pixels(part) > 0);
}

/** The square of the distance from a point to the nearest pixel of an area; 0 inside. */
export function distance(area: Rectangle, x: number, y: number): number {
  const dx = Math.max(area.x - x, 0, x - (area.x + area.width - 1));
  const dy = Math.max(area.y - y, 0, y - (area.y + area.height - 1));
  return dx * dx + dy * dy;
}

/** Cuts an area into pieces of at most `width` x `height`, row by row. */
export function* pieces(area: Rectangle, width: number, height: number): Generator<Rectangle> {
  for (let y = area.y; y < area.y + area.height; y += height) {
    for (let x = area.x; x < area.x + area.width; x += width) {
      yield clip({ x, y, width, height }, area);
    }
  }
}
