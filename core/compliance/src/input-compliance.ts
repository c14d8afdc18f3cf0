import {
  encodeInput,
  type InputMessage,
  type InputRefusal,
  KEY_CODES,
  MAX_INPUT_MESSAGE,
  POINTER_BUTTONS,
  type PointerButton,
} from '@livelet/core';
import type { TestFunction } from './test-function.js';

/** An input target with a stream open to it, and a program on its display that sees all that is injected. */
export interface InputTargetUnderTest extends AsyncDisposable {
  /** Pixels of the display. */
  readonly width: number;
  readonly height: number;
  /** Sends one message of the stream as it is. */
  send(message: Uint8Array): void;
  /** Resolves once the target has done or refused all that was sent. */
  settled(): Promise<void>;
  /**
   * What the program saw so far, one line each: `move 3,4`, `press left`, `release left`, `wheel 0,1` (a notch),
   * `down Enter`, `up Enter` (keys by place), `write é` (characters).
   */
  seen(): Promise<readonly string[]>;
  /** The refusals that came back so far. */
  refusals(): readonly InputRefusal[];
  /** Keys and buttons that the display has down. */
  held(): Promise<number>;
  /** The code that the target reset the stream with; resolves when it has. */
  reset(): Promise<string | undefined>;
  /** Ends the stream as a revoked grant does; resolves when the target is done with it. */
  revoke(): Promise<void>;
}

export interface InputCase {
  readonly title: string;
  readonly send: readonly InputMessage[];
  readonly seen: readonly string[];
  readonly refused?: readonly InputRefusal[];
}

const buttons = Object.keys(POINTER_BUTTONS) as PointerButton[];
const at = { x: 20, y: 30 };

/** What each target does with well-formed input on a display of at least 300 x 200 pixels. */
export const INPUT_CASES: readonly InputCase[] = [
  { title: 'moves', send: [{ type: 'move', x: 7, y: 9 }], seen: ['move 7,9'] },
  ...buttons.map((button) => ({
    title: `presses and releases ${button}`,
    send: [
      { type: 'button', button, down: true, ...at },
      { type: 'button', button, down: false, ...at },
    ] as const,
    seen: ['move 20,30', `press ${button}`, `release ${button}`],
  })),
  {
    title: 'drags',
    send: [
      { type: 'button', button: 'left', down: true, ...at },
      { type: 'move', x: 40, y: 50 },
      { type: 'button', button: 'left', down: false, x: 60, y: 70 },
    ],
    seen: ['move 20,30', 'press left', 'move 40,50', 'move 60,70', 'release left'],
  },
  {
    title: 'turns the wheel both ways',
    send: [
      { type: 'wheel', dx: 0, dy: 2, ...at },
      { type: 'wheel', dx: -1, dy: 0, ...at },
    ],
    seen: ['move 20,30', 'wheel 0,1', 'wheel 0,1', 'wheel -1,0'],
  },
  {
    title: 'presses every key of the table',
    send: KEY_CODES.flatMap((code): InputMessage[] => [
      { type: 'key', code, down: true },
      { type: 'key', code, down: false },
    ]),
    seen: KEY_CODES.flatMap((code) => [`down ${code}`, `up ${code}`]),
  },
  {
    title: 'writes characters of any script',
    send: [{ type: 'text', text: 'aZ9@ß€é漢字Ж😀ñ' }],
    seen: [...'aZ9@ß€é漢字Ж😀ñ'].map((character) => `write ${character}`),
  },
  {
    title: 'refuses a place outside the screen and goes on',
    send: [
      { type: 'button', button: 'left', down: true, x: 65_535, y: 0 },
      { type: 'move', x: 5, y: 5 },
    ],
    seen: ['move 5,5'],
    refused: ['input-outside-screen'],
  },
  {
    title: 'releases nothing that it did not press',
    send: [
      { type: 'key', code: 'Enter', down: false },
      { type: 'button', button: 'left', down: false, ...at },
      { type: 'release-all' },
    ],
    seen: [],
  },
];

/** Held when the stream ends. */
const HELD: readonly InputMessage[] = [
  { type: 'key', code: 'ControlLeft', down: true },
  { type: 'key', code: 'ShiftRight', down: true },
  { type: 'key', code: 'ArrowDown', down: true },
  { type: 'button', button: 'right', down: true, ...at },
];

/** Messages that no controller sends. */
const MALFORMED: readonly (readonly [string, Uint8Array])[] = [
  ['an empty message', new Uint8Array()],
  ['an unknown type', Uint8Array.of(0x44)],
  ['a move that is too short', Uint8Array.of(1, 0, 0, 0)],
  ['an unknown button', Uint8Array.of(2, 200, 1, 0, 0, 0, 0)],
  ['an unknown key', Uint8Array.of(4, 0xff, 0xff, 1, 0, 0, 0, 0)],
  ['text that is not UTF-8', Uint8Array.of(5, 0xff)],
];

/**
 * Runs all cases of the input contract against a target.
 *
 * @param open a fresh target for each case, with nothing pressed and nothing seen
 */
export function testInputTarget(test: TestFunction, open: () => Promise<InputTargetUnderTest>): void {
  for (const { title, send, seen, refused = [] } of INPUT_CASES) {
    test(`input target: ${title}`, async (t) => {
      await using target = await open();
      for (const message of send) {
        target.send(encodeInput(message));
        await target.settled();
      }
      t.deepEqual<readonly string[]>(await target.seen(), seen);
      t.deepEqual<readonly InputRefusal[]>(target.refusals(), refused);
    });
  }
  test('input target: lets go of everything when the stream ends', async (t) => {
    await using target = await open();
    for (const message of HELD) target.send(encodeInput(message));
    await target.settled();
    t.is(await target.held(), HELD.length);
    await target.revoke();
    t.is(await target.held(), 0);
  });
  for (const [what, bytes] of MALFORMED) {
    test(`input target: ends the stream on ${what}, with nothing held`, async (t) => {
      await using target = await open();
      target.send(encodeInput({ type: 'key', code: 'AltLeft', down: true }));
      target.send(bytes);
      t.is(await target.reset(), 'input-malformed');
      await target.revoke();
      t.is(await target.held(), 0);
    });
  }
  test('input target: ends the stream on a message that is too long', async (t) => {
    await using target = await open();
    target.send(new Uint8Array(MAX_INPUT_MESSAGE + 1));
    t.is(await target.reset(), 'message-too-large');
  });
}
