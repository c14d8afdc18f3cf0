import type { Side } from '../contracts/session.js';
import { LiveletError } from '../errors.js';
import type { MuxStream } from './byte-stream.js';
import type { ServicePath } from './streams.js';

/** Streams that the peer may have open here. */
const MAX_INBOUND_STREAMS = 64;
/** Streams open in both directions together. */
const MAX_STREAMS = 128;
/** Stream numbers are u32. */
const LAST_STREAM = 0xffff_ffff;

/** A peer's stream that no plugin has taken yet. */
export interface WaitingStream {
  readonly path: ServicePath;
  /** What the peer lets this end send. */
  readonly credit: number;
  /** Refuses it when its time is up. */
  readonly deadline: Disposable;
}

/**
 * The streams of a session by number. The operator's end opens odd ones, the customer's end even ones, each counting
 * up and never using one twice; so two numbers tell which streams there have been.
 */
export class StreamTable {
  readonly #open = new Map<number, MuxStream>();
  readonly #waiting = new Map<number, WaitingStream>();
  readonly #peerParity: number;
  #nextOwn: number;
  #lastOfPeer = 0;

  constructor(side: Side) {
    this.#nextOwn = side === 'operator' ? 1 : 2;
    this.#peerParity = side === 'operator' ? 0 : 1;
  }

  get size(): number {
    return this.#open.size + this.#waiting.size;
  }

  /** Bytes that streams have taken and no record carries yet. */
  get queuedBytes(): number {
    let bytes = 0;
    for (const stream of this.#open.values()) bytes += stream.queuedBytes;
    return bytes;
  }

  /** A number for a stream of this end. @throws `too-many-streams` */
  takeNumber(): number {
    if (this.size >= MAX_STREAMS || this.#nextOwn > LAST_STREAM) throw new LiveletError('too-many-streams');
    const id = this.#nextOwn;
    this.#nextOwn += 2;
    return id;
  }

  /**
   * The peer has opened `id`. False: there is no room for it.
   * @throws `frame-malformed` for a number that is not the peer's or was used
   */
  takePeerNumber(id: number): boolean {
    if (!this.isOfPeer(id) || id <= this.#lastOfPeer) throw notOpen(id);
    this.#lastOfPeer = id;
    let inbound = this.#waiting.size;
    for (const open of this.#open.keys()) if (this.isOfPeer(open)) inbound++;
    return inbound < MAX_INBOUND_STREAMS && this.size < MAX_STREAMS;
  }

  isOfPeer(id: number): boolean {
    return id % 2 === this.#peerParity;
  }

  add(stream: MuxStream): void {
    this.#open.set(stream.id, stream);
  }

  /**
   * The open stream `id`; undefined for one that is over, of which frames may still be on their way.
   * @throws `frame-malformed` for one that isn't open yet
   */
  find(id: number): MuxStream | undefined {
    const stream = this.#open.get(id);
    if (stream) return stream;
    const past = this.isOfPeer(id) ? id <= this.#lastOfPeer : id < this.#nextOwn;
    if (id === 0 || !past || this.#waiting.has(id)) throw notOpen(id);
    return undefined;
  }

  /** The stream `id` if it is open. */
  open(id: number): MuxStream | undefined {
    return this.#open.get(id);
  }

  delete(id: number): void {
    this.#open.delete(id);
  }

  streams(): readonly MuxStream[] {
    return [...this.#open.values()];
  }

  addWaiting(id: number, waiting: WaitingStream): void {
    this.#waiting.set(id, waiting);
  }

  isWaiting(id: number): boolean {
    return this.#waiting.has(id);
  }

  /** Takes `id` out of those that wait and stops its deadline. */
  takeWaiting(id: number): WaitingStream | undefined {
    const waiting = this.#waiting.get(id);
    waiting?.deadline[Symbol.dispose]();
    this.#waiting.delete(id);
    return waiting;
  }

  waiting(): readonly (readonly [number, WaitingStream])[] {
    return [...this.#waiting];
  }

  clear(): void {
    this.#open.clear();
    for (const id of [...this.#waiting.keys()]) this.takeWaiting(id);
  }
}

function notOpen(id: number): LiveletError {
  return new LiveletError('frame-malformed', 'stream number', { data: { stream: id } });
}
