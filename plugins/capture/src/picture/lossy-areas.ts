import type { CopyOperation, Rectangle } from '@livelet/core';
import { clip, meet, sourceOf, subtract, union } from './rectangles.js';

export interface LossyArea {
  readonly area: Rectangle;
  /** When it last changed, ms of the clock. */
  readonly since: number;
}

/** Areas remembered apart; past that the oldest two become one. */
const MAX_AREAS = 256;

/**
 * Areas of which the viewer has less than the reference picture, and since when they have been at rest. Exact to the
 * pixel while there are few of them.
 */
export class LossyAreas {
  #areas: LossyArea[] = [];

  get empty(): boolean {
    return this.#areas.length === 0;
  }

  /** None of them overlap while there are few. */
  get all(): readonly LossyArea[] {
    return this.#areas;
  }

  /** When the first of them was last sent. */
  get oldest(): number | undefined {
    return this.#areas.reduce<number | undefined>(
      (oldest, { since }) => (oldest === undefined ? since : Math.min(oldest, since)),
      undefined,
    );
  }

  clear(): void {
    this.#areas = [];
  }

  add(area: Rectangle, since: number): void {
    this.remove(area);
    this.#push(area, since);
  }

  /** The viewer has this area as it should be. */
  remove(hole: Rectangle): void {
    this.#cut(hole, undefined);
  }

  /** A changed area was sent; what is left of those that it touches isn't at rest. */
  sent(area: Rectangle, lossy: boolean, now: number): void {
    this.#cut(area, now);
    if (lossy) this.#push(area, now);
  }

  /** A copy was sent: its target is as exact as its source. */
  copied(copy: CopyOperation, now: number): void {
    const from = sourceOf(copy);
    const moved = this.#areas
      .filter(({ area }) => meet(area, from))
      .map(({ area }) => {
        const part = clip(area, from);
        return { ...part, x: part.x + copy.x - copy.fromX, y: part.y + copy.y - copy.fromY };
      });
    this.#cut(copy, now);
    for (const area of moved) this.#push(area, now);
  }

  /** `now` for what is left: as if it had changed. */
  #cut(hole: Rectangle, now: number | undefined): void {
    this.#areas = this.#areas.flatMap((lossy) =>
      meet(lossy.area, hole)
        ? subtract(lossy.area, hole).map((area) => ({ area, since: now ?? lossy.since }))
        : [lossy],
    );
  }

  #push(area: Rectangle, since: number): void {
    this.#areas.push({ area, since });
    if (this.#areas.length <= MAX_AREAS) return;
    const [first, second, ...rest] = this.#areas as [LossyArea, LossyArea, ...LossyArea[]];
    const joined = {
      area: union(first.area, second.area),
      since: Math.max(first.since, second.since),
    };
    this.#areas = [joined, ...rest];
  }
}
