import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startXvfb } from '@livelet/compliance';
import test from 'ava';
import type { Page } from 'playwright-core';
import { readMark } from '../bench/screen/mark.js';
import { type Painter, startPainter } from '../bench/screen/painter-process.js';
import { makePictures, type Pictures, pixelsOf, VIDEO_FRAMES } from '../bench/screen/pictures.js';
import { SCREEN, VIDEO } from '../bench/screen/works.js';
import { psnr } from '../bench/statistics.js';
import { type LocalSession, startLocalSession } from '../fixtures/local-session.js';
import { startBrowser } from '../fixtures/session-pages.js';
import { pictureEqualsDisplay, stagePixels } from '../fixtures/stage-picture.js';
import { withDeadline } from '../fixtures/with-deadline.js';
import { connectX, type XConnection } from '../fixtures/x-client.js';
import { playUntilAllowed } from '../start/people.js';

/** Frames; half a minute at 30 Hz, which nobody waits for: the painter is told to stop. */
const LONG = 900;
/** Whatever the two programs do shows within this, ms. */
const REACTION = 60_000;
const MARK_WIDTH = 128;
const MARK_HEIGHT = 8;

/**
 * Counts in a page, before it loads, the frames that are encoded and those of a video that are drawn: what the page
 * decodes to measure itself, which may take long on a busy machine, is never drawn.
 */
const COUNT = `
globalThis.counted = { drawn: 0, encoded: 0, watchers: new Set() };
const count = (type, method, name, counts) => {
  const original = type.prototype[method];
  type.prototype[method] = function (...values) {
    original.apply(this, values);
    if (!counts(values)) return;
    counted[name]++;
    for (const watcher of counted.watchers) watcher();
  };
};
count(CanvasRenderingContext2D, 'drawImage', 'drawn', ([image]) => image instanceof VideoFrame);
count(VideoEncoder, 'encode', 'encoded', () => true);
globalThis.reaches = (name, number) => new Promise((resolve) => {
  const look = () => {
    if (counted[name] < number) return;
    counted.watchers.delete(look);
    resolve();
  };
  counted.watchers.add(look);
  look();
});
`;

/** A page with this cookie can decode nothing, from its loading on. */
const COOKIE = 'blind';
const BLIND = `if (document.cookie.includes('${COOKIE}=')) delete globalThis.VideoDecoder;`;

interface Stage extends AsyncDisposable {
  readonly session: LocalSession;
  readonly display: XConnection;
  readonly operator: Page;
  readonly customer: Page;
  readonly painter: Painter;
  readonly pictures: Pictures;
}

