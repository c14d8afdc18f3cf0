import { setTimeout as pause } from 'node:timers/promises';
import { startDesktop } from '../fixtures/desktop.js';
import { startLocalSession } from '../fixtures/local-session.js';
import { cpuSeconds } from '../fixtures/process-tree.js';
import { startBrowser } from '../fixtures/session-pages.js';
import { displayPixels, pictureEqualsDisplay, stagePixels } from '../fixtures/stage-picture.js';
import { clickStage, middle, playUntilAllowed } from '../start/people.js';
import type { Figure } from './figure.js';
import { createPatch, PATCH_AREA, PATCH_SIZE } from './patch.js';
import { installPixelProbe, type PixelProbe } from './pixel-probe.js';
import { median, percentile, psnr } from './statistics.js';

const CHANGES = 200;
const CLICKS = 60;
/** How long the idle desktop is watched, s. */
const IDLE_SECONDS = 60;
/** Between two measured changes: long enough that each one meets a quiet desktop, uneven so that it meets every phase, ms. */
const QUIET = { least: 60, spread: 90 };

/** One session through the relay with real pages, everything on this machine. */
export async function measureSession(tell: (line: string) => void): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack();
  const desktop = stack.use(await startDesktop());
  const session = stack.use(await startLocalSession({ display: desktop.display, countBytes: true }));
  const operator = stack.use(await startBrowser({ viewport: { width: 1920, height: 1200 } }));
  const customer = stack.use(await startBrowser({ viewport: { width: 560, height: 900 } }));
  const probe = await installPixelProbe(operator.page);
  const customerProbe = await installPixelProbe(customer.page);
  const { connection, button } = desktop.scene;
  const patch = createPatch(connection);
  const figures: Figure[] = [];

  tell('From Allow to the first whole picture');
  await playUntilAllowed(operator.page, customer.page, session);
  const allowedAt = await customerProbe.lastPress();
  await pictureEqualsDisplay(operator.page, connection, desktop);
  const whole = (await probe.wholeSince()) - allowedAt;
  const exact = (await probe.lastDrawing()) - allowedAt;
  figures.push({
    what: 'Allow to first full picture, 1920x1080 (and to the exact one)',
    measured: `${Math.round(whole)} ms (${Math.round(exact)} ms)`,
    aim: '<= 1,000 ms',
    reached: whole <= 1000,
  });

  tell(`${CHANGES} small changes`);
  const changes: number[] = [];
  for (let index = 0; index < CHANGES; index += 1) changes.push(await oneChange(probe, patch.fill, index));
  figures.push(lagFigure('64x64 change on the display to the operator’s canvas', changes, 12, 30));

  tell(`${CLICKS} clicks`);
  const clicks: number[] = [];
  for (let index = 0; index < CLICKS; index += 1) {
    await pause(QUIET.least + Math.random() * QUIET.spread);
    const point = middle(button);
    const seen = probe.changes(point.x, point.y);
    await clickStage(operator.page, desktop, point);
    clicks.push((await seen) - (await probe.lastPress()));
  }
  figures.push(lagFigure('click in the operator’s page to changed pixels in it', clicks, 25));

  await pictureEqualsDisplay(operator.page, connection, desktop);
  const [seen, shown] = [
    await stagePixels(operator.page),
    await displayPixels(connection, desktop.width, desktop.height),
  ];
  const likeness = psnr(seen, shown);
  figures.push({
    what: 'picture at rest against the display, PSNR',
    measured: likeness === Number.POSITIVE_INFINITY ? 'infinite (equal)' : `${likeness.toFixed(1)} dB`,
    aim: 'infinite',
    reached: likeness === Number.POSITIVE_INFINITY,
  });

  tell(`${IDLE_SECONDS} s of idle desktop`);
  await pause(2000);
  const used = (): number => cpuSeconds(session.livelet.process.pid ?? 0) + cpuSeconds(customer.processId);
  const before = { cpu: used(), bytes: session.proxy?.bytes() ?? 0 };
  await pause(IDLE_SECONDS * 1000);
  const cpu = (used() - before.cpu) / IDLE_SECONDS;
  const bytes = ((session.proxy?.bytes() ?? 0) - before.bytes) / IDLE_SECONDS;
  figures.push(
    {
      what: 'idle desktop: Livelet’s processes with its page',
      measured: `${(cpu * 100).toFixed(2)} % of a core`,
      aim: '< 2 %',
      reached: cpu < 0.02,
    },
    {
      what: 'idle desktop: wire between operator and relay, both directions, keep-alive included',
      measured: `${bytes.toFixed(0)} B/s`,
      aim: '< 100 B/s',
      reached: bytes < 100,
    },
  );
  return figures;
}

/** Changes a square of the display; gives how long after that the operator's canvas has it, ms. */
export async function oneChange(
  probe: PixelProbe,
  fill: (x: number, y: number, colour: number) => number,
  index: number,
): Promise<number> {
  await pause(QUIET.least + Math.random() * QUIET.spread);
  const x = PATCH_AREA.x + Math.floor(Math.random() * (PATCH_AREA.width - PATCH_SIZE));
  const y = PATCH_AREA.y + Math.floor(Math.random() * (PATCH_AREA.height - PATCH_SIZE));
  // No two changes have one colour, so that an old one can't be taken for the new.
  const colour = 0x200000 + index * 0x010307;
  const seen = await probe.watch(x + PATCH_SIZE / 2, y + PATCH_SIZE / 2, colour);
  const drawnAt = fill(x, y, colour);
  return (await seen()) - drawnAt;
}

function lagFigure(what: string, times: readonly number[], aim: number, aim95?: number): Figure {
  const [p50, p95] = [median(times), percentile(times, 0.95)];
  return {
    what,
    measured: `p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`,
    aim: `p50 <= ${aim} ms${aim95 === undefined ? '' : `, p95 <= ${aim95} ms`}`,
    reached: p50 <= aim && (aim95 === undefined || p95 <= aim95),
  };
}
