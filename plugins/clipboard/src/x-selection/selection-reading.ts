import { type Clock, LiveletError } from '@livelet/core';
import type { Atoms } from './selection-names.js';
import { EVENT, type XConnection, type XEvent } from './x-connection.js';

/** How long the program that copied has for each of its steps, ms. */
const STEP_DEADLINE = 3000;
/** How long it has for all of them, ms: one that never ends would keep what is copied after it waiting. */
const READING_DEADLINE = 20_000;

/**
 * One reading of the CLIPBOARD: conversions one after the other, each small enough to take. It has a window of its own,
 * so that what a late owner still sends arrives nowhere. After an error nothing more can be read.
 */
export class SelectionReading implements Disposable {
  readonly #connection: XConnection;
  readonly #atoms: Atoms;
  readonly #clock: Clock;
  readonly #time: number;
  readonly #until: number;
  readonly #window: number;
  readonly #listening: Disposable;
  /** The conversion under way; told which property has its result, 0 for none. */
  #converted: ((property: number) => void) | undefined;
  /** New values of the property that nobody has taken yet: pieces of an incremental transfer. */
  #values = 0;
  #arrived: (() => void) | undefined;

  /** @param time when the owner became it, by the server's clock */
  constructor(connection: XConnection, atoms: Atoms, clock: Clock, time: number) {
    this.#connection = connection;
    this.#atoms = atoms;
    this.#clock = clock;
    this.#time = time;
    this.#until = clock.now() + READING_DEADLINE;
    this.#window = connection.createWindow();
    this.#listening = connection.listen(this.#window, (event) => this.#hear(event));
  }

  /** The names of what the owner has, as atoms; undefined when it doesn't say. @throws `clipboard-unreadable` */
  async targets(): Promise<ReadonlySet<number> | undefined> {
    const list = await this.read(this.#atoms.TARGETS, MAX_TARGETS * 4);
    if (list === undefined) return undefined;
    const view = new DataView(list.buffer, list.byteOffset, list.byteLength);
    const targets = new Set<number>();
    for (let at = 0; at + 4 <= list.length; at += 4) targets.add(view.getUint32(at, true));
    return targets;
  }

  /**
   * @param limit bytes
   * @returns undefined when the owner refuses this target
   * @throws `clipboard-unreadable` (it is gone, silent for 3 s, or not done in 20 s), `clipboard-too-large`, `display-lost`
   */
  async read(target: number, limit: number): Promise<Uint8Array | undefined> {
    const property = this.#atoms.LIVELET_CLIPBOARD;
    const answer = new Promise<number>((resolve) => {
      this.#converted = resolve;
    });
    this.#connection.convert(this.#window, this.#atoms.CLIPBOARD, target, property, this.#time);
    if ((await this.#within(answer)) === 0) return undefined;
    const { type, data } = await this.#connection.takeProperty(this.#window, property, limit);
    if (type !== this.#atoms.INCR) return data;
    // A lower bound of what comes (ICCCM 2.7.2).
    const announced = data.length >= 4 ? new DataView(data.buffer).getUint32(0, true) : 0;
    if (announced > limit) throw tooLarge(limit);
    return await this.#pieces(property, limit);
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]();
    this.#connection.destroyWindow(this.#window);
  }

  /** The owner writes the next piece when the one before is deleted, and an empty one in the end. */
  async #pieces(property: number, limit: number): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    let length = 0;
    for (;;) {
      await this.#nextValue();
      if (this.#clock.now() >= this.#until)
        throw new LiveletError('clipboard-unreadable', 'the owner is slow');
      const { data } = await this.#connection.takeProperty(this.#window, property, limit - length);
      if (data.length === 0) return Buffer.concat(pieces, length);
      pieces.push(data);
      length += data.length;
    }
  }

  async #nextValue(): Promise<void> {
    if (this.#values === 0) {
      const arrival = new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
      await this.#within(arrival);
    }
    this.#values -= 1;
  }

  #hear(event: XEvent): void {
    if (event.type === EVENT.selectionNotify) {
      // The value that goes with it came before.
      this.#values = 0;
      this.#converted?.(event.property);
      this.#converted = undefined;
    } else if (event.type === EVENT.propertyNotify && event.state === 0) {
      if (event.atom !== this.#atoms.LIVELET_CLIPBOARD) return;
      this.#values += 1;
      this.#arrived?.();
      this.#arrived = undefined;
    }
  }

  async #within<T>(step: Promise<T>): Promise<T> {
    const silent = new LiveletError('clipboard-unreadable', 'the owner is silent');
    return await this.#connection.within(step, STEP_DEADLINE, silent);
  }
}

/** Programs offer some dozens. */
const MAX_TARGETS = 1024;

function tooLarge(limit: number): LiveletError {
  return new LiveletError('clipboard-too-large', 'too much was copied', { data: { limit } });
}