/** A display with a video on it that stands still, and two people with a browser each. */
async function start(): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startXvfb(SCREEN));
  const session = stack.use(
    await startLocalSession({ display: server.name, liveletOptions: ['--arm-seconds', '1'] }),
  );
  const operator = stack.use(await startBrowser({ viewport: { width: 1440, height: 900 } }));
  const customer = stack.use(await startBrowser({ viewport: { width: 560, height: 900 } }));
  await operator.page.addInitScript({ content: COUNT + BLIND });
  await customer.page.addInitScript({ content: COUNT });
  const folder = await mkdtemp(join(tmpdir(), 'livelet-video-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const pictures = await makePictures(folder);
  const painter = stack.use(startPainter());
  const display = stack.use(await connectX(server.name));
  await painter.ask('start', { display: server.name, pictures });
  await painter.ask('open', 'video');
  const owned = stack.move();
  return {
    ...{ session, display, operator: operator.page, customer: customer.page, painter, pictures },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

let stage: Stage;
test.before(async () => {
  stage = await start();
});
test.after.always(() => stage?.[Symbol.asyncDispose]());

/** The operator's page loads again, as it is when nothing is wrong with it. */
async function reload({ operator, display }: Stage): Promise<void> {
  await operator.context().clearCookies({ name: COOKIE });
  await operator.reload();
  await pictureEqualsDisplay(operator, display, SCREEN);
}

type Counted = 'drawn' | 'encoded';

/** Of a page's calls so far. */
function counted(page: Page, name: Counted): Promise<number> {
  return page.evaluate(`counted.${name}`);
}

/** Resolves once the page has done something so often. */
async function reaches(page: Page, name: Counted, number: number): Promise<void> {
  await withDeadline(page.evaluate(`reaches('${name}', ${number})`), REACTION, `${name} ${number}`);
}

function draw(painter: Painter, count: number): Promise<unknown> {
  return painter.ask('draw', { scene: 'video', count, period: 33 });
}

/** How alike the viewer's video is to the frame whose number it carries, dB; the numbers' own places left out. */
async function likeness({ operator, pictures }: Stage): Promise<number> {
  const rgba = await stagePixels(operator);
  const rows = (x: number, y: number, width: number, height: number): Buffer =>
    Buffer.concat(
      Array.from({ length: height }, (_, row) => {
        const from = ((y + row) * SCREEN.width + x) * 4;
        return rgba.subarray(from, from + width * 4);
      }),
    );
  const number = readMark(rows(VIDEO.x, VIDEO.y, MARK_WIDTH, MARK_HEIGHT));
  if (number === undefined) throw new Error('no number in the picture');
  const top = (number % VIDEO_FRAMES) * VIDEO.height;
  const [inner, height] = [2 * MARK_HEIGHT, VIDEO.height - 4 * MARK_HEIGHT];
  const expected = await pixelsOf(pictures.video, top + inner, height);
  for (let at = 0; at < expected.length; at += 4) {
    [expected[at], expected[at + 2]] = [expected[at + 2] ?? 0, expected[at] ?? 0];
  }
  return psnr(rows(VIDEO.x, VIDEO.y + inner, VIDEO.width, height), expected);
}

test.serial('a viewer that can decode nothing gets tiles', async (t) => {
  const { operator, customer, painter, display, session } = stage;
  await operator
    .context()
    .addCookies([{ name: COOKIE, value: '1', url: new URL(session.operatorPage).origin }]);
  await playUntilAllowed(operator, customer, session);
  t.is(await operator.evaluate('typeof VideoDecoder'), 'undefined');
  await pictureEqualsDisplay(operator, display, SCREEN);
  await draw(painter, 30);
  await pictureEqualsDisplay(operator, display, SCREEN);
  t.is(await counted(customer, 'encoded'), 0);
});

test.serial('what keeps changing goes as video, and is exact when it stops', async (t) => {
  const { operator, painter, display } = stage;
  await reload(stage);
  const playing = draw(painter, LONG);
  await reaches(operator, 'drawn', 20);
  const seen = await likeness(stage);
  t.true(seen > 28, `${seen} dB`);
  await painter.ask('stop');
  await playing;
  await pictureEqualsDisplay(operator, display, SCREEN);
});

test.serial('a viewer whose decoder fails after all is told once, and goes on with tiles', async (t) => {
  const { operator, customer, painter, display } = stage;
  await operator.evaluate(`
    globalThis.tried = 0;
    VideoDecoder.prototype.decode = () => {
      globalThis.tried++;
      throw new TypeError('a decoder that only seemed to know it');
    }
  `);
  await draw(painter, 60);
  await pictureEqualsDisplay(operator, display, SCREEN);
  const tried = await operator.evaluate<number>('tried');
  t.true(tried > 0);
  const encoded = await counted(customer, 'encoded');
  await draw(painter, 30);
  await pictureEqualsDisplay(operator, display, SCREEN);
  t.is(await operator.evaluate('tried'), tried);
  t.is(await counted(customer, 'encoded'), encoded);
});

test.serial(
  'the customer’s page can’t encode any more in the middle of a video: it goes on as tiles',
  async (t) => {
    const { operator, customer, painter, display } = stage;
    await reload(stage);
    const playing = draw(painter, LONG);
    await reaches(operator, 'drawn', 3);
    await customer.evaluate("VideoEncoder.prototype.encode = () => { throw new TypeError('gone') }");
    await painter.ask('stop');
    await playing;
    await pictureEqualsDisplay(operator, display, SCREEN);
    const drawn = await counted(operator, 'drawn');
    await draw(painter, 60);
    await pictureEqualsDisplay(operator, display, SCREEN);
    t.is(await counted(operator, 'drawn'), drawn);
  },
);
