import type { Socket } from 'node:net';
import type { Clock } from '@livelet/core/wire';
import type { Arrival, SourceLimits } from '../limits/source-limits.js';
import type { RelayLog } from '../log.js';
import type { RelaySettings } from '../settings.js';
import { sourceKey } from './source.js';

/** Why a connection is cut without an answer; counted, never kept. */
export type DropReason =
  | 'tooManyRequests'
  | 'unattachedTimeout'
  | 'crowded'
  | 'notFromProxy'
  | 'proxyHeader'
  | 'handshakeFailed'
  | 'handshakeTimeout'
  | 'headersTimeout'
  | 'requestTimeout'
  | 'malformedRequest';

/** A connection that looks for its place. */
export class Visit {
  readonly #door: Door;
  readonly #socket: Socket;
  #address: string;
  #arrival: Arrival | undefined;
  #isCounted = false;
  #deadline: Disposable | undefined;
  #timeout: (() => void) | undefined;
  /** `TLSv1.2` or `TLSv1.3`. */
  tls: string | undefined;

  /** Who is at the other end of the connection, or for whom a proxy said that it connects. */
  peer: string;

  constructor(door: Door, socket: Socket, peer: string) {
    this.#door = door;
    this.#socket = socket;
    this.#address = peer;
    this.peer = peer;
  }

  /** For the log. */
  get address(): string {
    return this.#address;
  }

  /** Who is counted, see `sourceKey`. */
  get source(): string {
    return sourceKey(this.#address);
  }

  /** Too many come from there. */
  get isRefused(): boolean {
    return this.#arrival !== undefined && this.#arrival.admission !== 'admitted';
  }

  /** Whether `identify` said so before. */
  isIdentifiedAs(address: string): boolean {
    return this.#arrival !== undefined && this.#address === address;
  }

  /** Counts it at its source, unless it is. False: it was cut, as too many come from there. */
  identify(address: string, limits: SourceLimits): boolean {
    if (this.#isCounted && this.#address === address) return true;
    this.#uncount();
    this.#address = address;
    this.#arrival = limits.arrive(this.source);
    this.#isCounted = true;
    if (this.#arrival.admission !== 'dropped') return true;
    this.drop('tooManyRequests');
    return false;
  }

  /** The time for its next step, ms, in place of the one before; `reason` is what it is dropped for after that. */
  expect(ms: number, reason: DropReason, clock: Clock): void {
    this.#deadline?.[Symbol.dispose]();
    this.#deadline = this.#socket.destroyed ? undefined : clock.setTimer(ms, () => this.drop(reason));
  }

  /** Nothing is expected of it at present. */
  relax(): void {
    this.#deadline?.[Symbol.dispose]();
    this.#deadline = undefined;
  }

  /** What happens, in place of a cut, when it found no place in time. */
  onTimeout(task: () => void): void {
    this.#timeout = task;
  }

  timeOut(): void {
    if (this.#timeout === undefined) this.drop('unattachedTimeout');
    else this.#timeout();
  }

  drop(reason: DropReason): void {
    if (this.#socket.destroyed) return;
    this.#door.tell(reason);
    this.#socket.destroy();
  }

  /** It has its place, or is gone. Idempotent. */
  settle(): void {
    this.relax();
    this.#timeout = undefined;
    this.#uncount();
    this.#door.forget(this);
  }

  #uncount(): void {
    if (this.#isCounted) this.#arrival?.settle();
    this.#isCounted = false;
  }
}

export interface DoorParts {
  readonly clock: Clock;
  readonly settings: RelaySettings;
  readonly log: RelayLog;
}

/** Knows every connection, and lets none stay long without a place. */
export class Door {
  readonly #parts: DoorParts;
  readonly #sockets = new Set<Socket>();
  /** Those without a place, the one that waits longest first, with the time until which they may. */
  readonly #unattached = new Map<Visit, number>();
  #timer: Disposable | undefined;

  constructor(parts: DoorParts) {
    this.#parts = parts;
  }

  /** Open connections. */
  get size(): number {
    return this.#sockets.size;
  }

  /** A new connection from `address`. */
  enter(socket: Socket, address: string): Visit {
    const { settings } = this.#parts;
    const visit = new Visit(this, socket, address);
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      visit.settle();
    });
    // Whoever means it finds a place at once: of too many, those who wait longest are the ones that only sit there.
    if (this.#unattached.size >= settings.unattached) {
      const [oldest] = this.#unattached.keys();
      oldest?.drop('crowded');
      oldest?.settle();
    }
    this.await(visit);
    return visit;
  }

  /** From here on it has to find a place in time. */
  await(visit: Visit): void {
    const { clock, settings } = this.#parts;
    this.#unattached.delete(visit);
    this.#unattached.set(visit, clock.now() + settings.unattachedMs);
    this.#timer ??= clock.setTimer(settings.unattachedMs, () => this.#timeOut());
  }

  tell(reason: DropReason): void {
    this.#parts.log.write({ event: 'dropped', reason });
  }

  forget(visit: Visit): void {
    this.#unattached.delete(visit);
  }

  /** Cuts whatever is still connected. */
  clear(): void {
    this.#timer?.[Symbol.dispose]();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** One timer for all, as all have the same time. */
  #timeOut(): void {
    const { clock } = this.#parts;
    const now = clock.now();
    this.#timer = undefined;
    for (const [visit, until] of this.#unattached) {
      if (until > now) {
        this.#timer = clock.setTimer(until - now, () => this.#timeOut());
        return;
      }
      this.#unattached.delete(visit);
      visit.timeOut();
    }
  }
}
