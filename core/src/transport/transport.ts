import type { LiveletError } from '../errors.js';

/** How a transport reaches the other end; shown in the statistics. */
export type TransportKind = 'websocket' | 'tls-tcp' | 'simulated';

/**
 * Why a transport took its way. `first`: TLS over TCP, straight to the relay, worked at once. `tcp-blocked`: that
 * failed or was too slow, and a WebSocket got through. `proxy-required`: the settings name a proxy.
 * `proxy-websocket-only`: they do, and only a WebSocket got through it.
 */
export type RouteReason = 'first' | 'tcp-blocked' | 'proxy-required' | 'proxy-websocket-only';

/** The way that a transport took to the relay. */
export interface Route {
  readonly kind: TransportKind;
  /** `host:port` of the proxy on the way, never its credentials. */
  readonly proxy?: string;
  readonly why: RouteReason;
}

/** The largest frame that a transport carries: a 64 KiB record with its header and tag, rounded up. Bytes. */
export const MAX_TRANSPORT_FRAME = 66 * 1024;

/** What a transport tells its one owner. */
export interface TransportHandlers {
  /** One whole frame, 1 to MAX_TRANSPORT_FRAME bytes. The bytes belong to the receiver. */
  frame(bytes: Uint8Array): void;
  /** `bufferedBytes` fell back under the low water mark after `send` had returned false. */
  drained(): void;
  /** The last call. `error` is set unless this side closed it or the other side closed it in good order. */
  closed(error?: LiveletError): void;
}

/**
 * An ordered, reliable pipe of frames to the other end (or to a relay that splices there). It knows nothing of
 * what it carries, and needs not be confidential: records are.
 */
export interface Transport {
  readonly kind: TransportKind;
  readonly route: Route;
  /** Bytes accepted by `send` that the socket hasn't taken yet. */
  readonly bufferedBytes: number;
  /** Starts delivery. Called once; frames that arrived earlier are delivered first. */
  attach(handlers: TransportHandlers): void;
  /**
   * Queues one frame. False: it is queued, but wait for `drained` before sending more. After close: false.
   * @param taken called when nothing looks at the frame's memory any more; not every transport can tell, and none must
   */
  send(frame: Uint8Array, taken?: () => void): boolean;
  /** Closes once what is queued has been sent or 1 s has passed. Idempotent. */
  close(): void;
}
