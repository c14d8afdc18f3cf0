import type { Page } from 'playwright-core';

/** The machine's monotonic clock, the same in all its processes, ms. */
export function clockNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** How a page's clock stands to {@link clockNow}. */
export interface ClockOffset {
  /** What is added to the page's `performance.now()`, ms. */
  readonly offset: number;
  /** How wrong that can be, ms. */
  readonly error: number;
}

const ASKED = 25;

/** Asks the page for its time again and again; the quickest answer tells the most. */
export async function pageClock(page: Page): Promise<ClockOffset> {
  let best: ClockOffset | undefined;
  for (let index = 0; index < ASKED; index += 1) {
    const before = clockNow();
    const there = await page.evaluate(() => performance.now());
    const after = clockNow();
    const error = (after - before) / 2;
    if (!best || error < best.error) best = { offset: (before + after) / 2 - there, error };
  }
  return best as ClockOffset;
}
