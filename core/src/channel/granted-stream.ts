import type { Capability } from '../consent/capability.js';
import type { GrantsView } from '../consent/grants.js';
import { asLiveletError, LiveletError } from '../errors.js';
import type { ByteStream, PluginChannel, ServicePath } from './streams.js';

/** Holds a stream to the peer's path for as long as its person allows it, and another one after a drop of the line. */
export class GrantedStream implements Disposable {
  readonly #channel: PluginChannel;
  readonly #grants: GrantsView;
  readonly #path: ServicePath;
  readonly #capability: Capability;
  readonly #hold: (stream: ByteStream) => Promise<void>;
  readonly #following: Disposable;
  #opening: AbortController | undefined;
  #stream: ByteStream | undefined;

  /** @param hold runs while a stream is open; never rejects */
  constructor(
    channel: PluginChannel,
    grants: GrantsView,
    path: ServicePath,
    capability: Capability,
    hold: (stream: ByteStream) => Promise<void>,
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
    const granted = this.#grants.isGranted(this.#capability);
    if (granted && this.#opening === undefined) void this.#keep();
    if (!granted) this.#leave();
  }

  #leave(): void {
    this.#opening?.abort();
    this.#opening = undefined;
    this.#stream?.reset('cancelled');
    this.#stream = undefined;
  }

  async #keep(): Promise<void> {
    const opening = new AbortController();
    this.#opening = opening;
    let again = true;
    while (again && this.#opening === opening) {
      try {
        const stream = await this.#channel.open(this.#path, opening.signal);
        if (opening.signal.aborted) {
          stream.reset('cancelled');
          return;
        }
        this.#stream = stream;
        await this.#hold(stream);
        const code = await stream.closed;
        again = code === 'reconnecting';
        if (!again) throw new LiveletError(code ?? 'cancelled');
      } catch (error) {
        again = asLiveletError(error).code === 'reconnecting';
      }
    }
  }
}
