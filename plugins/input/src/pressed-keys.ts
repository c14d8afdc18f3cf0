import type { KeyCode } from '@livelet/core';
import type { ShortcutKey } from './shortcut-key.js';
import type { XConnection } from './x-connection.js';

export interface Pressed {
  readonly code: KeyCode;
  readonly keycode: number;
}

/**
 * The keys that are held down for the controller. The server's own auto-repeat is off for a held key: the
 * controller sends the repeats, and a window that gets the focus meanwhile gets none of them.
 */
export class PressedKeys {
  readonly #display: XConnection;
  readonly #repeating: Uint8Array;
  readonly #held = new Map<KeyCode, number>();
  /** Released and not yet seen as up by the server. */
  readonly #released = new Set<number>();

  /** @param repeating one bit for each keycode that the server repeats by itself */
  constructor(display: XConnection, repeating: Uint8Array) {
    this.#display = display;
    this.#repeating = repeating;
  }

  /** Down, or down again. */
  press(code: KeyCode, keycode: number): void {
    this.release(code);
    this.#held.set(code, keycode);
    if (hasBit(this.#repeating, keycode)) this.#display.setRepeat(keycode, false);
    this.#display.key(keycode, true);
  }

  /** Down, with other modifiers for that moment. */
  pressShortcut(code: KeyCode, { keycode, lifted, added }: ShortcutKey): void {
    const down = new Set(this.#held.values());
    const modifiers = [
      ...lifted.filter((modifier) => down.has(modifier)).map((modifier) => [modifier, false] as const),
      ...added.map((modifier) => [modifier, true] as const),
    ];
    for (const [modifier, pressed] of modifiers) this.#display.key(modifier, pressed);
    this.press(code, keycode);
    for (const [modifier, pressed] of modifiers.toReversed()) this.#display.key(modifier, !pressed);
  }

  release(code: KeyCode): void {
    const keycode = this.#held.get(code);
    if (keycode === undefined) return;
    this.#held.delete(code);
    this.#released.add(keycode);
    this.#display.key(keycode, false);
    if (hasBit(this.#repeating, keycode)) this.#display.setRepeat(keycode, true);
  }

  releaseAll(): void {
    for (const code of [...this.#held.keys()].toReversed()) this.release(code);
  }

  /** Releases all and tells what it was. */
  lift(): Pressed[] {
    const held = [...this.#held].map(([code, keycode]) => ({ code, keycode }));
    this.releaseAll();
    return held;
  }

  /** Whether the server has seen all that was pressed and released here; else something holds its events back. */
  matches(down: Uint8Array): boolean {
    for (const keycode of this.#released) if (!hasBit(down, keycode)) this.#released.delete(keycode);
    return this.#released.size === 0 && [...this.#held.values()].every((keycode) => hasBit(down, keycode));
  }
}

function hasBit(bits: Uint8Array, index: number): boolean {
  return ((bits[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
}
