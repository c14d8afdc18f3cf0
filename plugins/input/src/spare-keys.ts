import type { Clock } from '@livelet/core';
import type { Keymap } from './keymap.js';
import type { XConnection } from './x-connection.js';

/**
 * A key isn't given another character sooner than this, ms: a program that is behind with its events reads the
 * layout only when it gets to them.
 */
const REST = 150;

interface Assigned {
  readonly keysyms: readonly number[];
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

  /** How long to wait before `assign` may be called for these keysyms, ms. */
  wait(keymap: Keymap, keysyms: readonly number[]): number {
    if (this.#holding(keymap, keysyms) !== undefined || keymap.spareKeycodes().length > 0) return 0;
    const oldest = this.#assigned.values().next().value;
    return oldest === undefined ? 0 : Math.max(0, oldest.usedAt + REST - this.#clock.now());
  }

  /** The keycode that now writes `keysyms`; undefined when the layout leaves no keycode free. */
  assign(keymap: Keymap, keysyms: readonly number[]): number | undefined {
    const held = this.#holding(keymap, keysyms);
    const keycode = held ?? keymap.spareKeycodes()[0] ?? this.#assigned.keys().next().value;
    if (keycode === undefined) return undefined;
    this.#assigned.delete(keycode);
    this.#assigned.set(keycode, { keysyms, usedAt: this.#clock.now() });
    if (held === undefined) this.#display.setKeysyms(keycode, [...keysyms]);
    return keycode;
  }

  /** Leaves the layout as it was found; keycodes that someone else has changed since are theirs. */
  restore(keymap: Keymap): void {
    for (const [keycode, { keysyms }] of this.#assigned) {
      if (holds(keymap, keycode, keysyms))
        this.#display.setKeysyms(
          keycode,
          keysyms.map(() => 0),
        );
    }
    this.#assigned.clear();
  }

  #holding(keymap: Keymap, keysyms: readonly number[]): number | undefined {
    for (const [keycode, assigned] of this.#assigned) {
      if (!holds(keymap, keycode, assigned.keysyms)) {
        // A new layout was loaded meanwhile.
        this.#assigned.delete(keycode);
      } else if (assigned.keysyms.every((keysym, index) => keysym === keysyms[index])) {
        return keycode;
      }
    }
    return undefined;
  }
}

function holds(keymap: Keymap, keycode: number, keysyms: readonly number[]): boolean {
  const row = keymap.keysyms(keycode);
  return keysyms.every((keysym, index) => row[index] === keysym);
}
