import test from 'ava';
import { startDesktop } from '../fixtures/desktop.js';
import { startLocalSession } from '../fixtures/local-session.js';
import { startBrowser } from '../fixtures/session-pages.js';
import { pictureEqualsDisplay } from '../fixtures/stage-picture.js';
import { withDeadline } from '../fixtures/with-deadline.js';
import type { XConnection } from '../fixtures/x-client.js';
import { clickStage, middle, playUntilAllowed } from '../start/people.js';

/** 1 Mb/s and 80 ms there and back. */
const LINE = { bitsPerSecond: 1_000_000, delayMs: 40 } as const;
/** Until the first picture is there. */
const FAST = 100_000_000;
/**
 * What the line carries in a round trip and 250 ms, bytes. Its own queue takes 64 KiB before anything waits in front of
 * it, in a socket or in the relay: as long as less is in it, this is all that is on the way.
 */
const MOST = (LINE.bitsPerSecond / 8) * 0.33;
/** Where noise is drawn: its side, px, and how often, ms. As lossless images it would be five times what the line carries. */
const NOISE = { x: 1000, y: 100, side: 128, period: 60 } as const;
/** In which a click is answered for sure, ms. */
const ANSWER = 10_000;
const CLICKS = 80;
const Z_PIXMAP = 2;

/** Draws pictures that differ everywhere, until disposed. */
function noise({ client, screen }: XConnection): Disposable {
  const context = client.AllocID();
  client.CreateGC(context, screen.root, {});
  const pixels = new Uint32Array(NOISE.side * NOISE.side);
  let word = 1;
  const timer = setInterval(() => {
    for (const at of pixels.keys()) {
      word = Math.imul(word, 1_664_525) + 1_013_904_223;
      pixels[at] = word >>> 8;
    }
    const { x, y, side } = NOISE;
    client.PutImage(Z_PIXMAP, screen.root, context, side, side, x, y, 0, 24, Buffer.from(pixels.buffer));
  }, NOISE.period);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

test('while much changes little is on a slow line, clicks get through, and the picture ends exact', async (t) => {
  await using desktop = await startDesktop();
  const options = { display: desktop.display, line: { ...LINE, bitsPerSecond: FAST } };
  await using session = await startLocalSession(options);
  const line = session.line as NonNullable<typeof session.line>;
  await using operator = await startBrowser({ viewport: { width: 1920, height: 1200 } });
  await using customer = await startBrowser();
  const { scene } = desktop;
  await playUntilAllowed(operator.page, customer.page, session);
  await pictureEqualsDisplay(operator.page, scene.connection, desktop);

  line.bitsPerSecond = LINE.bitsPerSecond;
  const click = async (): Promise<number> => {
    let most = 0;
    const before = scene.colour;
    await clickStage(operator.page, desktop, middle(scene.button));
    while (scene.colour === before) {
      await scene.connection.sync();
      most = Math.max(most, line.inward);
    }
    return most;
  };
  const held: number[] = [];
  {
    using _noise = noise(scene.connection);
    for (let count = 0; count < CLICKS; count++) held.push(await withDeadline(click(), ANSWER, 'a click'));
  }
  // The first half is for learning that the line has become a hundred times slower.
  const most = Math.max(...held.slice(CLICKS / 2));
  t.true(most > 0);
  t.true(most < MOST, `${most} bytes on the way`);
  await pictureEqualsDisplay(operator.page, scene.connection, desktop);
});
