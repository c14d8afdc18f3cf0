import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startXvfb } from '@livelet/compliance';
import { systemClock } from '@livelet/core';
import test from 'ava';
import { Injector } from '../src/injector.js';
import { Keymap } from '../src/keymap.js';
import { characterOf } from '../src/keysyms.js';
import { XConnection } from '../src/x-connection.js';
import { X11_KEYCODES } from '../src/x11-keycodes.js';
import { type Chord, startOperatorKeyboard } from './operator-keyboard.js';
import { RecordingClient } from './recording-client.js';

const run = promisify(execFile);
const RUNNING = new AbortController().signal;

/** Operator's layout, the keys pressed there, the customer's layout, what a program there is asked for. */
const CASES: readonly (readonly [string, Chord, string, string])[] = [
  ['us', ['ControlLeft', 'KeyC'], 'us', 'Control c'],
  ['us', ['ControlLeft', 'KeyZ'], 'de', 'Control z'],
  ['de', ['ControlLeft', 'KeyY'], 'us', 'Control z'],
  ['fr', ['ControlLeft', 'KeyQ'], 'it', 'Control a'],
  ['it', ['ControlLeft', 'KeyA'], 'fr', 'Control a'],
  ['us', ['ControlLeft', 'ShiftLeft', 'KeyZ'], 'fr', 'Control Shift Z'],
  ['us', ['ControlLeft', 'ShiftLeft', 'KeyV'], 'us', 'Control Shift V'],
  // Larger: of its own on an Italian keyboard, with Shift on an American one.
  ['us', ['ControlLeft', 'ShiftLeft', 'Equal'], 'it', 'Control +'],
  ['it', ['ControlLeft', 'BracketRight'], 'us', 'Control Shift +'],
  ['de', ['ControlLeft', 'Slash'], 'fr', 'Control -'],
  // A comment in many editors.
  ['us', ['ControlLeft', 'Slash'], 'de', 'Control Shift /'],
  ['de', ['ControlLeft', 'ShiftLeft', 'Digit7'], 'us', 'Control /'],
  ['us', ['ControlLeft', 'BracketLeft'], 'it', 'Control AltGr ['],
  // Digits that need Shift there go by place, as browsers there take them.
  ['us', ['ControlLeft', 'Digit1'], 'fr', 'Control &'],
  ['it', ['ControlLeft', 'Digit1'], 'de', 'Control 1'],
  ['us', ['ControlLeft', 'ShiftLeft', 'Digit2'], 'us', 'Control Shift @'],
  // Another script has none of these letters: by place.
  ['ru', ['ControlLeft', 'KeyC'], 'us', 'Control c'],
  ['us', ['ControlLeft', 'NumpadAdd'], 'it', 'Control KP_Add'],
  ['fr', ['AltLeft', 'Tab'], 'us', 'Alt Tab'],
  ['de', ['AltLeft', 'F2'], 'it', 'Alt F2'],
];

test.serial('a shortcut is its character, on whichever key that is at the customer', async (t) => {
  await using operator = await startOperatorKeyboard();
  await using server = await startXvfb({ width: 640, height: 480 });
  using client = await RecordingClient.open(server.name);
  await client.focus(await client.window(0, 0, 640, 480));
  await using injector = await Injector.open(server.name, { processIds: () => [] }, systemClock, RUNNING);
  using watcher = await XConnection.open(server.name, systemClock);
  for (const [layout, chord, customer, expected] of CASES) {
    await operator.setLayout(layout);
    await run('setxkbmap', ['-layout', customer], { env: { ...process.env, DISPLAY: server.name } });
    await client.sync();
    client.clear();
    for (const message of await operator.typeThere([chord])) await injector.inject(message);
    await injector.settled();
    await client.sync();
    const keymap = new Keymap(watcher.firstKeycode, await watcher.keysyms(), await watcher.modifiers());
    const presses = client.events.filter(({ name }) => name === 'KeyPress');
    const last = presses.findLast(({ keycode }) => !isModifier(keycode));
    t.is(read(keymap, last?.keycode ?? 0, last?.buttons ?? 0), expected, `${layout} ${chord} ${customer}`);
    t.deepEqual(new Uint8Array(await watcher.keysDown()), new Uint8Array(32));
  }
});

const MODIFIER_KEYS = ['ControlLeft', 'ShiftLeft', 'ShiftRight', 'AltLeft', 'AltRight'] as const;
function isModifier(keycode: number): boolean {
  return MODIFIER_KEYS.some((code) => X11_KEYCODES[code] === keycode) || keycode === 92;
}

const NAMES: ReadonlyMap<number, string> = new Map([
  [0xff09, 'Tab'],
  [0xffbf, 'F2'],
  [0xffab, 'KP_Add'],
]);

/** What a program makes of a press: the modifiers and the keysym at their level. */
function read(keymap: Keymap, keycode: number, state: number): string {
  const row = keymap.keysyms(keycode);
  const shift = (state & 1) !== 0;
  const level3 = (state & keymap.level3Mask) !== 0;
  const keysym = row[(shift ? 1 : 0) + (level3 ? 4 : 0)] ?? 0;
  const modifiers = [
    ...((state & 4) !== 0 ? ['Control'] : []),
    ...((state & 8) !== 0 ? ['Alt'] : []),
    ...(shift ? ['Shift'] : []),
    ...(level3 ? ['AltGr'] : []),
  ];
  return [...modifiers, NAMES.get(keysym) ?? characterOf(keysym)].join(' ');
}
