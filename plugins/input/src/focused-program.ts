import { LiveletError } from '@livelet/core';
import type { XConnection } from './x-connection.js';

/** GetInputFocus: keys go to the window under the pointer (X11 protocol, SetInputFocus). */
const POINTER_ROOT = 1;
/** A window with the focus lies less deep than this in the one that its program told the window manager of. */
const MAX_NESTING = 8;

/** The program that gets the keys, as far as it answers a window manager's question whether it is alive. */
export class FocusedProgram {
  readonly #display: XConnection;

  constructor(display: XConnection) {
    this.#display = display;
  }

  /**
   * Resolves once the program has come round to its events `rounds` times (EWMH, _NET_WM_PING), at once when it
   * answers no such question.
   * @returns whether it does
   */
  async comesRound(rounds: number): Promise<boolean> {
    const window = await this.#answering();
    if (window !== undefined) await this.#display.pings(window, rounds);
    return window !== undefined;
  }

  /** The window to ask; undefined also when it has just gone. */
  async #answering(): Promise<number | undefined> {
    try {
      const [focus, pointer] = await Promise.all([this.#display.focus(), this.#display.pointer()]);
      const { root } = this.#display;
      let window = focus === POINTER_ROOT || focus === root ? pointer.child : focus;
      for (let depth = 0; window !== 0 && window !== root && depth < MAX_NESTING; depth += 1) {
        if (await this.#display.takesPings(window)) return window;
        window = (await this.#display.tree(window)).parent;
      }
    } catch (error) {
      if (!(error instanceof LiveletError && error.code === 'input-unavailable')) throw error;
    }
    return undefined;
  }
}
