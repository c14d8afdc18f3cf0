import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import { encodeFrame } from '../page/link/frames.js';
import { PageConnection } from '../src/page-connection.js';
import { watchPage } from '../src/watch-page.js';

const LIMIT = 3_000;

/** A page that does what a test says, in time that the test moves. */
class WatchedPage {
  readonly clock = new ManualClock();
  readonly events: string[] = [];
  readonly connection = new PageConnection((error) => this.events.push(error.code));
  answers = true;
  programEnded = false;
  #attached: ReturnType<PageConnection['attach']> | undefined;

  constructor() {
    this.come();
    watchPage({
      connection: this.connection,
      clock: this.clock,
      limit: LIMIT,
      ended: () => this.programEnded,
      raise: () => this.events.push(`raised at ${this.clock.now()}`),
      onGone: (reason) => this.events.push(`${reason} at ${this.clock.now()}`),
    });
  }

  advance(milliseconds: number): Promise<void> {
    return this.clock.advance(milliseconds);
  }

  come(): void {
    const attached = this.connection.attach({
      bufferedBytes: 0,
      send: () => {
        if (this.answers) attached.receive(encodeFrame({ header: { pong: 0 } }));
      },
      close() {},
    });
    this.#attached = attached;
  }

  go(): void {
    this.#attached?.gone();
  }

  show(shown: boolean, panel = false): void {
    this.#attached?.receive(encodeFrame({ header: { seen: { shown, panel } } }));
  }
}

test('a page that is there, visible and answers is left alone', async (t) => {
  const page = new WatchedPage();
  await page.advance(600_000);
  t.deepEqual(page.events, []);
});

test('a page that stops answering is silent within the limit, once', async (t) => {
  const page = new WatchedPage();
  await page.advance(10_100);
  page.answers = false;
  await page.advance(LIMIT);
  t.is(page.events.length, 1);
  t.regex(page.events[0] ?? '', /^silent at 1[23]\d\d\d$/);
  await page.advance(60_000);
  t.is(page.events.length, 1);
});

test('a page that goes away is closed within the limit; one that reloads in time is not', async (t) => {
  const page = new WatchedPage();
  page.go();
  await page.advance(LIMIT / 2);
  page.come();
  await page.advance(60_000);
  t.deepEqual(page.events, []);
  page.go();
  await page.advance(LIMIT);
  t.deepEqual(page.events.length, 1);
  t.regex(page.events[0] ?? '', /^closed/);
});

test('a hidden page is raised once, and gone when it stays hidden', async (t) => {
  const page = new WatchedPage();
  page.show(false);
  await page.advance(LIMIT);
  t.deepEqual(page.events, ['raised at 500', 'hidden at 3000']);
});

test('a page hidden again right after it was raised is not raised a second time', async (t) => {
  const page = new WatchedPage();
  page.show(false);
  await page.advance(500);
  page.show(true);
  await page.advance(500);
  page.show(false);
  await page.advance(LIMIT);
  t.deepEqual(page.events, ['raised at 500', 'hidden at 4000']);
});

test('a page seen for a while is raised again the next time', async (t) => {
  const page = new WatchedPage();
  page.show(false);
  await page.advance(500);
  page.show(true);
  await page.advance(10_000);
  page.show(false);
  await page.advance(500);
  page.show(true);
  await page.advance(10_000);
  t.deepEqual(page.events, ['raised at 500', 'raised at 11000']);
});

test('the end of the program that draws the page is told at the next look', async (t) => {
  const page = new WatchedPage();
  page.programEnded = true;
  await page.advance(500);
  t.deepEqual(page.events, ['browser-ended at 500']);
});

test('a minimised window is hidden whatever its page believes, unless its panel is shown', async (t) => {
  const page = new WatchedPage();
  page.connection.windowVisible = false;
  page.show(true, true);
  await page.advance(60_000);
  t.deepEqual(page.events, []);
  page.show(true, false);
  await page.advance(LIMIT);
  t.deepEqual(page.events, ['raised at 60500', 'hidden at 63000']);
});
