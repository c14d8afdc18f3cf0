import type { Multiplexer } from './multiplexer.js';
import { exposeService } from './rpc.js';
import type { ByteStream, RpcService, ServicePath } from './streams.js';

/** A service that the peer can call, until this is disposed. */
export interface ServedCalls extends Disposable {
  /** Resolves once the stream that carries the calls is over, if there is one, and all that came over it was taken. */
  taken(): Promise<void>;
}

/**
 * Answers the peer's calls at `path`. One stream carries them all; when the peer opens another, the first is over.
 * @throws `plugin-duplicate`
 */
export function serveAt(multiplexer: Multiplexer, path: ServicePath, service: RpcService): ServedCalls {
  let current: ByteStream | undefined;
  let taken = Promise.resolve();
  const accepting = multiplexer.accept(path, (stream) => {
    current?.reset('cancelled');
    current = stream;
    taken = exposeService(stream, service);
  });
  return {
    taken: () => taken,
    [Symbol.dispose]: () => {
      accepting[Symbol.dispose]();
      current?.reset('service-unknown');
      current = undefined;
    },
  };
}
