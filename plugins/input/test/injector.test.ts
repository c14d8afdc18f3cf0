import { startXvfb } from '@livelet/compliance';
import { KEY_CODES, type OwnWindows, systemClock } from '@livelet/core';
import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import { Injector } from '../src/injector.js';
import { Keymap } from '../src/keymap.js';
import { characterOf } from '../src/keysyms.js';
import { XConnection } from '../src/x-connection.js';
import { X11_KEYCODES } from '../src/x11-keycodes.js';
import { RecordingClient } from './recording-client.js';

const NOTHING_OWN: OwnWindows = { processIds: () => [] };

const RUNNING = new AbortController().signal;

interface Desk extends AsyncDisposable {
  readonly display: string;
  readonly injector: Injector;
  readonly client: RecordingClient;
  readonly window: number;
}

async function desk(width = 640, height = 480): Promise<Desk> {
  const stack = new AsyncDisposableStack();
  const server = stack.use(await startXvfb({ width, height }));
  const client = stack.use(await RecordingClient.open(server.name));
  const window = await client.window(0, 0, width, height);
  await client.focus(window);
  await client.sync();
  const injector = stack.use(await Injector.open(server.name, NOTHING_OWN, systemClock, RUNNING));
  client.clear();
  return {
    display: server.name,
    injector,
    client,
    window,
    [Symbol.asyncDispose]: async () => await stack.disposeAsync(),
  };
}

/** All that was injected has been done, and its events have arrived. */
async function settle(at: Desk): Promise<void> {
  await at.injector.settled();
  await at.client.sync();
}

test.serial('the pointer goes exactly to each corner', async (t) => {
  await using at = await desk();
  for (const [x, y] of [
    [0, 0],
    [639, 0],
    [639, 479],
    [0, 479],
    [320, 240],
  ] as const) {
    t.is(await at.injector.inject({ type: 'move', x, y }), undefined);
    await at.client.event((event) => event.name === 'MotionNotify' && event.rootx === x && event.rooty === y);
  }
});

test.serial('places outside the screen are refused and nothing moves', async (t) => {
  await using at = await desk();
  await at.injector.inject({ type: 'move', x: 10, y: 10 });
  await settle(at);
  at.client.clear();
  for (const [x, y] of [
    [640, 0],
    [0, 480],
    [65_535, 65_535],
    [32_768, 5],
  ] as const) {
    t.is(await at.injector.inject({ type: 'move', x, y }), 'input-outside-screen');
    t.is(
      await at.injector.inject({ type: 'button', button: 'left', down: true, x, y }),
      'input-outside-screen',
    );
    t.is(await at.injector.inject({ type: 'wheel', dx: 0, dy: 1, x, y }), 'input-outside-screen');
  }
  await settle(at);
  t.deepEqual(at.client.events, []);
});

test.serial('buttons, a drag and the wheel both ways', async (t) => {
  await using at = await desk();
  for (const button of ['left', 'middle', 'right', 'back', 'forward'] as const) {
    await at.injector.inject({ type: 'button', button, down: true, x: 5, y: 6 });
    await at.injector.inject({ type: 'button', button, down: false, x: 5, y: 6 });
  }
  await settle(at);
  t.deepEqual(
    at.client.names(),
    [1, 2, 3, 8, 9].flatMap((number) => [`ButtonPress ${number}`, `ButtonRelease ${number}`]),
  );

  await settle(at);
  at.client.clear();
  await at.injector.inject({ type: 'button', button: 'left', down: true, x: 100, y: 100 });
  await at.injector.inject({ type: 'move', x: 120, y: 130 });
  await at.injector.inject({ type: 'button', button: 'left', down: false, x: 140, y: 160 });
  await settle(at);
  const drag = at.client.events.filter(({ name }) => /Button|Motion/.test(name));
  t.deepEqual(
    drag.map(({ name, x, y }) => `${name} ${x},${y}`),
    [
      'MotionNotify 100,100',
      'ButtonPress 100,100',
      'MotionNotify 120,130',
      'MotionNotify 140,160',
      'ButtonRelease 140,160',
    ],
  );

  await settle(at);
  at.client.clear();
  await at.injector.inject({ type: 'wheel', dx: -1, dy: 2, x: 140, y: 160 });
  await at.injector.inject({ type: 'wheel', dx: 1, dy: -1, x: 140, y: 160 });
  await settle(at);
  t.deepEqual(
    at.client.names(),
    [6, 5, 5, 7, 4].flatMap((number) => [`ButtonPress ${number}`, `ButtonRelease ${number}`]),
  );
});

