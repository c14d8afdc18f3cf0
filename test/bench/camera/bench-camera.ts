/** The customer's camera at the operator's: how much of it comes and how late, and what it costs clicks and the processor. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Figure, machine, table } from '../figure.js';
import { measureClick } from '../screen/measure-click.js';
import { startPainter } from '../screen/painter-process.js';
import { makePictures } from '../screen/pictures.js';
import { startProduct } from '../screen/product-subject.js';
import { writeMovingFilm } from './moving-film.js';
import { comparedFilms, type WatchedFilm, watchFilm } from './watched-film.js';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '12' } } });
const SECONDS = Number(values.seconds);
/** One way, ms: 80 ms there and back. */
const DELAY = 40;
const FAST = 1e9;
const LINES = [
  { name: 'no bound', bitsPerSecond: FAST },
  { name: '1 Mb/s', bitsPerSecond: 1e6 },
  { name: '256 kb/s', bitsPerSecond: 256e3 },
] as const;
const CLICKS = 8;
/** How long the rate has to find a line that has changed, ms. */
const SETTLING = 5_000;
/** Clicks beside a camera take at most so many times as long as without. */
const MOST = 2;

await using stack = new AsyncDisposableStack();
const folder = await mkdtemp(join(tmpdir(), 'livelet-bench-camera-'));
stack.defer(() => rm(folder, { recursive: true, force: true }));
const film = join(folder, 'film.y4m');
await writeMovingFilm(film);
let encoded: WatchedFilm | undefined;
let drawn: WatchedFilm | undefined;
const product = stack.use(
  await startProduct(
    { bitsPerSecond: FAST, delayMs: DELAY },
    {
      customerFlags: [
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-video-capture=${film}`,
      ],
      prepare: async (operator, customer) => {
        encoded = await watchFilm(customer);
        drawn = await watchFilm(operator);
      },
    },
  ),
);
const { line, panel } = product;
if (!line || !encoded || !drawn) throw new Error('nothing to measure');
const painter = stack.use(startPainter());
await painter.ask('start', { display: product.display, pictures: await makePictures(folder) });

const figures: Figure[] = [];
for (const { name, bitsPerSecond } of LINES) {
  line.bitsPerSecond = bitsPerSecond;
  await pause(1_000);
  const idle = await share();
  const without = await measureClick(product, painter, CLICKS);
  await allow(true);
  await pause(SETTLING);
  await encoded.begin();
  await drawn.begin();
  const busy = await share();
  const seen = comparedFilms(await encoded.seen(), await drawn.seen(), SECONDS);
  const beside = await measureClick(product, painter, CLICKS);
  const ms = (value: number | undefined): string => (value === undefined ? 'none' : `${value.toFixed(0)} ms`);
  figures.push(
    {
      what: `${name}: the camera`,
      measured: `${seen.rate.toFixed(1)} frames/s, ${((8 * busy.bytes) / 1000).toFixed(0)} kb/s, ${ms(seen.lag50)} late (95 %: ${ms(seen.lag95)})`,
    },
    {
      what: `${name}: the processor, beside a session without`,
      measured: `customer ${(busy.source - idle.source).toFixed(2)}, operator ${(busy.viewer - idle.viewer).toFixed(2)} cores`,
    },
    {
      what: `${name}: a click, beside the camera`,
      measured: `${ms(beside.lag50)} (95 %: ${ms(beside.lag95)}); without ${ms(without.lag50)} (${ms(without.lag95)})`,
      aim: `<= ${MOST} times`,
      reached: (beside.lag50 ?? Number.POSITIVE_INFINITY) <= MOST * (without.lag50 ?? 0),
    },
  );
  console.error(
    figures
      .slice(-3)
      .map(({ measured }) => measured)
      .join('\n'),
  );
  line.bitsPerSecond = FAST;
  await allow(false);
}
console.log(`${new Date().toISOString().slice(0, 10)}, ${machine()}\n\n${table(figures)}`);

async function allow(isAllowed: boolean): Promise<void> {
  const given = panel.locator('#switch-camera');
  if (!(await given.isVisible())) await panel.locator('.switches summary').click();
  await given.setChecked(isAllowed);
  await panel
    .locator('main')
    .getByText('Your camera is on: your helper sees you.')
    .waitFor({ state: isAllowed ? 'visible' : 'detached' });
}

/** Of the wire, bytes a second; of both sides, cores. */
async function share(): Promise<{ bytes: number; source: number; viewer: number }> {
  const [before, bytes, at] = [product.cpu(), product.wireBytes(), performance.now()];
  await pause(SECONDS * 1000);
  const seconds = (performance.now() - at) / 1000;
  const after = product.cpu();
  return {
    bytes: (product.wireBytes() - bytes) / seconds,
    source: (after.source - before.source) / seconds,
    viewer: (after.viewer - before.viewer) / seconds,
  };
}
