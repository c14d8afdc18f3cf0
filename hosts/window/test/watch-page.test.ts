import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import { encodeFrame } from '../page/link/frames.js';
import { PageConnection } from '../src/page-connection.js';
import { watchPage } from '../src/watch-page.js';

const LIMIT = 3_000;

/** A page that answers or not, in time that the test moves. */
function watched(): {
  advance(milliseconds: number): Promise<void>;
  readonly events: string[];
  page: { answers: boolean; connected: boolean; visible: boolean };
  programEnds(): void;
} {
  const clock = new ManualClock();
  const events: string[] = [];
  const connection = new PageConnection((error) => events.push(error.code));
  let ended = false;
  let attached: ReturnType<PageConnection['attach']> | undefined;
  const state = { answers: true, visible: true };
  const connect = (): void => {
    attached = connection.attach({
      bufferedBytes: 0,
      send: () => {
        if (state.answers) attached?.receive(encodeFrame({ header: { pong: 0 } }));
      },
      close() {},
    });
  };
  connect();
  watchPage({
    connection,
    clock,
    limit: LIMIT,
    ended: () => ended,
    raise: () => events.push(`raised at ${clock.now()}`),
    onGone: (reason) => events.push(`${reason} at ${clock.now()}`),
  });
  return {
    events,
    advance: (milliseconds) => clock.advance(milliseconds),
    page: {
      get answers() {
        return state.answers;
      },
      set answers(value) {
        state.answers = value;
      },
      get connected() {
        return connection.connected;
      },
      set connected(value) {
        if (value) connect();
        else attached?.gone();
      },
      get visible() {
        return connection.visible;
      },
      set visible(value) {
        attached?.receive(encodeFrame({ header: { visible: value } }));
      },
    },
    programEnds() {
      ended = true;
    },
  };
}

test('a page that is there, visible and answers is left alone', async (t) => {
  const { advance, events } = watched();
  await advance(600_000);
  t.deepEqual(events, []);
});

test('a page that stops answering is silent within the limit, once', async (t) => {
  const { advance, events, page } = watched();
  await advance(10_100);
  page.answers = false;
  await advance(LIMIT);
  t.is(events.length, 1);
  t.regex(events[0] ?? '', /^silent at 1[23]\d\d\d$/);
  await advance(60_000);
  t.is(events.length, 1);
});

test('a page that goes away is closed within the limit; one that reloads in time is not', async (t) => {
  const { advance, events, page } = watched();
  page.connected = false;
  await advance(LIMIT / 2);
  page.connected = true;
  await advance(60_000);
  t.deepEqual(events, []);
  page.connected = false;
  await advance(LIMIT);
  t.deepEqual(events.length, 1);
  t.regex(events[0] ?? '', /^closed/);
});

test('a hidden page is raised once, and gone when it stays hidden', async (t) => {
  const { advance, events, page } = watched();
  page.visible = false;
  await advance(LIMIT);
  t.deepEqual(events, ['raised at 500', 'hidden at 3000']);
});

test('a page hidden again right after it was raised is not raised a second time', async (t) => {
  const { advance, events, page } = watched();
  page.visible = false;
  await advance(500);
  page.visible = true;
  await advance(500);
  page.visible = false;
  await advance(LIMIT);
  t.deepEqual(events, ['raised at 500', 'hidden at 4000']);
});

test('a page seen for a while is raised again the next time', async (t) => {
  const { advance, events, page } = watched();
  page.visible = false;
  await advance(500);
  page.visible = true;
  await advance(10_000);
  page.visible = false;
  await advance(500);
  page.visible = true;
  await advance(10_000);
  t.deepEqual(events, ['raised at 500', 'raised at 11000']);
});

test('the end of the program that draws the page is told at the next look', async (t) => {
  const { advance, events, programEnds } = watched();
  programEnds();
  await advance(500);
  t.deepEqual(events, ['browser-ended at 500']);
});
