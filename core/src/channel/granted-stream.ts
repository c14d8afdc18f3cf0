import type { Capability } from '../consent/capability.js';
import type { GrantsView } from '../consent/grants.js';
import { holdStreams } from './held-streams.js';
import type { ByteStream, PluginChannel, ServicePath } from './streams.js';

/** Holds a stream to the peer's path for as long as its person allows it, and another one after a drop of the line. */
export class GrantedStream implements Disposable {
  readonly #channel: PluginChannel;
  readonly #grants: GrantsView;
  readonly #path: ServicePath;
  readonly #capability: Capability;
  readonly #hold: (stream: ByteStream) => Promise<unknown>;
  readonly #following: Disposable;
  #holding: AbortController | undefined;

  /** @param hold runs while a stream is open */
  constructor(
    channel: PluginChannel,
    grants: GrantsView,
    path: ServicePath,
    capability: Capability,
    hold: (stream: ByteStream) => Promise<unknown>,
  ) {
    this.#channel = channel;
    this.#grants = grants;
    this.#path = path;
    this.#capability = capability;
    this.#hold = hold;
    this.#following = grants.onChange((grant) => {
      if (grant.capability === capability) this.#follow();
    });
    this.#follow();
  }

  [Symbol.dispose](): void {
    this.#following[Symbol.dispose]();
    this.#leave();
  }

  #follow(): void {
    if (!this.#grants.isGranted(this.#capability)) {
      this.#leave();
    } else if (!this.#holding) {
      this.#holding = new AbortController();
      void holdStreams(this.#channel, this.#path, this.#holding.signal, this.#hold);
    }
  }

  #leave(): void {
    this.#holding?.abort();
    this.#holding = undefined;
  }
}
