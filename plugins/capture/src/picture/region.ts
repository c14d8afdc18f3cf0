import type { Rectangle } from '@livelet/core';
import { apart, join, pixels, union } from './rectangles.js';

/** Rectangles that a region keeps apart at most. */
const MAX_AREAS = 16;
/** Pixels that one more rectangle costs by default. */
const AREA_COST = 4096;

/** A set of pixels, roughly: rectangles that hold at least what was added, few enough to be handled each. */
export class Region {
  readonly #cost: number;
  #areas: Rectangle[] = [];

  /** @param cost of one more rectangle, pixels: two are joined when their union wastes no more. @default 4096 */
  constructor(cost = AREA_COST) {
    this.#cost = cost;
  }

  get empty(): boolean {
    return this.#areas.length === 0;
  }

  /** As they are; none of those that `take` gives overlap. */
  get areas(): readonly Rectangle[] {
    return this.#areas;
  }

  add(area: Rectangle): void {
    join(this.#areas, area, (a, b) => waste(a, b) <= this.#cost);
    if (this.#areas.length > MAX_AREAS) this.#joinCheapest();
  }

  /** The rectangles, none of which overlap, and forgets them. */
  take(): Rectangle[] {
    const areas = apart(this.#areas);
    this.#areas = [];
    return areas;
  }

  #joinCheapest(): void {
    const areas = this.#areas;
    let least = Number.POSITIVE_INFINITY;
    let best: [number, number] = [0, 1];
    for (let first = 0; first < areas.length; first++) {
      for (let second = first + 1; second < areas.length; second++) {
        const cost = waste(areas[first] as Rectangle, areas[second] as Rectangle);
        if (cost >= least) continue;
        least = cost;
        best = [first, second];
      }
    }
    const [b] = areas.splice(best[1], 1);
    const [a] = areas.splice(best[0], 1);
    if (a && b) areas.push(union(a, b));
  }
}

/** Pixels of the union that neither has. */
function waste(a: Rectangle, b: Rectangle): number {
  return pixels(union(a, b)) - pixels(a) - pixels(b);
}
