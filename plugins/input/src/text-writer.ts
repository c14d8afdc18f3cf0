import type { Clock } from '@livelet/core';
import { Keymap, MASK, spareKeysyms } from './keymap.js';
import { SpareKeys } from './spare-keys.js';
import type { XConnection } from './x-connection.js';

/** Writes characters whatever the layout: by its own keys where it has them, else by a spare key. */
export class TextWriter {
  readonly #display: XConnection;
  readonly #spares: SpareKeys;
  #keymap: Keymap | undefined;
  #readAt = -1;

  constructor(display: XConnection, clock: Clock) {
    this.#display = display;
    this.#spares = new SpareKeys(display, clock);
  }

  /** The key that writes `character` by itself; undefined when there is none, or no character. */
  async plainKey(character: string | undefined): Promise<number | undefined> {
    if (character === undefined) return undefined;
    const [keymap, { keyMask }] = await Promise.all([this.#read(), this.#display.pointer()]);
    return keymap.plainKey(character, keyMask);
  }

  /** How long to wait before writing `character`, ms. */
  async wait(character: string): Promise<number> {
    const [keymap, { keyMask }] = await Promise.all([this.#read(), this.#display.pointer()]);
    if (keymap.plan(character, keyMask) !== undefined) return 0;
    return this.#spares.wait(keymap, spareKeysyms(character, keyMask).keysyms);
  }

  /** Presses and releases what writes one character. Nothing is written when the layout leaves no spare key. */
  async write(character: string): Promise<void> {
    const [keymap, { keyMask }] = await Promise.all([this.#read(), this.#display.pointer()]);
    const plan = keymap.plan(character, keyMask);
    const shifted = (keyMask & MASK.shift) !== 0;
    const level3 = (keyMask & keymap.level3Mask) !== 0;
    // A modifier that the customer holds can't be lifted from here; a spare key that ignores it can be used.
    if (plan !== undefined && plan.shift >= shifted && plan.level3 >= level3) {
      const modifiers = [
        ...(plan.level3 && !level3 ? [keymap.level3Keycode] : []),
        ...(plan.shift && !shifted ? [keymap.shiftKeycode] : []),
      ];
      this.#tap(plan.keycode, modifiers);
      return;
    }
    const spare = spareKeysyms(character, keyMask);
    const keycode = this.#spares.assign(keymap, spare.keysyms);
    // What the server made of it is known once it is read again.
    this.#keymap = undefined;
    if (keycode !== undefined) this.#tap(keycode, spare.shift && !shifted ? [keymap.shiftKeycode] : []);
  }

  /** Leaves the keyboard's layout as it was found. */
  async restore(): Promise<void> {
    this.#spares.restore(await this.#read());
  }

  #tap(keycode: number, modifiers: readonly (number | undefined)[]): void {
    const chord = modifiers.filter((modifier) => modifier !== undefined);
    for (const modifier of chord) this.#display.key(modifier, true);
    this.#display.key(keycode, true);
    this.#display.key(keycode, false);
    for (const modifier of chord.toReversed()) this.#display.key(modifier, false);
  }

  async #read(): Promise<Keymap> {
    const changes = this.#display.keymapChanges;
    if (this.#keymap === undefined || changes !== this.#readAt) {
      const [rows, modifiers] = await Promise.all([this.#display.keysyms(), this.#display.modifiers()]);
      this.#keymap = new Keymap(this.#display.firstKeycode, rows, modifiers);
      this.#readAt = changes;
    }
    return this.#keymap;
  }
}
