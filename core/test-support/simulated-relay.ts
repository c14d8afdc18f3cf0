import type { Side } from '../src/contracts/session.js';
import { LiveletError } from '../src/errors.js';
import type { Transport } from '../src/transport/transport.js';
import { type SimulatedLink, SimulatedNetwork } from './simulated-network.js';

/** A relay as far as resuming needs one: it joins two ends that bring the same handle, once. */
export class SimulatedRelay {
  /** Nobody can reach it. */
  down = false;
  /** Sees each pair before its ends do. */
  onJoin: ((link: SimulatedLink, handle: string) => void) | undefined;
  /** Every handle that an end brought, as hexadecimal digits, in order. */
  readonly handles: string[] = [];
  readonly #network: SimulatedNetwork;
  readonly #waiting = new Map<string, PromiseWithResolvers<Transport>>();
  readonly #used = new Set<string>();

  constructor(network: SimulatedNetwork = new SimulatedNetwork()) {
    this.#network = network;
  }

  /** Ends that wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** A `redial` for one end. */
  redial(side: Side): (handle: Uint8Array, signal: AbortSignal) => Promise<Transport> {
    return (handle, signal) => this.#resume(side, Buffer.from(handle).toString('hex'), signal);
  }

  /** Everyone who waits is hung up on, and nothing is remembered. */
  restart(): void {
    for (const joined of this.#waiting.values()) joined.reject(new LiveletError('relay-closed', 'restart'));
    this.#waiting.clear();
    this.#used.clear();
  }

  async #resume(side: Side, handle: string, signal: AbortSignal): Promise<Transport> {
    if (this.down) throw new LiveletError('relay-unreachable');
    this.handles.push(handle);
    if (this.#used.has(handle)) throw new LiveletError('code-not-valid');
    const other = this.#waiting.get(handle);
    if (other) {
      this.#waiting.delete(handle);
      this.#used.add(handle);
      const link = this.#network.connect();
      this.onJoin?.(link, handle);
      const otherSide = side === 'operator' ? 'customer' : 'operator';
      other.resolve(link[otherSide]);
      return link[side];
    }
    const waiting = Promise.withResolvers<Transport>();
    this.#waiting.set(handle, waiting);
    signal.addEventListener('abort', () => {
      if (this.#waiting.get(handle) === waiting) this.#waiting.delete(handle);
      waiting.reject(signal.reason);
    });
    return await waiting.promise;
  }
}
