import type { OwnWindows } from '@livelet/core';
import { descendsFrom } from './process-tree.js';
import type { DisplayClient, XConnection } from './x-connection.js';

/** Levels of windows inside a top-level one that are searched: a window manager's frame, its wrapper, the window. */
const FRAME_DEPTH = 2;
/** Windows nest less deep than this; also ends a walk through a tree that a broken client made endless. */
const MAX_NESTING = 64;
/** GetInputFocus: keys go to the window under the pointer (X11 protocol, SetInputFocus). */
const POINTER_ROOT = 1;

/**
 * How windows lie in each other, for one look while the server is grabbed. Those that the look before needed are asked
 * for at once, not one after the other: they are seldom others.
 */
class WindowTrees {
  readonly #display: XConnection;
  readonly #asked = new Map<number, ReturnType<XConnection['tree']>>();
  readonly #needed = new Set<number>();

  constructor(display: XConnection, expected: Iterable<number>) {
    this.#display = display;
    // One that has gone is missed only by who asks for it.
    for (const window of expected) this.#ask(window).catch(() => undefined);
  }

  get needed(): Iterable<number> {
    return this.#needed;
  }

  of(window: number): ReturnType<XConnection['tree']> {
    this.#needed.add(window);
    return this.#asked.get(window) ?? this.#ask(window);
  }

  #ask(window: number): ReturnType<XConnection['tree']> {
    const answer = this.#display.tree(window);
    this.#asked.set(window, answer);
    return answer;
  }
}

/**
 * Tells whether injected input would reach the host's own windows. A window is the host's own when the X client that
 * made it is, whatever its kind (pop-up, menu, picture-in-picture), when it lies in such a window, or when it is a
 * frame around one. A client is the host's own when its process is, or descends from one that is; the server knows
 * the process from the socket, so no property that a program sets about itself is trusted. While the host doesn't know
 * its own processes, every window counts as its own.
 *
 * Answers hold only while the server is grabbed.
 */
export class WindowGuard {
  readonly #display: XConnection;
  readonly #ownWindows: OwnWindows;
  readonly #known = new Map<string, boolean>();
  #roots: ReadonlySet<number> = new Set();
  #ownBases: ReadonlySet<number> = new Set();
  #trees: WindowTrees;

  constructor(display: XConnection, ownWindows: OwnWindows) {
    this.#display = display;
    this.#ownWindows = ownWindows;
    this.#trees = new WindowTrees(display, []);
  }

  /** Whether a press at this place would reach an own window. */
  async isOwnAt(x: number, y: number): Promise<boolean> {
    this.#trees = new WindowTrees(this.#display, this.#trees.needed);
    return await this.#isOwnAt(x, y);
  }

  async #isOwnAt(x: number, y: number): Promise<boolean> {
    const [, top] = await Promise.all([this.#refresh(), this.#display.childAt(this.#display.root, x, y)]);
    if (top === 0) return false;
    // Asked together: the server stands still until all is answered, and with it the program that is clicked on.
    const answers = await Promise.all([this.#liesInOwn(top, x, y), this.#surroundsOwn(top, FRAME_DEPTH)]);
    return answers.includes(true);
  }

  /** Whether a key pressed now would reach an own window. */
  async isOwnFocused(): Promise<boolean> {
    this.#trees = new WindowTrees(this.#display, this.#trees.needed);
    const [, focus, pointer] = await Promise.all([
      this.#refresh(),
      this.#display.focus(),
      this.#display.pointer(),
    ]);
    if (focus === 0) return false;
    // Inside the window with the focus, keys go to the window under the pointer.
    if (focus === POINTER_ROOT || focus === this.#display.root) {
      return await this.#isOwnAt(pointer.rootX, pointer.rootY);
    }
    let window = focus;
    let top = focus;
    for (let depth = 0; window !== this.#display.root && depth < MAX_NESTING; depth += 1) {
      if (this.#isOwn(window)) return true;
      top = window;
      window = (await this.#trees.of(window)).parent;
      if (window === 0) break;
    }
    return await this.#surroundsOwn(top, FRAME_DEPTH);
  }

  /** Whether one of the windows at this place is own, from `top` inwards; too deep a nest counts as own. */
  async #liesInOwn(top: number, x: number, y: number): Promise<boolean> {
    let window = top;
    for (let depth = 0; window !== 0 && depth < MAX_NESTING; depth += 1) {
      if (this.#isOwn(window)) return true;
      window = await this.#display.childAt(window, x, y);
    }
    return window !== 0;
  }

  #isOwn(window: number): boolean {
    return this.#ownBases.has((window & ~this.#display.resourceMask) >>> 0);
  }

  async #surroundsOwn(window: number, depth: number): Promise<boolean> {
    const { children } = await this.#trees.of(window);
    if (children.some((child) => this.#isOwn(child))) return true;
    if (depth <= 1) return false;
    const inner = await Promise.all(children.map((child) => this.#surroundsOwn(child, depth - 1)));
    return inner.includes(true);
  }

  async #refresh(): Promise<void> {
    const clients = await this.#display.clients();
    const roots = this.#ownWindows.processIds();
    if (roots === undefined) {
      this.#ownBases = new Set(clients.map(({ base }) => base));
      return;
    }
    if (roots.length !== this.#roots.size || !roots.every((id) => this.#roots.has(id))) {
      this.#roots = new Set(roots);
      this.#known.clear();
    }
    this.#ownBases = new Set(clients.filter((client) => this.#belongs(client)).map(({ base }) => base));
    const present = new Set(clients.map(keyOf));
    for (const key of this.#known.keys()) if (!present.has(key)) this.#known.delete(key);
  }

  #belongs(client: DisplayClient): boolean {
    // Nobody can say whose windows a remote client draws.
    if (client.processId === undefined) return true;
    const key = keyOf(client);
    let own = this.#known.get(key);
    if (own === undefined) {
      own = descendsFrom(client.processId, this.#roots);
      this.#known.set(key, own);
    }
    return own;
  }
}

function keyOf(client: DisplayClient): string {
  return `${client.base}:${client.processId}`;
}
