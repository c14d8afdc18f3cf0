import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Clock } from '@livelet/core/wire';
import type { Arrival, SourceLimits } from '../limits/source-limits.js';
import type { RelaySettings } from '../settings.js';
import { sourceKey, type TrustedProxies } from './source.js';

/** A socket that asks for a place. */
export interface Visit {
  /** Who is counted, see `sourceKey`. */
  readonly source: string;
  /** For the log. */
  readonly address: string;
  readonly tls: string | undefined;
  /** Too many come from there. */
  readonly refused: boolean;
  /** What happens when its time without a place is up. */
  onTimeout(task: () => void): void;
  /** It has its place. */
  settle(): void;
}

interface Entry {
  readonly socket: Socket;
  readonly timer: Disposable;
  arrival: Arrival | undefined;
  timeout: () => void;
}

/** Counts every TCP connection, and lets none stay long without a place. */
export class Door {
  readonly #clock: Clock;
  readonly #settings: RelaySettings;
  readonly #limits: SourceLimits;
  readonly #proxies: TrustedProxies;
  /** By remote address and port: TLS gives the request another socket object than the connection had. */
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock, settings: RelaySettings, limits: SourceLimits, proxies: TrustedProxies) {
    this.#clock = clock;
    this.#settings = settings;
    this.#limits = limits;
    this.#proxies = proxies;
  }

  /** A new TCP connection, before TLS. */
  enter(socket: Socket): void {
    const address = socket.remoteAddress;
    // Behind a proxy the source is known only once the headers are read.
    const arrival =
      address === undefined || this.#proxies.has(address)
        ? undefined
        : this.#limits.arrive(sourceKey(address));
    if (address === undefined || arrival?.admission === 'dropped') {
      socket.destroy();
      return;
    }
    const key = peerKey(socket);
    const entry: Entry = {
      socket,
      arrival,
      timeout: () => socket.destroy(),
      timer: this.#clock.setTimer(this.#settings.unattachedMs, () => entry.timeout()),
    };
    this.#entries.set(key, entry);
    socket.once('close', () => {
      this.#entries.delete(key);
      settle(entry);
    });
  }

  /** Who sent this request; undefined when they are already gone. */
  visit(request: IncomingMessage): Visit | undefined {
    const entry = this.#entries.get(peerKey(request.socket));
    const peer = request.socket.remoteAddress;
    if (entry === undefined || peer === undefined) return undefined;
    const address = this.#proxies.origin(peer, String(request.headers['x-forwarded-for'] ?? ''));
    const source = sourceKey(address);
    entry.arrival ??= this.#limits.arrive(source);
    return {
      source,
      address,
      tls: request.socket instanceof TLSSocket ? (request.socket.getProtocol() ?? undefined) : undefined,
      refused: entry.arrival.admission !== 'admitted',
      onTimeout: (task) => {
        entry.timeout = task;
      },
      settle: () => settle(entry),
    };
  }

  /** Cuts whatever is still connected. */
  clear(): void {
    for (const { socket } of this.#entries.values()) socket.destroy();
  }
}

function settle(entry: Entry): void {
  entry.timer[Symbol.dispose]();
  entry.arrival?.settle();
}

function peerKey(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}
