import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type InputMessage, type KeyCode, systemClock } from '@livelet/core';
import test, { type ExecutionContext } from 'ava';
import { XConnection } from '../src/x-connection.js';
import { type Chord, type OperatorKeyboard, startOperatorKeyboard } from './operator-keyboard.js';
import { startTerminal, type Terminal } from './terminal.js';

const run = promisify(execFile);

const OPERATORS = ['us', 'us(intl)', 'it', 'de', 'fr'] as const;
const CUSTOMERS = ['us', 'it', 'de', 'fr'] as const;
type Layout = (typeof OPERATORS)[number];
/** Each operator's layout at each customer's with `npm test -- --long`; else each at one that is another. */
const isLong = process.env.LIVELET_LONG_TESTS === '1';
/** Accents are many, so those of each layout go to one other. */
const ACCENTS_AT: Readonly<Record<Layout, (typeof CUSTOMERS)[number]>> = {
  us: 'fr',
  'us(intl)': 'de',
  it: 'fr',
  de: 'it',
  fr: 'us',
};

/** The keys that print, by place. */
const PRINTING: readonly KeyCode[] = [
  ...(['Backquote', 'Digit1', 'Digit2', 'Digit3', 'Digit4', 'Digit5', 'Digit6', 'Digit7', 'Digit8'] as const),
  ...([
    'Digit9',
    'Digit0',
    'Minus',
    'Equal',
    'KeyQ',
    'KeyW',
    'KeyE',
    'KeyR',
    'KeyT',
    'KeyY',
    'KeyU',
  ] as const),
  ...(['KeyI', 'KeyO', 'KeyP', 'BracketLeft', 'BracketRight', 'KeyA', 'KeyS', 'KeyD', 'KeyF'] as const),
  ...(['KeyG', 'KeyH', 'KeyJ', 'KeyK', 'KeyL', 'Semicolon', 'Quote', 'Backslash', 'IntlBackslash'] as const),
  ...(['KeyZ', 'KeyX', 'KeyC', 'KeyV', 'KeyB', 'KeyN', 'KeyM', 'Comma', 'Period', 'Slash', 'Space'] as const),
];
const VOWELS = ['KeyA', 'KeyE', 'KeyI', 'KeyO', 'KeyU', 'KeyN', 'KeyC'] as const;

/** Right Alt is AltGr but in the plain American layout, where it is Alt. */
function levels(layout: Layout): readonly Chord[] {
  const two: readonly Chord[] = [[], ['ShiftLeft']];
  return layout === 'us' ? two : [...two, ['AltRight'], ['ShiftLeft', 'AltRight']];
}

/** What people type with two keys or with AltGr, key by key, from the pictures of these keyboards. */
const KNOWN: readonly (readonly [Layout, string, readonly Chord[]])[] = [
  ['it', '@', [['AltRight', 'Semicolon']]],
  ['it', '#', [['AltRight', 'Quote']]],
  ['it', '[', [['AltRight', 'BracketLeft']]],
  ['it', '{', [['ShiftLeft', 'AltRight', 'BracketLeft']]],
  ['it', '€', [['AltRight', 'KeyE']]],
  ['it', '\\', [['Backquote']]],
  ['it', '|', [['ShiftLeft', 'Backquote']]],
  ['it', '~', [['AltRight', 'Equal']]],
  [
    'it',
    'àèéìòù',
    [['Quote'], ['BracketLeft'], ['ShiftLeft', 'BracketLeft'], ['Equal'], ['Semicolon'], ['Backslash']],
  ],
  ['de', '@', [['AltRight', 'KeyQ']]],
  [
    'de',
    '{[]}',
    [
      ['AltRight', 'Digit7'],
      ['AltRight', 'Digit8'],
      ['AltRight', 'Digit9'],
      ['AltRight', 'Digit0'],
    ],
  ],
  ['de', '\\', [['AltRight', 'Minus']]],
  ['de', '~', [['AltRight', 'BracketRight']]],
  ['de', '|', [['AltRight', 'IntlBackslash']]],
  ['de', 'éêà', [['Equal'], ['KeyE'], ['Backquote'], ['KeyE'], ['ShiftLeft', 'Equal'], ['KeyA']]],
  ['de', 'yzüß', [['KeyZ'], ['KeyY'], ['BracketLeft'], ['Minus']]],
  [
    'fr',
    '@#|\\',
    [
      ['AltRight', 'Digit0'],
      ['AltRight', 'Digit3'],
      ['AltRight', 'Digit6'],
      ['AltRight', 'Digit8'],
    ],
  ],
  ['fr', 'êü', [['BracketLeft'], ['KeyE'], ['ShiftLeft', 'BracketLeft'], ['KeyU']]],
  ['fr', 'aqwz1', [['KeyQ'], ['KeyA'], ['KeyZ'], ['KeyW'], ['ShiftLeft', 'Digit1']]],
  ['us(intl)', 'àé', [['Backquote'], ['KeyA'], ['Quote'], ['KeyE']]],
  ['us(intl)', 'êñ', [['ShiftLeft', 'Digit6'], ['KeyE'], ['ShiftLeft', 'Backquote'], ['KeyN']]],
  ['us(intl)', 'ü€', [['ShiftLeft', 'Quote'], ['KeyU'], ['AltRight', 'Digit5']]],
  [
    'us',
    '@#{}[]\\|~',
    [
      ...(['Digit2', 'Digit3', 'BracketLeft', 'BracketRight'] as const).map(
        (code): Chord => ['ShiftLeft', code],
      ),
      ['BracketLeft'],
      ['BracketRight'],
      ['Backslash'],
      ['ShiftLeft', 'Backslash'],
      ['ShiftLeft', 'Backquote'],
    ],
  ],
];

