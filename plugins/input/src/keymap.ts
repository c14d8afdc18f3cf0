import { characterOf, KEYSYM } from './keysyms.js';

/** Bits of the modifier state that the core protocol reports (X11 protocol, KEYBUTMASK). */
export const MASK = { shift: 1, lock: 2, control: 4 } as const;
/** Where XKB puts the layout's group into that state (XKB protocol, 2.2.2). */
const GROUP_SHIFT = 13;
const GROUP_MASK = 3;

/** How to write one character: which key, and which of the two level modifiers must be down or up. */
export interface KeyPlan {
  readonly keycode: number;
  readonly shift: boolean;
  readonly level3: boolean;
}

/** One reading of the keyboard's layout. */
export class Keymap {
  readonly #first: number;
  readonly #rows: readonly (readonly number[])[];
  /** Keys that are Shift, the first of them the one to press. */
  readonly shiftKeycodes: readonly number[];
  readonly capsLockKeycode: number | undefined;
  readonly level3Keycode: number | undefined;
  readonly level3Mask: number;
  /** For each place on the keyboard (keycode and column) what it writes, the plainest place first. */
  readonly #places = new Map<string, { keycode: number; column: number }[]>();

  /** @param rows keysyms of each keycode from `first` on; @param modifiers keycodes of the eight modifiers */
  constructor(
    first: number,
    rows: readonly (readonly number[])[],
    modifiers: readonly (readonly number[])[],
  ) {
    this.#first = first;
    this.#rows = rows;
    this.shiftKeycodes = (modifiers[0] ?? []).filter((keycode) => keycode !== 0);
    this.capsLockKeycode = modifiers[1]?.find((keycode) => this.keysyms(keycode).includes(KEYSYM.capsLock));
    const level3 = modifiers.findIndex((keycodes) =>
      keycodes.some((keycode) => keycode !== 0 && this.keysyms(keycode).includes(KEYSYM.level3Shift)),
    );
    this.level3Mask = level3 < 0 ? 0 : 1 << level3;
    this.level3Keycode = modifiers[level3]?.find((keycode) =>
      this.keysyms(keycode).includes(KEYSYM.level3Shift),
    );
    rows.forEach((row, index) => {
      row.forEach((keysym, column) => {
        const character = keysym === 0 ? undefined : characterOf(keysym);
        if (character === undefined) return;
        const places = this.#places.get(character) ?? [];
        places.push({ keycode: first + index, column });
        this.#places.set(character, places);
      });
    });
    for (const places of this.#places.values()) places.sort((a, b) => a.column - b.column);
  }

  keysyms(keycode: number): readonly number[] {
    return this.#rows[keycode - this.#first] ?? [];
  }

  /** Whether any key writes it, in whatever group. */
  has(character: string): boolean {
    return this.#places.has(character);
  }

  /** Keycodes that no key of the layout uses. The lowest is left alone: some programs take it for "none". */
  spareKeycodes(): number[] {
    const spares: number[] = [];
    this.#rows.forEach((row, index) => {
      if (index > 0 && row.every((keysym) => keysym === 0)) spares.push(this.#first + index);
    });
    return spares;
  }

  /** The key that writes `character` without a modifier, in the group that `state` says. */
  plainKey(character: string, state: number): number | undefined {
    const column = columnsOf(state)?.[0];
    return this.#places.get(character)?.find((place) => place.column === column)?.keycode;
  }

  /** Whether `keycode` writes `character`, with Shift when `state` has it. */
  writes(keycode: number, character: string, state: number): boolean {
    const column = columnsOf(state)?.[(state & MASK.shift) === 0 ? 0 : 1];
    const places = this.#places.get(character) ?? [];
    return places.some((place) => place.keycode === keycode && place.column === column);
  }

  /** How the layout writes `character` in the group that `state` says, without Caps Lock; undefined when it can't. */
  plan(character: string, state: number): KeyPlan | undefined {
    const columns = columnsOf(state);
    if (columns === undefined) return undefined;
    for (const { keycode, column } of this.#places.get(character) ?? []) {
      const level = columns.indexOf(column);
      if (level < 0 || (level >= 2 && this.level3Keycode === undefined)) continue;
      return { keycode, shift: level % 2 === 1, level3: level >= 2 };
    }
    return undefined;
  }
}

/** Whether Caps Lock has a say in how `character` is written. */
export function isCapsLocked(character: string, state: number): boolean {
  return (state & MASK.lock) !== 0 && isCased(character);
}

/** Columns of the core mapping for levels 1 to 4 of the present group (XKB protocol, 12.4); undefined from group 3 on. */
function columnsOf(state: number): readonly number[] | undefined {
  const group = (state >> GROUP_SHIFT) & GROUP_MASK;
  if (group === 0) return [0, 1, 4, 5];
  return group === 1 ? [2, 3, 6, 7] : undefined;
}

/** Whether Caps Lock turns it into another single character. */
function isCased(character: string): boolean {
  const lower = character.toLowerCase();
  const upper = character.toUpperCase();
  const single = [...lower].length === 1 && [...upper].length === 1;
  return single && lower !== upper && (character === lower || character === upper);
}
