import type { Clock } from '../clock.js';
import type { ConsentGate } from '../consent/gate.js';
import { type ErrorCode, LiveletError } from '../errors.js';
import type { MuxStream } from './byte-stream.js';
import type { StreamTable } from './stream-table.js';
import type { ByteStream, ServicePath, StreamPriority } from './streams.js';

/** How long an open may wait for the peer's acceptance, or here for the plugin that serves it, ms. */
export const OPEN_DEADLINE = 10_000;

interface PeerStreamsParts {
  readonly clock: Clock;
  readonly gate: ConsentGate;
  readonly table: StreamTable;
  /** Makes the stream, which tells the peer that it is accepted. */
  readonly take: (id: number, path: ServicePath, priority: StreamPriority, credit: number) => MuxStream;
  /** Tells the peer that it isn't. */
  readonly refuse: (id: number, code: ErrorCode) => void;
}

/** What the peer opens here: the gate decides, and who serves the path gets it; until somebody does it waits. */
export class PeerStreams {
  readonly #parts: PeerStreamsParts;
  readonly #handlers = new Map<ServicePath, (stream: ByteStream) => void>();

  constructor(parts: PeerStreamsParts) {
    this.#parts = parts;
  }

  /** Takes the peer's streams at `path`, those that wait already too. @throws `plugin-duplicate` */
  accept(path: ServicePath, handler: (stream: ByteStream) => void): Disposable {
    if (this.#handlers.has(path)) {
      throw new LiveletError('plugin-duplicate', `${path} has a handler`, { data: { path } });
    }
    this.#handlers.set(path, handler);
    const { table } = this.#parts;
    for (const [id, waiting] of table.waiting()) {
      if (waiting.path !== path) continue;
      table.takeWaiting(id);
      this.admit(id, waiting);
    }
    return {
      [Symbol.dispose]: () => {
        if (this.#handlers.get(path) === handler) this.#handlers.delete(path);
      },
    };
  }

  /** @param opened its path, and what the peer lets this end send, bytes */
  admit(id: number, opened: { readonly path: ServicePath; readonly credit: number }): void {
    const { clock, gate, table, take, refuse } = this.#parts;
    const { path, credit } = opened;
    const decision = gate.decide(path);
    const handler = this.#handlers.get(path);
    if (decision.kind === 'refuse') {
      refuse(id, decision.code);
    } else if (decision.kind === 'wait' || !handler) {
      const deadline = clock.setTimer(OPEN_DEADLINE, () => {
        table.takeWaiting(id);
        refuse(id, 'service-unknown');
      });
      table.addWaiting(id, { path, credit, deadline });
    } else {
      const stream = take(id, path, decision.priority, credit);
      try {
        handler(stream);
      } catch {
        stream.reset('call-failed');
      }
    }
  }

  /** Asks the gate again about every one of them; those that no longer pass are reset before this returns. */
  recheck(): void {
    const { gate, table, refuse } = this.#parts;
    for (const [id, { path }] of table.waiting()) {
      const decision = gate.decide(path);
      if (decision.kind !== 'refuse') continue;
      table.takeWaiting(id);
      refuse(id, decision.code);
    }
    for (const stream of table.streams()) {
      if (!table.isOfPeer(stream.id)) continue;
      const decision = gate.decide(stream.path);
      if (decision.kind === 'wait') stream.reset('service-unknown');
      else if (decision.kind === 'refuse')
        stream.reset(decision.code === 'not-granted' ? 'revoked' : decision.code);
    }
  }

  /** Nobody takes one any more. */
  clear(): void {
    this.#handlers.clear();
  }
}