/** What the operator's own machine writes, and what the customer's is sent for it. */
interface Typed {
  readonly text: string;
  readonly messages: readonly InputMessage[];
}

async function typed(operator: OperatorKeyboard, chords: readonly Chord[]): Promise<Typed> {
  const { text } = await operator.typeHere(chords);
  return { text, messages: await operator.typeThere(chords) };
}

function together(parts: readonly Typed[]): Typed {
  return {
    text: parts.map(({ text }) => text).join(''),
    messages: parts.flatMap(({ messages }) => messages),
  };
}

/** Each printing key at each level, a space after each to end what a dead key has begun; and the dead keys. */
async function typeKeys(
  operator: OperatorKeyboard,
  layout: Layout,
): Promise<{ keys: Typed; dead: readonly Chord[] }> {
  const keys: Typed[] = [];
  const dead: Chord[] = [];
  for (const level of levels(layout)) {
    const chords = PRINTING.flatMap((code) => [[...level, code], ['Space']] as const);
    const { text, told } = await operator.typeHere(chords);
    // With GTK's input method a dead key is one of the method's.
    const deadKeys = told.filter(({ code, key }) => code !== 'Space' && /^(Dead|Process)$/.test(key));
    dead.push(...deadKeys.map(({ code }) => [...level, code as KeyCode]));
    keys.push({ text, messages: await operator.typeThere(chords) });
  }
  return { keys: together(keys), dead };
}

/** Each dead key with what may follow, and what people know how to type. */
async function typeAccents(
  t: ExecutionContext,
  operator: OperatorKeyboard,
  layout: Layout,
  dead: readonly Chord[],
): Promise<Typed> {
  const follow = (key: Chord): Chord[] => VOWELS.flatMap((code) => [key, [code], key, ['ShiftLeft', code]]);
  const parts = [await typed(operator, dead.flatMap(follow))];
  for (const [of, characters, chords] of KNOWN) {
    if (of !== layout) continue;
    const part = await typed(operator, chords);
    t.is(part.text, characters, `the keyboard ${layout} itself`);
    parts.push(part);
  }
  return together(parts);
}

/** Keys that went down and not up again. */
function leftDown(messages: readonly InputMessage[]): string[] {
  const down = new Set<string>();
  for (const message of messages) {
    if (message.type !== 'key') continue;
    if (message.down) down.add(message.code);
    else down.delete(message.code);
  }
  return [...down];
}

/** Lines of a terminal at the customer, one after the other. */
class Lines {
  #count = 0;
  constructor(readonly at: Terminal) {}

  async setLayout(name: string): Promise<void> {
    await run('setxkbmap', ['-layout', name], { env: { ...process.env, DISPLAY: this.at.display } });
  }

