import type { Clock } from '@livelet/core';
import { isCapsLocked, Keymap, type KeyPlan, MASK } from './keymap.js';
import { keysymOf } from './keysyms.js';
import { type ShortcutKey, shortcutKey } from './shortcut-key.js';
import { SpareKeys } from './spare-keys.js';
import type { XConnection } from './x-connection.js';

/** How long programs have to notice that the layout has changed, ms. */
const SETTLE = 40;

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

  /** How the key of a shortcut is pressed that writes `character`, at `place` in most layouts. */
  async shortcut(place: number, character: string): Promise<ShortcutKey> {
    const [keymap, { keyMask }] = await Promise.all([this.#read(), this.#display.pointer()]);
    return shortcutKey(keymap, keyMask, place, character);
  }

  /**
   * Makes the layout ready for as many of `characters` as it can hold, before they are written one by one.
   * @returns how many those are, and how long to wait first, ms
   */
  async prepare(characters: readonly string[]): Promise<{ ready: number; wait: number }> {
    const [keymap, { keyMask }] = await Promise.all([this.#read(), this.#display.pointer()]);
    const kept = new Set<number>();
    let wait = 0;
    let ready = 0;
    for (const character of characters) {
      const keysym = keysymOf(character);
      if (this.#spares.find(keysym) === undefined && planFor(character, keymap, keyMask) === undefined) {
        const rest = this.#spares.assign(keymap, keysym, kept);
        if (rest === undefined && kept.size > 0) break;
        if (rest !== undefined && rest > 0) return ready > 0 ? { ready, wait } : { ready, wait: rest };
        wait = SETTLE;
      }
      const keycode = this.#spares.find(keysym);
      if (keycode !== undefined) {
        this.#spares.use(keycode);
        kept.add(keycode);
      }
      ready += 1;
    }
    return { ready, wait };
  }

  /** Presses and releases what writes one character that is ready. Nothing is written when no key could be had. */
  async write(character: string): Promise<void> {
    const [keymap, { keyMask }] = await Promise.all([this.#read(), this.#display.pointer()]);
    // Caps Lock turns letters round, and how differs from layout to layout.
    const locked = isCapsLocked(character, keyMask);
    if (locked) this.#tap(keymap.capsLockKeycode);
    this.#writePlain(character, keymap, keyMask);
    if (locked) this.#tap(keymap.capsLockKeycode);
  }

  #writePlain(character: string, keymap: Keymap, state: number): void {
    const spare = this.#spares.find(keysymOf(character));
    if (spare !== undefined) {
      this.#spares.use(spare);
      this.#tap(spare);
      return;
    }
    const plan = planFor(character, keymap, state);
    if (plan === undefined) return;
    this.#tap(plan.keycode, [
      ...(plan.level3 && (state & keymap.level3Mask) === 0 ? [keymap.level3Keycode] : []),
      ...(plan.shift && (state & MASK.shift) === 0 ? [keymap.shiftKeycodes[0]] : []),
    ]);
  }

  /** Leaves the keyboard's layout as it was found. */
  async restore(): Promise<void> {
    this.#keymap = undefined;
    this.#spares.restore(await this.#read());
  }

  #tap(keycode: number | undefined, modifiers: readonly (number | undefined)[] = []): void {
    if (keycode === undefined) return;
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
      this.#spares.reconcile(this.#keymap);
    }
    return this.#keymap;
  }
}

/** How the layout itself writes a character. A modifier that the customer holds can't be lifted from here. */
function planFor(character: string, keymap: Keymap, state: number): KeyPlan | undefined {
  const plan = keymap.plan(character, state);
  const inTheWay =
    ((state & MASK.shift) !== 0 && plan?.shift === false) ||
    ((state & keymap.level3Mask) !== 0 && plan?.level3 === false);
  return inTheWay ? undefined : plan;
}