test.serial('every key of the table arrives by its place', async (t) => {
  await using at = await desk();
  for (const code of KEY_CODES) {
    await settle(at);
    at.client.clear();
    t.is(await at.injector.inject({ type: 'key', code, down: true }), undefined);
    await at.injector.inject({ type: 'key', code, down: false });
    await settle(at);
    const keycode = X11_KEYCODES[code];
    t.deepEqual(at.client.names(), [`KeyPress ${keycode}`, `KeyRelease ${keycode}`], code);
  }
});

test.serial('a held key stays down, repeats only as asked, and comes up once', async (t) => {
  await using at = await desk();
  using watcher = await XConnection.open(at.display, systemClock);
  const repeats = async (keycode: number): Promise<boolean> =>
    (((await watcher.repeatingKeys())[keycode >> 3] ?? 0) & (1 << (keycode & 7))) !== 0;
  const enter = X11_KEYCODES.Enter;
  t.true(await repeats(enter));
  await at.injector.inject({ type: 'key', code: 'Enter', down: true });
  t.false(await repeats(enter));
  await at.injector.inject({ type: 'key', code: 'Enter', down: true });
  await at.injector.inject({ type: 'key', code: 'Enter', down: false });
  await at.injector.inject({ type: 'key', code: 'Enter', down: false });
  await settle(at);
  t.deepEqual(at.client.names(), ['KeyPress 36', 'KeyRelease 36', 'KeyPress 36', 'KeyRelease 36']);
  t.true(await repeats(enter));
});

test.serial('Ctrl+Alt+Del goes down in order and comes up in reverse', async (t) => {
  await using at = await desk();
  await at.injector.inject({ type: 'combination', combination: 'ctrl-alt-delete' });
  await settle(at);
  t.deepEqual(at.client.names(), [
    'KeyPress 37',
    'KeyPress 64',
    'KeyPress 119',
    'KeyRelease 119',
    'KeyRelease 64',
    'KeyRelease 37',
  ]);
});

/** What a program reads from the presses, by the layout as it is at the end. */
async function read(at: Desk): Promise<string> {
  await settle(at);
  using watcher = await XConnection.open(at.display, systemClock);
  const keymap = new Keymap(watcher.firstKeycode, await watcher.keysyms(), await watcher.modifiers());
  return at.client.events
    .filter(({ name }) => name === 'KeyPress')
    .map(({ keycode, buttons }) => {
      const row = keymap.keysyms(keycode);
      const shifted = (buttons & 1) !== 0;
      return characterOf(row[shifted ? 1 : 0] ?? 0) ?? '';
    })
    .join('');
}

test.serial(
  'characters arrive as they are, those of no layout too, and the layout is given back',
  async (t) => {
    await using at = await desk();
    using watcher = await XConnection.open(at.display, systemClock);
    const before = await watcher.keysyms();
    const text = 'aZ9@ß€é漢字Ж😀ñ\taZ漢';
    t.is(await at.injector.inject({ type: 'text', text }), undefined);
    t.is(await read(at), text);
    await at.injector[Symbol.asyncDispose]();
    t.deepEqual(await watcher.keysyms(), before);
  },
);

test.serial('held modifiers are lifted for text and come back', async (t) => {
  await using at = await desk();
  await at.injector.inject({ type: 'key', code: 'ShiftLeft', down: true });
  await at.injector.inject({ type: 'text', text: 'aB' });
  await at.injector.inject({ type: 'key', code: 'ArrowLeft', down: true });
  t.is(await read(at), 'aB');
  const arrow = await at.client.event(({ keycode }) => keycode === X11_KEYCODES.ArrowLeft);
  t.is(arrow.buttons & 1, 1);
});

for (const [how, end] of [
  [
    'release-all',
    async ({ injector }: Desk) => {
      await injector.inject({ type: 'release-all' });
      await injector.settled();
    },
  ],
  ['the end of the injector', async (at: Desk) => await at.injector[Symbol.asyncDispose]()],
] as const) {
  test.serial(`nothing stays pressed after ${how}`, async (t) => {
    await using at = await desk();
    for (const code of ['ControlLeft', 'ShiftRight', 'AltLeft', 'MetaLeft', 'AltRight', 'Enter'] as const) {
      await at.injector.inject({ type: 'key', code, down: true });
    }
    await at.injector.inject({ type: 'button', button: 'right', down: true, x: 9, y: 9 });
    using watcher = await XConnection.open(at.display, systemClock);
    t.true((await watcher.keysDown()).some((bits) => bits !== 0));
    t.not((await watcher.pointer()).keyMask, 0);
    await end(at);
    t.deepEqual(new Uint8Array(await watcher.keysDown()), new Uint8Array(32));
    t.is((await watcher.pointer()).keyMask, 0);
  });
}

