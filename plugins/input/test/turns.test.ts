import { mock } from 'node:test';
import { startXvfb } from '@livelet/compliance';
import { type InputMessage, systemClock } from '@livelet/core';
import test from 'ava';
import { Injector } from '../src/injector.js';
import { XConnection } from '../src/x-connection.js';
import { RecordingClient } from './recording-client.js';

const RUNNING = new AbortController().signal;
/** What a key asks of its display. */
const QUESTIONS = ['clients', 'focus', 'keysDown', 'keysyms', 'modifiers', 'pointer', 'tree'] as const;

test.afterEach.always(() => mock.restoreAll());

test.serial(
  'the display stands still for one turn a key: what the one before asked is asked at once',
  async (t) => {
    await using stack = new AsyncDisposableStack();
    const server = stack.use(await startXvfb({ width: 640, height: 480 }));
    const client = stack.use(await RecordingClient.open(server.name));
    // As deep as a program's window lies in a window manager's frame.
    const frame = await client.window(50, 50, 200, 200);
    const inner = await client.window(0, 0, 100, 100, { parent: frame });
    await client.focus(await client.window(0, 0, 50, 50, { parent: inner }));
    const injector = stack.use(
      await Injector.open(server.name, { processIds: () => [] }, systemClock, RUNNING),
    );
    const messages: readonly InputMessage[] = [
      { type: 'text', text: 'b' },
      { type: 'key', code: 'ArrowLeft', down: true },
      { type: 'key', code: 'KeyC', down: true, character: 'c' },
    ];
    // Where the windows lie and which keys there are is known from here on.
    t.is(await injector.inject({ type: 'text', text: 'a' }), undefined);
    const spies = QUESTIONS.map((question) => mock.method(XConnection.prototype, question));
    const asked = (): number => spies.reduce((sum, spy) => sum + spy.mock.callCount(), 0);
    for (const message of messages) {
      const before = asked();
      const injecting = injector.inject(message);
      const atOnce = asked();
      t.true(atOnce > before);
      t.is(await injecting, undefined);
      t.is(asked(), atOnce, JSON.stringify(message));
    }
  },
);
