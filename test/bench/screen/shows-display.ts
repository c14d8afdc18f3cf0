import { setTimeout as pause } from 'node:timers/promises';
import { displayPixels, stagePixels } from '../../fixtures/stage-picture.js';
import type { XConnection } from '../../fixtures/x-client.js';
import { psnr } from '../statistics.js';
import type { Subject } from './subject.js';
import { SCREEN } from './works.js';

/** From here on a picture is the display's, if perhaps a rough one, dB: other pictures are below 15. */
const LIKE = 25;
/** How long the first picture may take, ms. */
const LIMIT = 20_000;
/** Between looks, ms. */
const AGAIN = 500;

/** How alike a subject's picture is to its display, now: PSNR, dB. */
export async function likenessOf({ page, canvas }: Subject, display: XConnection): Promise<number> {
  const [seen, shown] = await Promise.all([
    stagePixels(page, canvas),
    displayPixels(display, SCREEN.width, SCREEN.height),
  ]);
  return seen.length === shown.length ? psnr(seen, shown) : 0;
}

/**
 * Resolves when a subject's page shows its display, at 1:1.
 * @throws when it doesn't within 20 s, or at another scale
 */
export async function showsDisplay(subject: Subject, display: XConnection): Promise<void> {
  const until = performance.now() + LIMIT;
  for (;;) {
    const likeness = await likenessOf(subject, display);
    if (likeness >= LIKE) break;
    if (performance.now() > until) throw new Error(`the page doesn't show the display: ${likeness} dB`);
    await pause(AGAIN);
  }
  const box = await subject.page.locator(subject.canvas).boundingBox();
  if (box?.width !== SCREEN.width) throw new Error(`the picture is shown ${box?.width} px wide`);
}
