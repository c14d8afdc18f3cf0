import type { Clock } from '@livelet/core';
import type { Keymap, KeyPlan } from './keymap.js';
import { keysymOf } from './keysyms.js';
import type { XConnection } from './x-connection.js';

/**
 * A key isn't given other characters sooner than this after its last use, ms, unless the program that got it has come
 * round since: one that is behind with its events reads the layout only when it gets to them.
 */
const REST = 2000;
/** Keycodes that are left for characters which nobody foresaw. */
const RESERVED = 5;
/** What people write in Europe beside English, the likeliest first: put on keys at the first character that needs one. */
const COMMON = [...'àèéìòùçÀÈÉ€£°§äöüÄÖÜß«»ñÑÇ“”–…êâôœ'];

interface Assigned {
  /** Alone. */
  readonly plain: number;
  /** With Shift; the same when nothing else is there yet. */
  readonly shifted: number;
  usedAt: number;
  /** The window that got it last; 0 before it was pressed. */
  usedIn: number;
}

/**
 * Puts characters that the layout doesn't have on keycodes that it doesn't use, and clears those in the end. Programs
 * notice a change of the layout late and each in its own time, so a character keeps its place while there are others.
 */
export class SpareKeys {
  readonly #display: XConnection;
  readonly #clock: Clock;
  /** By keycode, the one used longest ago first. */
  readonly #assigned = new Map<number, Assigned>();

  constructor(display: XConnection, clock: Clock) {
    this.#display = display;
    this.#clock = clock;
  }

  /** Forgets what a newly read layout has no more. */
  reconcile(keymap: Keymap): void {
    for (const [keycode, { plain, shifted }] of this.#assigned) {
      const row = keymap.keysyms(keycode);
      if (row[0] !== plain || row[1] !== shifted) this.#assigned.delete(keycode);
    }
  }

  /**
   * The key that writes `keysym`; undefined when none was assigned.
   * @param shiftHeld whether the customer holds Shift, which can't be lifted from here
   */
  find(keysym: number, shiftHeld: boolean): KeyPlan | undefined {
    for (const [keycode, { plain, shifted }] of this.#assigned) {
      if (plain === keysym && !shiftHeld) return { keycode, shift: false, level3: false };
      if (shifted === keysym) return { keycode, shift: true, level3: false };
    }
    return undefined;
  }

  /**
   * Tells that a key is pressed: it is the last to get other characters.
   * @param window what gets it; 0 when it is only about to be pressed
   */
  use(keycode: number, window: number): void {
    const assigned = this.#assigned.get(keycode);
    if (assigned === undefined) return;
    this.#assigned.delete(keycode);
    assigned.usedAt = this.#clock.now();
    assigned.usedIn = window;
    this.#assigned.set(keycode, assigned);
  }

  /** Tells that a window's program has seen to all keys pressed before: those may be given other characters at once. */
  seen(window: number): void {
    for (const assigned of this.#assigned.values()) {
      if (window !== 0 && assigned.usedIn === window) assigned.usedAt = Number.NEGATIVE_INFINITY;
    }
  }

  /** Tells that every program has had its time. */
  seenByAll(): void {
    for (const assigned of this.#assigned.values()) assigned.usedAt = Number.NEGATIVE_INFINITY;
  }

  /**
   * Puts `keysym` on a free keycode, else beside another character, else in place of what was used longest ago.
   * @param kept keycodes whose characters must stay
   * @returns 0 when it is done, else after how many ms it can be done; undefined when no keycode can be had
   */
  assign(keymap: Keymap, keysym: number, kept: ReadonlySet<number>, shiftHeld: boolean): number | undefined {
    const [free] = this.#free(keymap);
    if (free !== undefined) {
      const isFirst = this.#assigned.size === 0;
      this.#set(free, keysym, keysym);
      if (isFirst) this.#foresee(keymap);
      return 0;
    }
    const half = shiftHeld ? undefined : this.#halfFree();
    if (half !== undefined) {
      this.#set(half[0], half[1].plain, keysym);
      return 0;
    }
    const [oldest] = this.#assigned;
    if (oldest === undefined || kept.has(oldest[0])) return undefined;
    const rest = this.rest();
    if (rest > 0) return rest;
    this.#set(oldest[0], keysym, keysym);
    return 0;
  }

  /** How long the key used longest ago must still be left alone, ms; 0: no more. */
  rest(): number {
    const [oldest] = this.#assigned.values();
    return oldest === undefined ? 0 : Math.max(0, oldest.usedAt + REST - this.#clock.now());
  }

  /** Leaves the layout as it was found; keycodes that someone else has changed since are theirs. */
  restore(keymap: Keymap): void {
    this.reconcile(keymap);
    for (const keycode of this.#assigned.keys()) this.#display.setKeysyms(keycode, [0, 0]);
    this.#assigned.clear();
  }

  /** What is likely to come next, so that programs have noticed it by then. */
  #foresee(keymap: Keymap): void {
    const missing = COMMON.filter((character) => !keymap.has(character))
      .map(keysymOf)
      .filter((keysym) => this.find(keysym, false) === undefined);
    for (const keycode of this.#free(keymap).slice(0, -RESERVED)) {
      const [plain, shifted = plain] = missing.splice(0, 2);
      if (plain !== undefined && shifted !== undefined) this.#set(keycode, plain, shifted);
    }
  }

  #free(keymap: Keymap): number[] {
    return keymap.spareKeycodes().filter((keycode) => !this.#assigned.has(keycode));
  }

  #halfFree(): readonly [number, Assigned] | undefined {
    for (const entry of this.#assigned) if (entry[1].plain === entry[1].shifted) return entry;
    return undefined;
  }

  #set(keycode: number, plain: number, shifted: number): void {
    const { usedAt, usedIn } = this.#assigned.get(keycode) ?? { usedAt: Number.NEGATIVE_INFINITY, usedIn: 0 };
    this.#assigned.delete(keycode);
    this.#assigned.set(keycode, { plain, shifted, usedAt, usedIn });
    this.#display.setKeysyms(keycode, [plain, shifted]);
  }
}
