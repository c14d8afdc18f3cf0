import type { ServiceIdentifier } from 'inversify';
import type { ErrorCode } from '../errors.js';

/** Where a service listens: `/livelet/<name>/<major>`; a partner's own `/<partner>/<name>/<major>`. At most 64 bytes. */
export type ServicePath = `/${string}/${string}/${number}`;

/** Sending order among streams, highest first. */
export const STREAM_PRIORITIES = [
  'control',
  'input',
  'audio',
  'screen',
  'chat',
  'clipboard',
  'files',
] as const;
export type StreamPriority = (typeof STREAM_PRIORITIES)[number];

/** A bidirectional, ordered, reliable stream of bytes with credit in each direction. */
export interface ByteStream extends AsyncIterable<Uint8Array> {
  /** Unique within the session. */
  readonly id: number;
  readonly path: ServicePath;
  /** Bytes that `write` has taken and that no record carries yet. */
  readonly queuedBytes: number;
  /**
   * Takes `bytes` (which the caller must not change afterwards) and resolves when a record carries the last of
   * them. Writes keep their order.
   * @throws `cancelled` (signal; nothing of this write was sent), or the code that the stream was reset with
   */
  write(bytes: Uint8Array, signal?: AbortSignal): Promise<void>;
  /**
   * The received bytes. Ends when the peer half-closes; throws the code of a reset. Iterated once; leaving the loop
   * early, also by an error thrown in it, resets the stream with `cancelled`.
   */
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array>;
  /** No more bytes from this side; what is queued is still sent. */
  closeWrite(): void;
  /** Drops both directions at once; the peer sees `code`. */
  reset(code: ErrorCode): void;
  /** Resolves when both directions are over, with the code if it was reset. Never rejects. */
  readonly closed: Promise<ErrorCode | undefined>;
}

/** A service whose methods take one JSON value and give one; an AbortSignal comes last on the serving side. */
// biome-ignore lint/suspicious/noExplicitAny: each method has its own types; this only says that they are methods
export type RpcService = Record<string, (parameter: any, signal: AbortSignal) => unknown>;

/** How one call waits for its answer. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** How long to wait for the answer, ms. @default 10_000 */
  readonly deadline?: number;
}

/** The calling side of a service. */
export type Remote<S> = {
  readonly [M in keyof S]: S[M] extends (parameter: infer P, signal: AbortSignal) => infer R
    ? (parameter: P, options?: CallOptions) => Promise<Awaited<R>>
    : never;
};

/** What a plugin sees of the encrypted channel: its own paths (named in its manifest), nothing else. */
export interface PluginChannel {
  /** Answers calls at `path` until disposed or the session ends. @throws `service-unknown` if the manifest doesn't serve it */
  serve(path: ServicePath, service: RpcService): Disposable;
  /** Calls the peer's service; the stream below opens at the first call and again after a reset. */
  remote<S>(path: ServicePath): Remote<S>;
  /** Takes the streams that the peer opens at `path`, while the capability it needs is granted. */
  accept(path: ServicePath, handler: (stream: ByteStream) => void): Disposable;
  /**
   * Opens a stream to the peer's `path`; resolves when the peer has accepted it.
   * @throws `not-granted`, `service-unknown`, `too-many-streams`, `deadline-exceeded`, `session-ended`
   */
  open(path: ServicePath, signal?: AbortSignal): Promise<ByteStream>;
}
export const PluginChannel: ServiceIdentifier<PluginChannel> = Symbol.for('@livelet/PluginChannel');