  /** What the terminal has read of these. */
  async read(messages: readonly InputMessage[]): Promise<string> {
    for (const message of messages) await this.at.injector.inject(message);
    await this.at.injector.inject({ type: 'text', text: '\n' });
    this.#count += 1;
    return (await this.at.lines(this.#count)).at(-1) ?? '';
  }
}

test.serial('what the operator types arrives, each key of each layout at other layouts', async (t) => {
  t.timeout(240_000);
  await using operator = await startOperatorKeyboard();
  await using at = await startTerminal();
  const lines = new Lines(at);
  for (const layout of OPERATORS) {
    await operator.setLayout(layout);
    const { keys, dead } = await typeKeys(operator, layout);
    const accents = await typeAccents(t, operator, layout, dead);
    t.deepEqual(leftDown([...keys.messages, ...accents.messages]), [], layout);
    t.is(dead.length > 0, layout !== 'us');
    for (const customer of CUSTOMERS) {
      // The one with dead keys on the American places is there for those.
      if ((layout === 'us(intl)' || !isLong) && customer !== ACCENTS_AT[layout]) continue;
      await lines.setLayout(customer);
      t.is(await lines.read(keys.messages), keys.text, `${layout} to ${customer}`);
      if (customer === ACCENTS_AT[layout]) t.is(await lines.read(accents.messages), accents.text, layout);
    }
  }
});

const LETTERS: readonly Chord[] = [
  ['KeyA'],
  ['ShiftLeft', 'KeyA'],
  ['Digit1'],
  ['BracketLeft'],
  ['Semicolon'],
];
const CAPS: Chord = ['CapsLock'];

test.serial(
  "letters have the operator's Caps Lock, whatever the customer's is, and leave both as they are",
  async (t) => {
    await using operator = await startOperatorKeyboard();
    await using at = await startTerminal();
    const lines = new Lines(at);
    for (const [layout, customer] of [
      ['it', 'fr'],
      ['fr', 'de'],
      ['de', 'us'],
    ] as const) {
      await operator.setLayout(layout);
      await lines.setLayout(customer);
      for (const locked of [false, true]) {
        const chords = locked ? [CAPS, ...LETTERS, CAPS] : LETTERS;
        const { text, messages } = await typed(operator, chords);
        t.true(/[A-ZÀ-Þ]/.test(text), text);
        for (const there of [false, true]) {
          if (there) await tap(at, 'CapsLock');
          t.is(await lines.read(messages), text, `${layout} ${locked} to ${customer} ${there}`);
          t.is(await isLocked(at, 0x2), there);
          if (there) await tap(at, 'CapsLock');
        }
      }
    }
  },
);

test.serial("the number pad has the operator's Num Lock, whatever the customer's is", async (t) => {
  await using operator = await startOperatorKeyboard();
  await using at = await startTerminal();
  const lines = new Lines(at);
  const pad: readonly Chord[] = [
    ['Numpad7'],
    ['Numpad4'],
    ['NumpadAdd'],
    ['NumpadDivide'],
    ['NumpadDecimal'],
  ];
  await operator.setLayout('it');
  await lines.setLayout('de');
  const off = await operator.typeThere([['Numpad7'], ['Numpad4'], ['Numpad5'], ['NumpadDecimal']]);
  t.deepEqual(
    off.map((message) => message.type === 'key' && `${message.code} ${message.down}`),
    ['Home', 'ArrowLeft', 'Delete'].flatMap((code) => [`${code} true`, `${code} false`]),
  );
  const on = await typed(operator, [['NumLock'], ...pad, ['NumLock']]);
  t.is(on.text, '74+/.');
  for (const there of [false, true]) {
    if (there) await tap(at, 'NumLock');
    t.is(await isLocked(at, 0x10), there);
    t.is(await lines.read(on.messages), on.text);
  }
});

async function tap({ injector }: Terminal, code: KeyCode): Promise<void> {
  await injector.inject({ type: 'key', code, down: true });
  await injector.inject({ type: 'key', code, down: false });
}

/** @param mask of the modifier state: 0x2 Caps Lock, 0x10 Num Lock */
async function isLocked({ display }: Terminal, mask: number): Promise<boolean> {
  using x = await XConnection.open(display, systemClock);
  return ((await x.pointer()).keyMask & mask) !== 0;
}
