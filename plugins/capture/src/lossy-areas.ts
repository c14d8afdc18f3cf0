import type { Rectangle } from '@livelet/core';
import { holds, meet, union } from './rectangles.js';

interface LossyArea {
  readonly area: Rectangle;
  /** When it last changed, ms of the clock. */
  readonly since: number;
}

/** Areas remembered apart; past that the oldest two become one. */
const MAX_AREAS = 256;

/** What the viewer has only roughly, and since when it has been at rest. */
export class LossyAreas {
  #areas: LossyArea[] = [];

  get empty(): boolean {
    return this.#areas.length === 0;
  }

  clear(): void {
    this.#areas = [];
  }

  /** An area was sent again; what it touches isn't at rest. */
  sent(area: Rectangle, lossy: boolean, now: number): void {
    this.#areas = this.#areas
      .filter((other) => !holds(area, other.area))
      .map((other) => (meet(area, other.area) ? { area: other.area, since: now } : other));
    if (lossy) this.#areas.push({ area, since: now });
    const [first, second, ...rest] = this.#areas;
    if (first && second && this.#areas.length > MAX_AREAS) {
      this.#areas = [{ area: union(first.area, second.area), since: now }, ...rest];
    }
  }

  /** Takes an area that has been at rest since `before`, if there is one. */
  take(before: number): Rectangle | undefined {
    const index = this.#areas.findIndex((other) => other.since <= before);
    return index < 0 ? undefined : this.#areas.splice(index, 1)[0]?.area;
  }

  /** When the first of them was last sent. */
  get oldest(): number | undefined {
    return this.#areas.reduce<number | undefined>(
      (oldest, { since }) => (oldest === undefined ? since : Math.min(oldest, since)),
      undefined,
    );
  }
}
