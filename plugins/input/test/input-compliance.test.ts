import { type InputTargetUnderTest, startXvfb, testInputTarget } from '@livelet/compliance';
import {
  decodeInputReply,
  encodeInput,
  INPUT_PATH,
  type InputRefusal,
  KEY_CODES,
  MAX_INPUT_MESSAGE,
  messageStream,
  POINTER_BUTTONS,
  type PointerButton,
  systemClock,
} from '@livelet/core';
import test from 'ava';
import type { XInputEvent } from 'x11';
import { Keymap } from '../src/keymap.js';
import { characterOf } from '../src/keysyms.js';
import { XConnection } from '../src/x-connection.js';
import { X11_KEYCODES } from '../src/x11-keycodes.js';
import { hostInput } from './hosted-input.js';
import { RecordingClient } from './recording-client.js';

const WHEEL: Readonly<Record<number, string>> = { 4: '0,-1', 5: '0,1', 6: '-1,0', 7: '1,0' };
/** A message that is refused always: once its answer is back, all before it is done. */
const FENCE = encodeInput({ type: 'wheel', dx: 1, dy: 1, x: 65_534, y: 65_534 });
const [width, height] = [320, 240];

const display = await startXvfb({ width, height });
test.after.always(async () => await display[Symbol.asyncDispose]());

async function open(): Promise<InputTargetUnderTest> {
  await using stack = new AsyncDisposableStack();
  const client = stack.use(await RecordingClient.open(display.name));
  const watcher = stack.use(await XConnection.open(display.name, systemClock));
  // Moves that an earlier case made are not seen: the pointer starts where no case puts it.
  watcher.movePointer(319, 239);
  await watcher.sync();
  await client.focus(await client.window(0, 0, width, height));
  const hosted = stack.use(await hostInput(display.name, { controlled: false }));
  const { pair } = hosted;
  const paths = { serves: [], opens: [{ path: INPUT_PATH, priority: 'input' }] } as const;
  const channel = stack.use(pair.operator.pluginChannel(paths));
  pair.customer.ownGrants.grant('control');
  const stream = await channel.open(INPUT_PATH);
  const messages = messageStream(stream, 2 * MAX_INPUT_MESSAGE);
  const refusals: InputRefusal[] = [];
  let fences = 0;
  let passed = (): void => undefined;
  void (async () => {
    for await (const bytes of messages) {
      const { refused, message } = decodeInputReply(bytes);
      if (message === 'wheel' && fences > 0) {
        fences -= 1;
        passed();
      } else refusals.push(refused);
    }
  })().catch(() => undefined);
  let writes = false;
  await client.sync();
  client.events.length = 0;
  const owned = stack.move();
  return {
    width,
    height,
    send(bytes) {
      writes = bytes[0] === 5;
      messages.send(bytes).catch(() => undefined);
    },
    async settled() {
      const { promise, resolve } = Promise.withResolvers<void>();
      fences += 1;
      passed = resolve;
      await messages.send(FENCE);
      await promise;
    },
    async seen() {
      await client.sync();
      const keymap = new Keymap(watcher.firstKeycode, await watcher.keysyms(), await watcher.modifiers());
      return client.events.flatMap((event) => (writes ? written(event, keymap) : done(event)));
    },
    refusals: () => refusals,
    async held() {
      const bits = [...(await watcher.keysDown())].map((byte) => byte.toString(2)).join('');
      const buttons = ((await watcher.pointer()).keyMask >> 8) & 0b111;
      return [...bits, ...buttons.toString(2)].filter((bit) => bit === '1').length;
    },
    reset: async () => await stream.closed,
    async revoke() {
      pair.customer.ownGrants.revoke('control');
      await stream.closed;
      await hosted.stopTarget();
    },
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

function done({ name, keycode, rootx, rooty }: XInputEvent): string[] {
  const code = KEY_CODES.find((each) => X11_KEYCODES[each] === keycode);
  const button = (Object.keys(POINTER_BUTTONS) as PointerButton[]).find(
    (each) => POINTER_BUTTONS[each] === keycode,
  );
  switch (name) {
    case 'MotionNotify':
      return [`move ${rootx},${rooty}`];
    case 'ButtonPress':
      return [button === undefined ? `wheel ${WHEEL[keycode]}` : `press ${button}`];
    case 'ButtonRelease':
      return button === undefined ? [] : [`release ${button}`];
    case 'KeyPress':
      return [`down ${code}`];
    case 'KeyRelease':
      return [`up ${code}`];
    default:
      return [];
  }
}

function written({ name, keycode, buttons }: XInputEvent, keymap: Keymap): string[] {
  if (name !== 'KeyPress') return [];
  const row = keymap.keysyms(keycode);
  const letter = characterOf(row[0] ?? 0)?.toUpperCase() === characterOf(row[1] ?? 0) && row[0] !== row[1];
  // Caps Lock turns letters round.
  const level = letter ? (buttons ^ (buttons >> 1)) & 1 : buttons & 1;
  const character = characterOf(row[level] ?? 0);
  return character === undefined ? [] : [`write ${character}`];
}

testInputTarget((title, body) => test.serial(title, body), open);
