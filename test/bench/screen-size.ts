/** What a larger display costs: the same session on 1920 x 1080 and on 3840 x 2160, one after the other. */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { startDesktop } from '../fixtures/desktop.js';
import { startLocalSession } from '../fixtures/local-session.js';
import { processTree } from '../fixtures/process-tree.js';
import { startBrowser } from '../fixtures/session-pages.js';
import { pictureEqualsDisplay } from '../fixtures/stage-picture.js';
import { playUntilAllowed } from '../start/people.js';
import { type Figure, machine, table } from './figure.js';
import { createPatch } from './patch.js';
import { installPixelProbe, type PixelProbe } from './pixel-probe.js';
import { oneChange } from './session.js';
import { median, percentile } from './statistics.js';

const SIZES = [
  { width: 1920, height: 1080 },
  { width: 3840, height: 2160 },
] as const;
const CHANGES = 100;
/** With nothing drawn for so long the picture is taken for exact, which is checked at the end, ms. */
const REST = 2000;
/** Between two looks at whether the whole picture is there, ms. */
const LOOK = 200;

const figures: Figure[] = [];
for (const size of SIZES) figures.push(...(await measure(size)));
console.log(`${new Date().toISOString().slice(0, 10)}, ${machine()}\n\n${table(figures)}`);

async function measure(size: (typeof SIZES)[number]): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack();
  const desktop = stack.use(await startDesktop(size.width, size.height));
  const session = stack.use(await startLocalSession({ display: desktop.display }));
  const operator = stack.use(await startBrowser({ viewport: { width: 1440, height: 900 } }));
  const customer = stack.use(await startBrowser({ viewport: { width: 560, height: 900 } }));
  const probe = await installPixelProbe(operator.page);
  const customerProbe = await installPixelProbe(customer.page);
  const { connection } = desktop.scene;
  const patch = createPatch(connection);

  await playUntilAllowed(operator.page, customer.page, session);
  const allowedAt = await customerProbe.lastPress();
  // Comparing so many pixels would hold the page up while it refines, and be in its memory too.
  while ((await probe.wholeSince()) === 0) await pause(LOOK);
  await rests(probe);
  const whole = (await probe.wholeSince()) - allowedAt;
  const exact = (await probe.lastDrawing()) - allowedAt;

  const changes: number[] = [];
  for (let index = 0; index < CHANGES; index += 1) changes.push(await oneChange(probe, patch.fill, index));
  await rests(probe);
  const memory = [
    ['the Livelet', session.livelet.process.pid],
    ['the operator’s console', session.operator.process.pid],
    ['the operator’s page', rendererOf(operator.processId)],
    ['the customer’s page', rendererOf(customer.processId)],
  ] as const;
  const resident = memory.map(([what, id]) => `${what} ${residentMegabytes(id ?? 0)}`);
  await pictureEqualsDisplay(operator.page, connection, size);
  const name = `${size.width}x${size.height}`;
  return [
    { what: `${name}: Allow to first full picture`, measured: `${Math.round(whole)} ms` },
    { what: `${name}: Allow to the last drawing, the exact picture`, measured: `${Math.round(exact)} ms` },
    {
      what: `${name}: 64x64 change to the operator’s canvas`,
      measured: `p50 ${median(changes).toFixed(1)} ms, p95 ${percentile(changes, 0.95).toFixed(1)} ms`,
    },
    { what: `${name}: resident memory, MB`, measured: resident.join(', ') },
  ];
}

async function rests(probe: PixelProbe): Promise<void> {
  for (;;) {
    const still = performance.timeOrigin + performance.now() - (await probe.lastDrawing());
    if (still > REST) return;
    await pause(REST - still + 1);
  }
}

/** The process of a browser's largest page. */
function rendererOf(browser: number): number {
  const [largest = 0] = processTree(browser)
    .map(({ id }) => id)
    .filter((id) => readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('--type=renderer'))
    .sort((a, b) => residentMegabytes(b) - residentMegabytes(a));
  return largest;
}

/** Of one process, its shared pages included. */
function residentMegabytes(id: number): number {
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${id}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}
