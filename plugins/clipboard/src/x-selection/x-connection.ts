import { asLiveletError, type Clock, LiveletError } from '@livelet/core';
import x11, { type XClient, type XDisplay, type XEvent, type XFixes, type XProperty } from 'x11';

/** How long the display server has to take a connection or to answer, ms. */
export const SERVER_DEADLINE = 5000;
/** Atoms of the core protocol: X11 protocol, appendix A. */
export const ATOM = { atom: 4, integer: 19, string: 31 } as const;
/** Events and their masks: X11 protocol, appendix B. */
export const EVENT = {
  destroyNotify: 17,
  propertyNotify: 28,
  selectionClear: 29,
  selectionRequest: 30,
  selectionNotify: 31,
} as const;
export const MASK = { structure: 1 << 17, property: 1 << 22 } as const;
const INPUT_ONLY = 2;
/** SetSelectionOwner, SelectionWindowDestroy, SelectionClientClose: XFIXES 2.0. */
const ALL_SELECTION_EVENTS = 7;
/** What a property is read in, 4-byte units. */
const READ_UNITS = 64 * 1024;

export type { XEvent } from 'x11';

/** A connection to a display for its selections: requests as promises, events by window. */
export class XConnection implements Disposable {
  /** What isn't the client's own range in a resource id. */
  readonly resourceMask: number;
  /** The number of XFIXES' SelectionNotify. */
  readonly ownerChanged: number;
  /** Resolves when the connection is over, lost or closed. */
  readonly ended: Promise<void>;
  readonly #client: XClient;
  readonly #root: number;
  readonly #fixes: XFixes;
  readonly #clock: Clock;
  readonly #waiting = new Set<(error: LiveletError) => void>();
  readonly #listeners = new Map<number, Set<(event: XEvent) => void>>();
  readonly #atoms = new Map<string, Promise<number>>();
  #over = false;

  /** @throws `display-unavailable`, `clipboard-unavailable` (no XFIXES) */
  static async open(name: string, clock: Clock): Promise<XConnection> {
    const display = await ready(name, clock);
    try {
      return new XConnection(display, await fixesOf(display.client, clock), clock);
    } catch (error) {
      display.client.terminate();
      throw error;
    }
  }

