import type { Clock } from '@livelet/core';
import { FocusedProgram } from './focused-program.js';
import { isCapsLocked, Keymap, type KeyPlan, MASK } from './keymap.js';
import { keysymOf } from './keysyms.js';
import type { Pause } from './pause.js';
import { type ShortcutKey, shortcutKey } from './shortcut-key.js';
import { SpareKeys } from './spare-keys.js';
import type { XConnection } from './x-connection.js';

/** How long programs have at least to notice that the layout has changed, ms. */
const SETTLE = 40;
/**
 * How long the keys of a program that doesn't say when it has seen to its events are left alone, ms. Those are plain
 * ones, which get changes of the layout and keys by one connection, in order.
 */
const REST_SILENT = 400;
/** How long the others have at most, ms. */
const SETTLE_BUSY = 2000;
/** Programs read the layout by a connection of its own, between the rounds of the one that answers. */
const ROUNDS = 4;

/** Writes characters whatever the layout: by its own keys where it has them, else by a spare key. */
export class TextWriter {
  readonly #display: XConnection;
  readonly #spares: SpareKeys;
  readonly #program: FocusedProgram;
  readonly #pause: Pause;
  #keymap: Keymap | undefined;
  #readAt = -1;

  constructor(display: XConnection, clock: Clock, pause: Pause) {
    this.#display = display;
    this.#spares = new SpareKeys(display, clock);
    this.#program = new FocusedProgram(display);
    this.#pause = pause;
  }

  /** How the key of a shortcut is pressed that writes `character`, at `place` in most layouts. */
  async shortcut(place: number, character: string): Promise<ShortcutKey> {
    const [keymap, { keyMask }] = await Promise.all([this.#read(), this.#display.pointer()]);
    return shortcutKey(keymap, keyMask, place, character);
  }

  /**
   * Makes the layout ready for as many of `characters` as it can hold, before they are written one by one, and waits
   * until programs know it.
   * @returns how many those are; 0: none yet
   */
  async prepare(characters: readonly string[]): Promise<number> {
    const [keymap, { keyMask }] = await Promise.all([this.#read(), this.#display.pointer()]);
    const shiftHeld = (keyMask & MASK.shift) !== 0;
    const kept = new Set<number>();
    let changed = false;
    let ready = 0;
    for (const character of characters) {
      const keysym = keysymOf(character);
      if (this.#plan(character, keymap, keyMask) === undefined) {
        const rest = this.#spares.assign(keymap, keysym, kept, shiftHeld);
        if ((rest === undefined && kept.size > 0) || (rest !== undefined && rest > 0 && ready > 0)) break;
        if (rest !== undefined && rest > 0) {
          const window = await this.#comesRound(rest);
          await this.#pause.for(window === 0 ? Math.min(rest, REST_SILENT) : this.#spares.rest());
          if (window === 0) this.#spares.seenByAll();
          return 0;
        }
        changed = true;
      }
      const keycode = this.#spares.find(keysym, shiftHeld)?.keycode;
      if (keycode !== undefined) {
        this.#spares.use(keycode, 0);
        kept.add(keycode);
      }
      ready += 1;
    }
    if (changed) await this.#settle();
    return ready;
  }

  /**
   * What presses and releases the keys that write one character.
   * @returns undefined when no key writes it: a text is prepared then
   */
  async plan(character: string): Promise<(() => void) | undefined> {
    const [keymap, { keyMask }, window] = await Promise.all([
      this.#read(),
      this.#display.pointer(),
      this.#program.window(),
    ]);
    const plan = this.#plan(character, keymap, keyMask);
    if (plan === undefined) return undefined;
    // Caps Lock turns letters round, and how differs from layout to layout.
    const lock = isCapsLocked(character, keyMask) ? keymap.capsLockKeycode : undefined;
    return () => {
      this.#tap(lock);
      this.#spares.use(plan.keycode, window);
      this.#tap(plan.keycode, [
        ...(plan.level3 && (keyMask & keymap.level3Mask) === 0 ? [keymap.level3Keycode] : []),
        ...(plan.shift && (keyMask & MASK.shift) === 0 ? [keymap.shiftKeycodes[0]] : []),
      ]);
      this.#tap(lock);
    };
  }

  /** Programs read a changed layout each in its own time; those pressed before they have would be lost or wrong. */
  async #settle(): Promise<void> {
    await this.#display.sync();
    await this.#pause.for(SETTLE);
    await this.#comesRound(SETTLE_BUSY);
  }

  /** Waits for the program with the focus; 0: it doesn't answer, undefined: not within `deadline` ms. */
  async #comesRound(deadline: number): Promise<number | undefined> {
    const window = await this.#pause.until(this.#program.comesRound(ROUNDS), deadline);
    if (window !== undefined) this.#spares.seen(window);
    return window;
  }

  /** Leaves the keyboard's layout as it was found. */
  async restore(): Promise<void> {
    this.#keymap = undefined;
    this.#spares.restore(await this.#read());
  }

  /**
   * How the layout itself writes a character, or a spare key does. A modifier that the customer holds can't be lifted
   * from here.
   */
  #plan(character: string, keymap: Keymap, state: number): KeyPlan | undefined {
    const shiftHeld = (state & MASK.shift) !== 0;
    const plan = keymap.plan(character, state);
    const inTheWay =
      (shiftHeld && plan?.shift === false) || ((state & keymap.level3Mask) !== 0 && plan?.level3 === false);
    return plan === undefined || inTheWay ? this.#spares.find(keysymOf(character), shiftHeld) : plan;
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
