import type { Clock, SourceMessage } from '@livelet/core';

/** What each message costs the page at most, ms, measured in Chromium: a cursor is drawn. */
const COSTS: Readonly<Record<SourceMessage['type'], number>> = {
  // 4 ms for one of 16 MP, and more on a slow computer. No source begins more than ten in a second.
  geometry: 20,
  displays: 1,
  'cursor-shape': 1,
  'cursor-position': 0.02,
  // What its operations cost is bounded by acknowledgements.
  frame: 0.02,
};
/** Share of the page's time that messages may take, and so many ms of it at once. */
const SHARE = 0.5;
const MOST = 2_000;

/** How much a source may give the page to do: what costs it few bytes may cost the page much. */
export class PageAllowance {
  readonly #clock: Clock;
  #left = MOST;
  #at: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#at = clock.now();
  }

  /** Whether the page can be given this too. */
  takes({ type }: SourceMessage): boolean {
    const now = this.#clock.now();
    this.#left = Math.min(MOST, this.#left + (now - this.#at) * SHARE) - COSTS[type];
    this.#at = now;
    return this.#left >= 0;
  }
}
