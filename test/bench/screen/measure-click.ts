import { setTimeout as pause } from 'node:timers/promises';
import { middle } from '../../start/people.js';
import { median, percentile } from '../statistics.js';
import { quiet, startCost, type WorkFigures } from './measure-work.js';
import type { Painter } from './painter-process.js';
import type { Subject } from './subject.js';
import { BUTTON, SCREEN } from './works.js';

const CLICKS = 20;
/** Between clicks, ms: uneven, so that they meet all phases of what runs at a rate. */
const QUIET = { least: 90, spread: 90 };
/** From one animation frame of the page to the next, ms. */
const FRAME = 17;
/** How long the picture may take to answer, ms. */
const LIMIT = 5000;
/** So many clicks may be without answer. */
const UNANSWERED = 2;

/** Clicks in the viewer's page on a button of the display that changes its colour, and waits until the page shows that. */
export async function measureClick(
  subject: Subject,
  painter: Painter,
  clicks = CLICKS,
): Promise<WorkFigures> {
  const { page, canvas, reader } = subject;
  await painter.ask('open', 'click');
  await quiet(subject);
  const point = middle(BUTTON);
  const box = await page.locator(canvas).boundingBox();
  if (!box) throw new Error('the picture has no size');
  const [x, y] = [
    box.x + ((point.x + 0.5) * box.width) / SCREEN.width,
    box.y + ((point.y + 0.5) * box.height) / SCREEN.height,
  ];
  await page.mouse.move(x, y);
  await pause(300);
  // Away from the pointer, which some draw into the picture.
  const pixel = { x: BUTTON.x + 40, y: BUTTON.y + 40 };
  const lags: number[] = [];
  let unanswered = 0;
  const cost = startCost(subject);
  for (let click = 0; click < clicks; click += 1) {
    await pause(QUIET.least + ((click * 37) % QUIET.spread));
    await reader.start({ canvas, tracks: [], pixel });
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
    // Not in step with the page's animation frames.
    await pause((click * 7) % FRAME);
    await page.mouse.click(x, y);
    const changed = await reader.changed(LIMIT);
    const [pressed] = await reader.presses();
    await reader.stop();
    if (changed !== undefined && pressed !== undefined) lags.push(changed - pressed);
    else unanswered += 1;
    if (unanswered > UNANSWERED) throw new Error(`${unanswered} of ${click + 1} clicks had no answer`);
  }
  const costs = cost();
  await painter.ask('close', 'click');
  if (lags.length < clicks * 0.8)
    throw new Error(`${clicks - lags.length} of ${clicks} clicks had no answer`);
  return { ...costs, lag50: median(lags), lag95: percentile(lags, 0.95) };
}
