import { type Clock, type CopiedContent, LiveletError } from '@livelet/core';
import { OutgoingPieces, PIECE_BYTES } from './outgoing-pieces.js';
import { type Atoms, TEXT_TARGETS } from './selection-names.js';
import { ATOM, EVENT, type XConnection, type XEvent } from './x-connection.js';

/** One form of what is owned. */
interface Form {
  /** The type that the answer has. */
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** Gives out what was put on the CLIPBOARD, for as long as nobody else copies. */
export class SelectionOwner implements Disposable {
  readonly window: number;
  readonly #connection: XConnection;
  readonly #atoms: Atoms;
  readonly #pieces: OutgoingPieces;
  readonly #listening: Disposable;
  #forms: ReadonlyMap<number, Form> | undefined;
  #since = 0;

  constructor(connection: XConnection, atoms: Atoms, clock: Clock) {
    this.#connection = connection;
    this.#atoms = atoms;
    this.#pieces = new OutgoingPieces(connection, atoms, clock);
    this.window = connection.createWindow();
    this.#listening = connection.listen(this.window, (event) => this.#hear(event));
  }

  /** Owns the CLIPBOARD with this. @throws `display-lost`, `deadline-exceeded`, `clipboard-unavailable` (another took it at once) */
  async own(content: CopiedContent): Promise<void> {
    const time = await this.#connection.serverTime(this.window);
    this.#forms = this.#formsOf(content);
    this.#since = time;
    this.#connection.own(this.window, this.#atoms.CLIPBOARD, time);
    if ((await this.#connection.ownerOf(this.#atoms.CLIPBOARD)) === this.window) return;
    this.#forms = undefined;
    throw new LiveletError('clipboard-unavailable', 'another program took the clipboard');
  }

  /** Nothing of it can be pasted any more, nor is it kept here. */
  release(): void {
    this.#pieces.drop();
    if (this.#forms === undefined) return;
    this.#forms = undefined;
    this.#connection.own(0, this.#atoms.CLIPBOARD, this.#since);
  }

  [Symbol.dispose](): void {
    this.release();
    this.#listening[Symbol.dispose]();
    this.#connection.destroyWindow(this.window);
  }

  #formsOf({ text, html, png }: CopiedContent): ReadonlyMap<number, Form> {
    const atoms = this.#atoms;
    const forms = new Map<number, Form>();
    if (text) {
      for (const name of TEXT_TARGETS) forms.set(atoms[name], { type: atoms[name], bytes: text });
      forms.set(atoms['text/plain'], { type: atoms['text/plain'], bytes: text });
      forms.set(atoms.TEXT, { type: atoms.UTF8_STRING, bytes: text });
      // Latin-1 by definition (ICCCM 2.6.2), so only for what is the same in both.
      if (text.every((byte) => byte < 0x80)) forms.set(ATOM.string, { type: ATOM.string, bytes: text });
    }
    if (html) forms.set(atoms['text/html'], { type: atoms['text/html'], bytes: html });
    if (png) forms.set(atoms['image/png'], { type: atoms['image/png'], bytes: png });
    // Programs that keep a history of copied things leave out what has this mark.
    forms.set(atoms['x-kde-passwordManagerHint'], {
      type: atoms['x-kde-passwordManagerHint'],
      bytes: new TextEncoder().encode('secret'),
    });
    return forms;
  }

  #hear(event: XEvent): void {
    if (event.selection !== this.#atoms.CLIPBOARD) return;
    if (event.type === EVENT.selectionClear) this.#forms = undefined;
    else if (event.type === EVENT.selectionRequest) this.#connection.answer(event, this.#give(event));
  }

  /** @returns the property that the answer is in; 0: refused, as MULTIPLE is, which nothing needs */
  #give({ requestor, target, property: named, time }: XEvent): number {
    const atoms = this.#atoms;
    const connection = this.#connection;
    // Programs of before 1989 name none (ICCCM 2.2).
    const property = named === 0 ? target : named;
    if (this.#forms === undefined || (time !== 0 && isBefore(time, this.#since))) return 0;
    if (target === atoms.TARGETS) {
      const targets = [atoms.TARGETS, atoms.TIMESTAMP, ...this.#forms.keys()];
      connection.setProperty(requestor, property, ATOM.atom, 32, targets);
      return property;
    }
    if (target === atoms.TIMESTAMP) {
      connection.setProperty(requestor, property, ATOM.integer, 32, [this.#since]);
      return property;
    }
    const form = this.#forms.get(target);
    if (form === undefined) return 0;
    if (form.bytes.length > PIECE_BYTES) {
      return this.#pieces.begin(requestor, property, form.type, form.bytes) ? property : 0;
    }
    connection.setProperty(requestor, property, form.type, 8, form.bytes);
    return property;
  }
}

/** Of two times of the server, which begin again after 49.7 days: X11 protocol, chapter 1. */
function isBefore(time: number, other: number): boolean {
  return (time - other) >> 0 < 0;
}
