import type { Rectangle } from '@livelet/core';
import { meet, pixels, union } from './rectangles.js';

/** Rectangles that a region keeps apart at most. */
const MAX_AREAS = 16;
/** Pixels that one more rectangle costs: two are joined when their union wastes less. */
const AREA_COST = 4096;

/** A set of pixels, roughly: rectangles that hold at least what was added, few enough to be handled each. */
export class Region {
  #areas: Rectangle[] = [];

  get empty(): boolean {
    return this.#areas.length === 0;
  }

  add(area: Rectangle): void {
    let joined = area;
    for (;;) {
      const index = this.#areas.findIndex((other) => waste(other, joined) <= AREA_COST);
      const [other] = index < 0 ? [] : this.#areas.splice(index, 1);
      if (!other) break;
      joined = union(other, joined);
    }
    this.#areas.push(joined);
    if (this.#areas.length > MAX_AREAS) this.#joinCheapest();
  }

  /** The rectangles, none of which overlap, and forgets them. */
  take(): Rectangle[] {
    const apart: Rectangle[] = [];
    for (const area of this.#areas) {
      let joined = area;
      for (;;) {
        const index = apart.findIndex((other) => meet(other, joined));
        const [other] = index < 0 ? [] : apart.splice(index, 1);
        if (!other) break;
        joined = union(other, joined);
      }
      apart.push(joined);
    }
    this.#areas = [];
    return apart;
  }

  #joinCheapest(): void {
    let best = { cost: Number.POSITIVE_INFINITY, first: 0, second: 1 };
    for (const [first, a] of this.#areas.entries()) {
      for (const [second, b] of this.#areas.entries()) {
        if (second <= first) continue;
        const cost = waste(a, b);
        if (cost < best.cost) best = { cost, first, second };
      }
    }
    const [b] = this.#areas.splice(best.second, 1);
    const [a] = this.#areas.splice(best.first, 1);
    if (a && b) this.#areas.push(union(a, b));
  }
}

/** Pixels of the union that neither has. */
function waste(a: Rectangle, b: Rectangle): number {
  return pixels(union(a, b)) - pixels(a) - pixels(b);
}
