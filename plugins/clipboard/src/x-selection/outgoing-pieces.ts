import type { Clock } from '@livelet/core';
import type { Atoms } from './selection-names.js';
import { EVENT, MASK, type XConnection, type XEvent } from './x-connection.js';

/** What is larger goes in pieces of so many bytes: well under what any server takes in one request (256 KiB). */
export const PIECE_BYTES = 128 * 1024;
/** How long a program may take for one piece, ms. */
const PIECE_DEADLINE = 5000;
/** Programs that are given something at the same time. */
const MAX_TRANSFERS = 16;

interface Transfer {
  readonly type: number;
  readonly bytes: Uint8Array;
  at: number;
  deadline: Disposable;
  readonly listening: Disposable;
}

/** Incremental transfers to other programs (INCR, ICCCM 2.7.2): a piece each time they deleted the one before. */
export class OutgoingPieces {
  readonly #connection: XConnection;
  readonly #atoms: Atoms;
  readonly #clock: Clock;
  readonly #transfers = new Map<string, Transfer>();

  constructor(connection: XConnection, atoms: Atoms, clock: Clock) {
    this.#connection = connection;
    this.#atoms = atoms;
    this.#clock = clock;
  }

  /** @returns whether there is room for one more */
  begin(window: number, property: number, type: number, bytes: Uint8Array): boolean {
    const key = `${window} ${property}`;
    this.#end(key, window);
    if (this.#transfers.size >= MAX_TRANSFERS) return false;
    const hear = (event: XEvent): void => {
      if (event.type === EVENT.propertyNotify && event.atom === property && event.state === 1) {
        this.#next(key, window, property);
      }
    };
    this.#transfers.set(key, {
      type,
      bytes,
      at: 0,
      deadline: this.#deadline(key, window),
      listening: this.#connection.listen(window, hear),
    });
    this.#connection.select(window, MASK.property);
    this.#connection.setProperty(window, property, this.#atoms.INCR, 32, [bytes.length]);
    return true;
  }

  drop(): void {
    for (const key of [...this.#transfers.keys()]) this.#end(key, Number.parseInt(key, 10));
  }

  #next(key: string, window: number, property: number): void {
    const transfer = this.#transfers.get(key);
    if (transfer === undefined) return;
    const piece = transfer.bytes.subarray(transfer.at, transfer.at + PIECE_BYTES);
    this.#connection.setProperty(window, property, transfer.type, 8, piece);
    transfer.at += piece.length;
    transfer.deadline[Symbol.dispose]();
    if (piece.length === 0) this.#end(key, window);
    else transfer.deadline = this.#deadline(key, window);
  }

  #deadline(key: string, window: number): Disposable {
    return this.#clock.setTimer(PIECE_DEADLINE, () => this.#end(key, window));
  }

  #end(key: string, window: number): void {
    const transfer = this.#transfers.get(key);
    if (transfer === undefined) return;
    this.#transfers.delete(key);
    transfer.deadline[Symbol.dispose]();
    transfer.listening[Symbol.dispose]();
    const shared = [...this.#transfers.keys()].some((other) => other.startsWith(`${window} `));
    if (!shared) this.#connection.select(window, 0);
  }
}
