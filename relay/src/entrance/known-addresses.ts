import type { IncomingMessage } from 'node:http';
import type { TrustedProxies } from './source.js';

/** From where each request comes, for what is answered to some addresses only. */
export class KnownAddresses {
  readonly #proxies: TrustedProxies;
  readonly #addresses = new WeakMap<IncomingMessage, string>();

  constructor(proxies: TrustedProxies) {
    this.#proxies = proxies;
  }

  /**
   * Notes what the entrance found out, unless it isn't sure: when a trusted proxy doesn't say for whom it asks, or one
   * says it that isn't trusted. Else a proxy on this machine would make everyone local.
   */
  note(request: IncomingMessage, address: string): void {
    const { headers, socket } = request;
    const isForwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
    const isFromStranger = isForwarded && address === socket.remoteAddress;
    if (!isFromStranger && !this.#proxies.has(address)) this.#addresses.set(request, address);
  }

  /** Undefined: nobody knows. */
  of(request: IncomingMessage): string | undefined {
    return this.#addresses.get(request);
  }
}