  private constructor(display: XDisplay, fixes: XFixes, clock: Clock) {
    this.#client = display.client;
    // The library keeps one table for all displays, whose atoms have nothing in common.
    this.#client.atoms = {};
    this.#root = display.screen[0]?.root ?? 0;
    this.#fixes = fixes;
    this.#clock = clock;
    this.resourceMask = display.resource_mask;
    this.ownerChanged = fixes.firstEvent;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    const over = (): void => {
      this.#over = true;
      for (const reject of this.#waiting) reject(lost());
      this.#waiting.clear();
      resolve();
    };
    this.#client.on('end', over);
    // Errors of single requests arrive here too: a window that has just gone. Only a broken socket ends it all.
    this.#client.on('error', (error) => {
      if ('code' in error || 'errno' in error) over();
    });
    this.#client.on('event', (event) => this.#dispatch(event));
  }

  get over(): boolean {
    return this.#over;
  }

  /** A window that is never seen, for properties and selections. */
  createWindow(): number {
    const id = this.#client.AllocID();
    this.#client.CreateWindow(id, this.#root, 0, 0, 1, 1, 0, 0, INPUT_ONLY, 0, { eventMask: MASK.property });
    return id;
  }

  destroyWindow(window: number): void {
    if (!this.#over) this.#client.DestroyWindow(window);
  }

  /** Events about `window`: its properties, selections asked of it, given to it and taken from it. */
  listen(window: number, listener: (event: XEvent) => void): Disposable {
    const listeners = this.#listeners.get(window) ?? new Set();
    this.#listeners.set(window, listeners.add(listener));
    return {
      [Symbol.dispose]: () => {
        listeners.delete(listener);
        if (listeners.size === 0) this.#listeners.delete(window);
      },
    };
  }

  /** Which events of someone else's window come here. */
  select(window: number, eventMask: number): void {
    if (!this.#over) this.#client.ChangeWindowAttributes(window, { eventMask });
  }

  /** Changes of a selection's owner come as `ownerChanged` to `window` from now on. */
  watchSelection(window: number, selection: number): void {
    this.#fixes.SelectSelectionInput(window, selection, ALL_SELECTION_EVENTS);
  }

  async atom(name: string): Promise<number> {
    let atom = this.#atoms.get(name);
    if (atom === undefined) {
      atom = this.#ask((reply) => this.#client.InternAtom(false, name, reply));
      this.#atoms.set(name, atom);
    }
    return await atom;
  }

  async atoms<N extends string>(names: readonly N[]): Promise<Readonly<Record<N, number>>> {
    const pairs = await Promise.all(names.map(async (name) => [name, await this.atom(name)] as const));
    return Object.fromEntries(pairs) as Record<N, number>;
  }

  setProperty(
    window: number,
    property: number,
    type: number,
    format: 8 | 32,
    data: Uint8Array | number[],
  ): void {
    if (this.#over) return;
    // The library copies nothing but a Buffer's bytes.
    const bytes = data instanceof Uint8Array ? bufferOf(data) : data;
    this.#client.ChangeProperty(0, window, property, type, format, bytes);
  }

  /**
   * A property's whole value, which is deleted then.
   * @param limit bytes; of a longer one nothing more is read
   * @throws `clipboard-too-large`
   */
  async takeProperty(
    window: number,
    property: number,
    limit: number,
  ): Promise<{ type: number; data: Uint8Array }> {
    const parts: Uint8Array[] = [];
    let length = 0;
    for (;;) {
      const part = await this.#ask<XProperty>((reply) =>
        this.#client.GetProperty(1, window, property, 0, length / 4, READ_UNITS, reply),
      );
      parts.push(part.data);
      length += part.data.length;
      if (length + part.bytesAfter > limit) {
        throw new LiveletError('clipboard-too-large', 'a property too large', { data: { limit } });
      }
      if (part.bytesAfter === 0) return { type: part.type, data: joined(parts, length) };
    }
  }

  own(window: number, selection: number, time: number): void {
    if (!this.#over) this.#client.SetSelectionOwner(window, selection, time);
  }

  async ownerOf(selection: number): Promise<number> {
    return await this.#ask((reply) => this.#client.GetSelectionOwner(selection, reply));
  }

  convert(window: number, selection: number, target: number, property: number, time: number): void {
    this.#client.ConvertSelection(window, selection, target, property, time);
  }

  /** Answers a request for a selection; `property` 0: refused. */
  answer({ requestor, selection, target, time }: XEvent, property: number): void {
    if (this.#over) return;
    const name = 'SelectionNotify';
    this.#client.SendEvent(requestor, 0, 0, {
      name,
      seq: 0,
      time,
      requestor,
      selection,
      target,
      property,
    });
  }

  /** The server's own time, by which owners are told apart. */
  async serverTime(window: number): Promise<number> {
    const property = await this.atom('LIVELET_TIME');
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    using _listening = this.listen(window, (event) => {
      if (event.type === EVENT.propertyNotify && event.atom === property) resolve(event.time);
    });
    using _waiting = this.#waits(reject);
    this.setProperty(window, property, ATOM.integer, 32, [0]);
    return await promise;
  }

  /**
   * What comes by events rather than by an answer.
   * @throws `display-lost`, or `late` after `deadline` ms
   */
  async within<T>(step: Promise<T>, deadline: number, late: LiveletError): Promise<T> {
    const { promise, reject } = Promise.withResolvers<never>();
    using _ = this.#waits(reject, deadline, late);
    return await Promise.race([step, promise]);
  }

  async sync(): Promise<void> {
    await this.#ask((reply) => this.#client.sync(reply));
  }

  [Symbol.dispose](): void {
    if (!this.#over) this.#client.terminate();
  }

  #dispatch(event: XEvent): void {
    const window = windowOf(event, this.ownerChanged);
    for (const listener of this.#listeners.get(window) ?? []) listener(event);
  }

  /** @throws `display-lost`, `deadline-exceeded`, `clipboard-unreadable` (the server refused, such as for a window just gone) */
  async #ask<T>(start: (reply: (error: Error | null | undefined, value: T) => boolean) => void): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    using _ = this.#waits(reject);
    start((error, value) => {
      if (error) reject(asLiveletError(error, 'clipboard-unreadable'));
      else resolve(value);
      return true;
    });
    return await promise;
  }

  #waits(reject: (error: LiveletError) => void, deadline = SERVER_DEADLINE, late = silent()): Disposable {
    if (this.#over) throw lost();
    this.#waiting.add(reject);
    const timer = this.#clock.setTimer(deadline, () => reject(late));
    return {
      [Symbol.dispose]: () => {
        timer[Symbol.dispose]();
        this.#waiting.delete(reject);
      },
    };
  }
}

function windowOf(event: XEvent, ownerChanged: number): number {
  switch (event.type) {
    case EVENT.propertyNotify:
    case EVENT.destroyNotify:
      return event.wid;
    case EVENT.selectionNotify:
      return event.requestor;
    case EVENT.selectionRequest:
    case EVENT.selectionClear:
      return event.owner;
    case ownerChanged:
      return event.window;
    default:
      return 0;
  }
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  // A copy in any case: what the library gives is a view of all that the socket brought.
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

async function ready(name: string, clock: Clock): Promise<XDisplay> {
  const { promise, resolve, reject } = Promise.withResolvers<XDisplay>();
  const unavailable = (cause: unknown): LiveletError =>
    new LiveletError('display-unavailable', 'no display', { cause });
  using _ = clock.setTimer(SERVER_DEADLINE, () => reject(unavailable(new Error('no answer'))));
  try {
    x11.createClient({ display: name }, (error, display) =>
      error ? reject(unavailable(error)) : resolve(display),
    );
  } catch (error) {
    throw unavailable(error);
  }
  return await promise;
}

async function fixesOf(client: XClient, clock: Clock): Promise<XFixes> {
  const { promise, resolve, reject } = Promise.withResolvers<XFixes>();
  const unavailable = (cause?: unknown): LiveletError =>
    new LiveletError('clipboard-unavailable', 'the display tells nothing of its selections', { cause });
  using _ = clock.setTimer(SERVER_DEADLINE, () => reject(unavailable()));
  client.require('fixes', (error, fixes) => {
    if (error) reject(unavailable(error));
    else resolve(fixes);
    return true;
  });
  return await promise;
}

function silent(): LiveletError {
  return new LiveletError('deadline-exceeded', 'display is silent');
}

function lost(): LiveletError {
  return new LiveletError('display-lost', 'the connection to the display is over');
}
