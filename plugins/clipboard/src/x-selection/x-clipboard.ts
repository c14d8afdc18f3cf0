import {
  asLiveletError,
  type ClipboardRefusal,
  type Clock,
  type CopiedContent,
  isClipboardRefusal,
} from '@livelet/core';
import { readClipboard } from './content-reader.js';
import type { CopiedFileList } from './file-list.js';
import { ATOM_NAMES, type Atoms } from './selection-names.js';
import { SelectionOwner } from './selection-owner.js';
import { XConnection, type XEvent } from './x-connection.js';

/** Between two readings, ms: who copies faster shares the last of it. */
const READ_REST = 150;

/** Something was copied on this computer. */
export interface Copied {
  readonly content?: CopiedContent;
  /** Why there is none. */
  readonly refusal?: ClipboardRefusal;
  /** With `clipboard-files`: which, if that can be told. */
  readonly files?: CopiedFileList;
  /** The program in which it was copied, as the display numbers them. */
  readonly program: number;
}

/** The CLIPBOARD of an X display. PRIMARY, which changes with every marked word, is never touched. */
export class XClipboard implements Disposable {
  readonly #connection: XConnection;
  readonly #atoms: Atoms;
  readonly #clock: Clock;
  readonly #owner: SelectionOwner;
  readonly #watchers = new Set<(event: XEvent) => void>();
  readonly #listening: Disposable;

  /** @throws `display-unavailable`, `clipboard-unavailable`, `deadline-exceeded` */
  static async open(display: string, clock: Clock): Promise<XClipboard> {
    const connection = await XConnection.open(display, clock);
    try {
      return new XClipboard(connection, await connection.atoms(ATOM_NAMES), clock);
    } catch (error) {
      connection[Symbol.dispose]();
      throw error;
    }
  }

  private constructor(connection: XConnection, atoms: Atoms, clock: Clock) {
    this.#connection = connection;
    this.#atoms = atoms;
    this.#clock = clock;
    this.#owner = new SelectionOwner(connection, atoms, clock);
    connection.watchSelection(this.#owner.window, atoms.CLIPBOARD);
    this.#listening = connection.listen(this.#owner.window, (event) => {
      if (event.type !== connection.ownerChanged || event.selection !== atoms.CLIPBOARD) return;
      for (const watcher of this.#watchers) watcher(event);
    });
  }

  get ended(): Promise<void> {
    return this.#connection.ended;
  }

  /** Can be pasted on this computer from now on. @throws `display-lost`, `deadline-exceeded`, `clipboard-unavailable` */
  async put(content: CopiedContent): Promise<void> {
    await this.#owner.own(content);
  }

  /** Takes back what was put. */
  release(): void {
    this.#owner.release();
  }

  /**
   * Resolves when all that was copied before has come to whoever watched then: the display answers in order.
   * @throws `display-lost`
   */
  async settled(): Promise<void> {
    await this.#connection.ownerOf(this.#atoms.CLIPBOARD);
  }

  /** What lies there now, and in which program; undefined: nothing, or what was put here. @throws `display-lost` */
  async look(): Promise<Copied | undefined> {
    const owner = await this.#connection.ownerOf(this.#atoms.CLIPBOARD);
    return owner === 0 || owner === this.#owner.window ? undefined : await this.#read(owner, 0);
  }

  /**
   * Tells what is copied from now on, one after the other, and no more until `listener` is done; of what is copied
   * meanwhile only the last. Ends silently with the connection.
   * @param changed called at once when something else lies there, or nothing, whoever did it
   */
  watch(listener: (copied: Copied) => Promise<void>, changed: () => void = () => undefined): Disposable {
    let latest: XEvent | undefined;
    let busy = false;
    const work = async (): Promise<void> => {
      if (busy) return;
      busy = true;
      try {
        while (latest !== undefined && this.#watchers.has(watcher)) {
          const event = latest;
          await this.#rest();
          // Copied again within the rest.
          if (event !== latest) continue;
          const copied = await this.#read(event.owner, event.timestamp);
          if (event !== latest) continue;
          latest = undefined;
          if (this.#watchers.has(watcher)) await listener(copied);
        }
      } catch {
        // The connection is over, which `ended` tells.
      } finally {
        busy = false;
      }
    };
    const watcher = (event: XEvent): void => {
      changed();
      // An owner that goes is found gone by whoever reads; nobody else has to know.
      if (event.subtype !== 0 || event.owner === 0) return;
      // What is put here is known.
      latest = event.owner === this.#owner.window ? undefined : event;
      void work();
    };
    this.#watchers.add(watcher);
    return { [Symbol.dispose]: () => void this.#watchers.delete(watcher) };
  }

  /** Nothing of what was put can be pasted any more. */
  [Symbol.dispose](): void {
    this.#watchers.clear();
    this.#listening[Symbol.dispose]();
    this.#owner[Symbol.dispose]();
    this.#connection[Symbol.dispose]();
  }

  async #rest(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#clock.setTimer(READ_REST, resolve);
    });
  }

  async #read(owner: number, time: number): Promise<Copied> {
    const program = owner & ~this.#connection.resourceMask;
    try {
      const { content, files } = await readClipboard(this.#connection, this.#atoms, this.#clock, time);
      return files ? { program, refusal: 'clipboard-files', files } : { program, content };
    } catch (error) {
      const { code } = asLiveletError(error);
      if (code === 'display-lost') throw error;
      return { program, refusal: isClipboardRefusal(code) ? code : 'clipboard-unreadable' };
    }
  }
}
