import type { CopyOperation, Rectangle } from '@livelet/core';
import { source } from './copies.js';
import { clip, distance, meet, subtract, union } from './rectangles.js';

interface LossyArea {
  readonly area: Rectangle;
  /** When it last changed, ms of the clock. */
  readonly since: number;
}

/** Areas remembered apart; past that the oldest two become one. */
const MAX_AREAS = 256;

/** What the viewer has less exactly than the reference picture, and since when it has been at rest. */
export class LossyAreas {
  #areas: LossyArea[] = [];

  get empty(): boolean {
    return this.#areas.length === 0;
  }

  clear(): void {
    this.#areas = [];
  }

  /** An area was sent; what is left of those that it touches isn't at rest. */
  sent(area: Rectangle, lossy: boolean, now: number): void {
    this.#cut(area, now);
    if (lossy) this.#add(area, now);
  }

  /** A copy was sent: its target is as exact as its source. */
  copied(copy: CopyOperation, now: number): void {
    const from = source(copy);
    const moved = this.#areas
      .filter(({ area }) => meet(area, from))
      .map(({ area }) => {
        const part = clip(area, from);
        return { ...part, x: part.x + copy.x - copy.fromX, y: part.y + copy.y - copy.fromY };
      });
    this.#cut(copy, now);
    for (const area of moved) this.#add(area, now);
  }

  /** Takes the area at rest since `before` that is nearest to a point, if there is one. */
  take(before: number, x: number, y: number): Rectangle | undefined {
    let best = -1;
    let nearest = Number.POSITIVE_INFINITY;
    for (const [index, { area, since }] of this.#areas.entries()) {
      const far = distance(area, x, y);
      if (since > before || far >= nearest) continue;
      best = index;
      nearest = far;
    }
    return best < 0 ? undefined : this.#areas.splice(best, 1)[0]?.area;
  }

  /** When the first of them was last sent. */
  get oldest(): number | undefined {
    return this.#areas.reduce<number | undefined>(
      (oldest, { since }) => (oldest === undefined ? since : Math.min(oldest, since)),
      undefined,
    );
  }

  #cut(hole: Rectangle, now: number): void {
    this.#areas = this.#areas.flatMap((lossy) =>
      meet(lossy.area, hole) ? subtract(lossy.area, hole).map((area) => ({ area, since: now })) : [lossy],
    );
  }

  #add(area: Rectangle, since: number): void {
    this.#areas.push({ area, since });
    if (this.#areas.length <= MAX_AREAS) return;
    const [first, second, ...rest] = this.#areas as [LossyArea, LossyArea, ...LossyArea[]];
    this.#areas = [
      { area: union(first.area, second.area), since: Math.max(first.since, second.since) },
      ...rest,
    ];
  }
}
