import type { Multiplexer } from './multiplexer.js';
import { exposeService } from './rpc.js';
import type { ByteStream, RpcService, ServicePath } from './streams.js';

/**
 * Answers the peer's calls at `path`. One stream carries them all; when the peer opens another, the first is over.
 * @throws `plugin-duplicate`
 */
export function serveAt(multiplexer: Multiplexer, path: ServicePath, service: RpcService): Disposable {
  let current: ByteStream | undefined;
  const accepting = multiplexer.accept(path, (stream) => {
    current?.reset('cancelled');
    current = stream;
    exposeService(stream, service);
  });
  return {
    [Symbol.dispose]: () => {
      accepting[Symbol.dispose]();
      current?.reset('service-unknown');
      current = undefined;
    },
  };
}
