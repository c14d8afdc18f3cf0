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

  /** The window that gets the keys; 0 when none does. */
  async window(): Promise<number> {
    const [focus, pointer] = await Promise.all([this.#display.focus(), this.#display.pointer()]);
    return focus === POINTER_ROOT || focus === this.#display.root ? pointer.child : focus;
  }

  /**
   * Resolves once the program has come round to its events `rounds` times (EWMH, _NET_WM_PING), at once when it
   * answers no such question.
   * @returns the window that gets the keys; 0 when its program doesn't answer
   */
  async comesRound(rounds: number): Promise<number> {
    try {
      const window = await this.window();
      const answering = await this.#answering(window);
      if (answering === undefined) return 0;
      await this.#display.pings(answering, rounds);
      return window;
    } catch (error) {
      // It has just gone.
      if (error instanceof LiveletError && error.code === 'input-unavailable') return 0;
      throw error;
    }
  }

  /** The window to ask: `focused` or one that it lies in. */
  async #answering(focused: number): Promise<number | undefined> {
    const { root } = this.#display;
    let window = focused;
    for (let depth = 0; window !== 0 && window !== root && depth < MAX_NESTING; depth += 1) {
      if (await this.#display.takesPings(window)) return window;
      window = (await this.#display.tree(window)).parent;
    }
    return undefined;
  }
}
