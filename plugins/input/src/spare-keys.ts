import type { Clock } from '@livelet/core';
import type { Keymap } from './keymap.js';
import type { XConnection } from './x-connection.js';

/**
 * A key isn't given another character sooner than this after its last use, ms: a program that is behind with its
 * events reads the layout only when it gets to them. 150 was too short for a terminal on a busy machine.
 */
const REST = 400;

interface Assigned {
  readonly keysym: number;
  usedAt: number;
}

/** Puts characters that the layout doesn't have on keycodes that it doesn't use, and clears those in the end. */
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
    for (const [keycode, { keysym }] of this.#assigned) {
      if (!holds(keymap, keycode, keysym)) this.#assigned.delete(keycode);
    }
  }

  /** The keycode that writes `keysym`, with or without Shift; undefined when none was assigned. */
  find(keysym: number): number | undefined {
    for (const [keycode, assigned] of this.#assigned) if (assigned.keysym === keysym) return keycode;
    return undefined;
  }

  /** Tells that a key has been pressed, or is about to be: it is the last to get another character. */
  use(keycode: number): void {
    const assigned = this.#assigned.get(keycode);
    if (assigned === undefined) return;
    this.#assigned.delete(keycode);
    assigned.usedAt = this.#clock.now();
    this.#assigned.set(keycode, assigned);
  }

  /**
   * Puts `keysym` on the free keycode, or on the one used longest ago.
   * @param kept keycodes that must stay as they are
   * @returns 0 when it is done, else after how many ms it can be done; undefined when no keycode can be had
   */
  assign(keymap: Keymap, keysym: number, kept: ReadonlySet<number>): number | undefined {
    const free = keymap.spareKeycodes().find((keycode) => !this.#assigned.has(keycode));
    const keycode = free ?? this.#assigned.keys().next().value;
    if (keycode === undefined || kept.has(keycode)) return undefined;
    const rest = (this.#assigned.get(keycode)?.usedAt ?? Number.NEGATIVE_INFINITY) + REST - this.#clock.now();
    if (rest > 0) return rest;
    this.#assigned.delete(keycode);
    this.#assigned.set(keycode, { keysym, usedAt: this.#clock.now() });
    this.#display.setKeysyms(keycode, [keysym, keysym]);
    return 0;
  }

  /** Leaves the layout as it was found; keycodes that someone else has changed since are theirs. */
  restore(keymap: Keymap): void {
    this.reconcile(keymap);
    for (const keycode of this.#assigned.keys()) this.#display.setKeysyms(keycode, [0, 0]);
    this.#assigned.clear();
  }
}

function holds(keymap: Keymap, keycode: number, keysym: number): boolean {
  const [plain, shifted] = keymap.keysyms(keycode);
  return plain === keysym && shifted === keysym;
}
