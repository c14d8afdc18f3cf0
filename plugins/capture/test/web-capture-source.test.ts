import { testCaptureSource } from '@livelet/compliance';
import { type DisplayListener, LiveletError } from '@livelet/core';
import test from 'ava';
import { openWebDesk, WebBrowser } from './web-browser.js';

const desk = await openWebDesk();
test.after.always(() => desk[Symbol.asyncDispose]());

const QUIET: DisplayListener = {
  damaged: () => undefined,
  cursorShape: () => undefined,
  cursorMoved: () => undefined,
  changed: () => undefined,
  lost: () => undefined,
};

testCaptureSource(
  (title, body) => test.serial(`${title} (web)`, body),
  async () => {
    const browser = await (await WebBrowser.open(desk)).connect();
    return {
      source: browser.source,
      greys: true,
      fill: (colour, { x, y, width, height }) => browser.painter.fill(colour, x, y, width, height),
      [Symbol.asyncDispose]: () => browser[Symbol.asyncDispose](),
    };
  },
);

test.serial(
  'the browser captures while somebody may see it, and its tracks end with the source',
  async (t) => {
    await using browser = await (await WebBrowser.open(desk)).connect();
    const [display] = await browser.source.displays();
    t.like(display, { x: 0, y: 0, width: 800, height: 600 });
    t.deepEqual(await browser.tracks(), ['live']);
    await browser.source[Symbol.asyncDispose]();
    await browser.page.waitForFunction('streams[0].getTracks()[0].readyState === "ended"');
    await browser.state('idle');
    t.deepEqual(browser.states, ['idle', 'asking', 'choosing', 'sharing', 'idle']);
    t.deepEqual(browser.shared, [false, false, false, true, false]);
  },
);

test.serial('a person who ends it in the browser is told apart from a display that is gone', async (t) => {
  await using browser = await (await WebBrowser.open(desk)).connect();
  const [display] = await browser.source.displays();
  const { promise: changed, resolve } = Promise.withResolvers<void>();
  await using _open = await browser.source.open(display?.id ?? 0, { ...QUIET, changed: resolve });
  // The track ends as by the browser's own “Stop sharing”.
  await browser.page.evaluate('streams[0].getTracks()[0].stop()');
  await changed;
  t.is(await codeOf(browser.source.displays()), 'display-not-shared');
  await browser.state('refused');
  t.deepEqual(await browser.tracks(), ['ended']);
  await browser.source[Symbol.asyncDispose]();
  t.is(browser.states.at(-1), 'refused');
  t.deepEqual(browser.shared.slice(-2), [true, false]);
});

test.serial('a person who refuses is a typed error, and is asked again the next time', async (t) => {
  await using browser = await (await WebBrowser.open(desk, { accept: false })).connect();
  t.is(await codeOf(browser.source.displays()), 'display-not-shared');
  t.deepEqual(browser.states, ['idle', 'asking', 'choosing', 'refused']);
  await browser.source[Symbol.asyncDispose]();
  t.is(await codeOf(browser.source.displays()), 'display-not-shared');
  t.deepEqual(browser.states.slice(4), ['asking', 'choosing', 'refused']);
  t.deepEqual(await browser.tracks(), []);
});

test.serial('nobody waits for an answer that nobody needs any more', async (t) => {
  await using browser = await (await WebBrowser.open(desk, { press: false })).connect();
  const displays = codeOf(browser.source.displays());
  await browser.state('asking');
  await browser.source[Symbol.asyncDispose]();
  t.is(await displays, 'display-lost');
  await browser.state('idle');
});

test.serial('a page that goes away takes the capture with it', async (t) => {
  await using browser = await (await WebBrowser.open(desk)).connect();
  const [display] = await browser.source.displays();
  const { promise: changed, resolve } = Promise.withResolvers<void>();
  await using _open = await browser.source.open(display?.id ?? 0, { ...QUIET, changed: resolve });
  browser.closePort();
  await changed;
  t.is(await codeOf(browser.source.displays()), 'display-not-shared');
});

async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  return promise.then(
    () => undefined,
    (error: unknown) => (error instanceof LiveletError ? error.code : String(error)),
  );
}