test.serial('a text that waits for programs ends with the session, and what is held comes up', async (t) => {
  await using at = await desk();
  const session = new AbortController();
  // No time passes: only the end of the session ends the wait.
  const clock = new ManualClock();
  await using injector = await Injector.open(at.display, NOTHING_OWN, clock, session.signal);
  t.is(await injector.inject({ type: 'button', button: 'left', down: true, x: 9, y: 9 }), undefined);
  const written = injector.inject({ type: 'text', text: '漢' });
  await at.client.event(({ name }) => name === 'MappingNotify');
  session.abort();
  t.is(await written, 'input-unavailable');
  await injector[Symbol.asyncDispose]();
  await at.client.event(({ name }) => name === 'ButtonRelease');
  t.false(at.client.names().some((name) => name.startsWith('Key')));
});

test.serial('without a display or with one that is lost the error says so', async (t) => {
  await t.throwsAsync(Injector.open(':9999', NOTHING_OWN, systemClock, RUNNING), {
    code: 'display-unavailable',
  });
  const server = await startXvfb();
  await using injector = await Injector.open(server.name, NOTHING_OWN, systemClock, RUNNING);
  await server[Symbol.asyncDispose]();
  await injector.ended;
  await t.throwsAsync(injector.inject({ type: 'move', x: 1, y: 1 }), { code: 'display-lost' });
});

/** X11 protocol: a grab that stops the pointer (or keyboard) until its owner has looked; let it go on. */
const GRAB = { sync: 0, async: 1, asyncPointer: 0, asyncKeyboard: 3 } as const;
const ANY = 0x8000;

test.serial('while a window manager holds the pointer back, nothing is queued behind it', async (t) => {
  await using at = await desk();
  const held = await at.client.window(0, 0, 100, 100);
  at.client.x.GrabButton(held, false, 0x4 | 0x8, GRAB.sync, GRAB.async, 0, 0, 1, ANY);
  await at.client.sync();
  const press = { type: 'button', button: 'left', down: true, x: 50, y: 50 } as const;
  t.is(await at.injector.inject(press), undefined);
  await at.injector.inject({ ...press, down: false });
  await settle(at);
  at.client.clear();
  // At another place, and where the pointer already is.
  t.is(await at.injector.inject({ ...press, x: 300 }), 'input-unavailable');
  t.is(await at.injector.inject(press), 'input-unavailable');
  // A key would overtake the click, and reach what had the focus before it.
  t.is(await at.injector.inject({ type: 'text', text: 'a' }), 'input-unavailable');
  t.is(await at.injector.inject({ type: 'key', code: 'Enter', down: true }), 'input-unavailable');
  at.client.x.AllowEvents(GRAB.asyncPointer, 0);
  await at.client.event(({ name }) => name === 'ButtonRelease');
  await settle(at);
  t.deepEqual(at.client.names(), ['ButtonRelease 1']);
  t.is(await at.injector.inject({ type: 'text', text: 'a' }), undefined);
  t.is(await at.injector.inject({ ...press, x: 300 }), undefined);
});

test.serial('while a window manager holds the keyboard back, nothing is queued behind it', async (t) => {
  await using at = await desk();
  const tab = X11_KEYCODES.Tab;
  at.client.x.GrabKey(at.window, false, ANY, tab, GRAB.async, GRAB.sync);
  await at.client.sync();
  t.is(await at.injector.inject({ type: 'key', code: 'Tab', down: true }), undefined);
  await at.injector.inject({ type: 'key', code: 'Tab', down: false });
  await settle(at);
  at.client.clear();
  t.is(await at.injector.inject({ type: 'key', code: 'Enter', down: true }), 'input-unavailable');
  t.is(await at.injector.inject({ type: 'text', text: 'a' }), 'input-unavailable');
  at.client.x.AllowEvents(GRAB.asyncKeyboard, 0);
  await at.client.event(({ name }) => name === 'KeyRelease');
  await settle(at);
  t.deepEqual(at.client.names(), [`KeyRelease ${tab}`]);
  t.is(await at.injector.inject({ type: 'key', code: 'Enter', down: true }), undefined);
});
