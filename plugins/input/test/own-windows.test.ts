import { spawn } from 'node:child_process';
import { startXvfb } from '@livelet/compliance';
import { type InputMessage, type KeyCode, systemClock } from '@livelet/core';
import test from 'ava';
import { Injector } from '../src/injector.js';
import { type OwnBrowser, startOwnBrowser } from './own-browser.js';
import { RecordingClient } from './recording-client.js';

const REFUSED = 'input-refused-own-window';

const RUNNING = new AbortController().signal;

interface Desk extends AsyncDisposable {
  readonly display: string;
  readonly own: OwnBrowser;
  /** Another program, beside the own window. */
  readonly other: RecordingClient;
  readonly otherWindow: number;
  readonly injector: Injector;
  send(...messages: InputMessage[]): Promise<(string | undefined)[]>;
}

/** A place in the other program's window. */
const OTHER = { x: 900, y: 300 };

async function desk(): Promise<Desk> {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startXvfb({ width: 1280, height: 800 }));
  const env = { ...process.env, DISPLAY: server.name };
  const manager = spawn('openbox', [], { env, stdio: 'ignore' });
  stack.defer(() => void manager.kill());
  const own = stack.use(await startOwnBrowser(server.name));
  const other = stack.use(await RecordingClient.open(server.name));
  const otherWindow = await other.window(700, 100, 400, 400, { managed: true });
  await other.event(({ name, wid }) => name === 'FocusIn' && wid === otherWindow);
  const injector = stack.use(
    await Injector.open(server.name, { processIds: () => [own.processId] }, systemClock, RUNNING),
  );
  const owned = stack.move();
  return {
    display: server.name,
    own,
    other,
    otherWindow,
    injector,
    async send(...messages) {
      const answers: (string | undefined)[] = [];
      for (const message of messages) answers.push(await injector.inject(message));
      await injector.settled();
      await other.sync();
      return answers;
    },
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

function press(at: { x: number; y: number }): InputMessage {
  return { type: 'button', button: 'left', down: true, ...at };
}
function release(at: { x: number; y: number }): InputMessage {
  return { type: 'button', button: 'left', down: false, ...at };
}
function key(code: KeyCode, down: boolean): InputMessage {
  return { type: 'key', code, down };
}

test.serial(
  'a press, a turn of the wheel and a move onto an own window are refused; its neighbour gets them',
  async (t) => {
    await using at = await desk();
    const button = await at.own.button();
    t.deepEqual(await at.send({ type: 'move', ...button }), [REFUSED]);
    t.deepEqual(await at.send(press(button), release(button)), [REFUSED, undefined]);
    t.deepEqual(await at.send({ type: 'wheel', dx: 1, dy: 1, ...button }), [REFUSED]);
    t.deepEqual(await at.send(press(OTHER), release(OTHER)), [undefined, undefined]);
    await at.other.event(({ name }) => name === 'ButtonRelease');
    t.deepEqual(at.other.names(), ['ButtonPress 1', 'ButtonRelease 1']);
    t.deepEqual(await at.own.taken(), []);
  },
);

test.serial('the frame that a window manager puts around an own window counts as own', async (t) => {
  await using at = await desk();
  const button = await at.own.button();
  const top = await at.own.page.evaluate<number>('screenY');
  const title = { x: button.x, y: top - 5 };
  t.deepEqual(await at.send(press(title), release(title)), [REFUSED, undefined]);
});

test.serial(
  'keys are refused while an own window has the focus, and go on once another has it',
  async (t) => {
    await using at = await desk();
    await at.own.activate();
    for (const code of ['Enter', 'Space', 'Tab', 'Escape', 'ControlLeft'] as const) {
      t.deepEqual(await at.send(key(code, true), key(code, false)), [REFUSED, undefined], code);
    }
    t.deepEqual(await at.send({ type: 'text', text: ' \n' }), [REFUSED]);
    t.deepEqual(await at.send({ type: 'combination', combination: 'ctrl-alt-delete' }), [REFUSED]);
    t.deepEqual(await at.own.taken(), []);
    t.deepEqual(at.other.names(), []);

    await at.send(press(OTHER), release(OTHER));
    await at.other.event(({ name }) => name === 'FocusIn');
    await at.other.focus(at.otherWindow);
    t.deepEqual(await at.send(key('Enter', true), key('Enter', false)), [undefined, undefined]);
    await at.other.event(({ name, keycode }) => name === 'KeyRelease' && keycode === 36);
  },
);

test.serial('windows of programs that an own program has started count as own', async (t) => {
  await using at = await desk();
  // The browser is a child of this process, whose own window is `other`.
  await using injector = await Injector.open(
    at.display,
    { processIds: () => [process.pid] },
    systemClock,
    RUNNING,
  );
  t.is(await injector.inject(press(await at.own.button())), REFUSED);
  t.is(await injector.inject(press(OTHER)), REFUSED);
  t.is(await injector.inject(press({ x: 640, y: 700 })), undefined);
});

test.serial('while the host does not know its own programs, no window is pressed', async (t) => {
  await using at = await desk();
  await using injector = await Injector.open(
    at.display,
    { processIds: () => undefined },
    systemClock,
    RUNNING,
  );
  t.is(await injector.inject(press(await at.own.button())), REFUSED);
  t.is(await injector.inject(press(OTHER)), REFUSED);
  t.deepEqual(await at.own.taken(), []);
  t.deepEqual(at.other.names(), []);
});

test.serial('a press that began outside is not carried in', async (t) => {
  await using at = await desk();
  const button = await at.own.button();
  t.deepEqual(await at.send(press(OTHER), { type: 'move', ...button }, release(button)), [
    undefined,
    REFUSED,
    REFUSED,
  ]);
  const up = await at.other.event(({ name }) => name === 'ButtonRelease');
  t.deepEqual([up.rootx, up.rooty], [OTHER.x, OTHER.y]);
  t.deepEqual(await at.own.taken(), []);
});

test.serial('an own window that comes up under a still pointer is not pressed', async (t) => {
  await using at = await desk();
  const button = await at.own.button();
  const cover = await at.other.window(0, 0, 600, 600);
  t.deepEqual(await at.send(press(button), release(button)), [undefined, undefined]);
  await at.other.event(({ name, wid }) => name === 'ButtonRelease' && wid === cover);
  at.other.x.UnmapWindow(cover);
  await at.other.event(({ name, wid }) => name === 'UnmapNotify' && wid === cover);
  t.deepEqual(await at.send(press(button), release(button)), [REFUSED, undefined]);
  t.deepEqual(await at.own.taken(), []);
});

test.serial('Alt+Tab to an own window and then Enter or Space answer nothing', async (t) => {
  await using at = await desk();
  for (let round = 0; round < 10; round += 1) {
    await at.other.focus(at.otherWindow);
    await at.send(
      key('AltLeft', true),
      key('Tab', true),
      key('Tab', false),
      key('AltLeft', false),
      key('Enter', true),
      key('Enter', false),
      key('Space', true),
      key('Space', false),
      { type: 'text', text: ' \n' },
    );
    const reached = (await at.own.taken()).filter((event) => /keydown|click/.test(event));
    t.deepEqual(
      reached.filter((event) => !/Alt|Tab/.test(event)),
      [],
    );
  }
});

test.serial("a key held down doesn't repeat into an own window that takes the focus", async (t) => {
  await using at = await desk();
  await at.other.focus(at.otherWindow);
  t.deepEqual(await at.send(key('Enter', true)), [undefined]);
  await at.own.activate();
  // Longer than the server waits before it repeats a key (660 ms) plus ten repeats of its default 40 ms.
  await at.own.page.evaluate('new Promise((resolve) => setTimeout(resolve, 1200))');
  t.deepEqual(
    (await at.own.taken()).filter((event) => event.startsWith('keydown')),
    [],
  );
  t.deepEqual(await at.send(key('Enter', true)), [REFUSED]);
  await at.send(key('Enter', false));
  t.deepEqual(
    (await at.own.taken()).filter((event) => /keydown|click/.test(event)),
    [],
  );
});

test.serial('an open list of an own page, a window of its own on the display, is not pressed', async (t) => {
  await using at = await desk();
  await at.own.activate();
  await at.own.page.click('select', { force: true });
  await at.own.taken();
  const place = await at.own.page.evaluate<{ x: number; y: number }>(`(() => {
    const box = document.querySelector('select').getBoundingClientRect();
    const top = screenY + outerHeight - innerHeight;
    return { x: Math.round(screenX + 40), y: Math.round(top + box.bottom + 30) };
  })()`);
  t.deepEqual(await at.send(press(place), release(place)), [REFUSED, undefined]);
  t.is(await at.own.page.evaluate('document.querySelector("select").value'), 'a');
});

test.serial('a picture-in-picture window is own, and so is one that opens between two clicks', async (t) => {
  await using at = await desk();
  const spot = { x: 640, y: 700 };
  t.deepEqual(await at.send(press(spot), release(spot)), [undefined, undefined]);
  await at.own.page.evaluate(`addEventListener('click', async () => {
    globalThis.small = await documentPictureInPicture.requestWindow({ width: 300, height: 200 });
    watch(small);
    small.document.body.append('small');
  }, { once: true })`);
  await at.own.activate();
  await at.own.page.click('button');
  await at.own.page.waitForFunction('globalThis.small?.screenX > 0 || globalThis.small?.screenY > 0');
  await at.own.taken();
  const place = await at.own.page.evaluate<{ x: number; y: number }>(
    '({ x: small.screenX + 150, y: small.screenY + 120 })',
  );
  t.deepEqual(await at.send(press(place), release(place)), [REFUSED, undefined]);
  t.deepEqual(await at.own.taken(), []);
});
