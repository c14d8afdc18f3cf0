import type { Clock } from '../clock.js';
import type { ConsentGate } from '../consent/gate.js';
import { LiveletError } from '../errors.js';
import type { Multiplexer } from './multiplexer.js';
import { remoteAt, serveAt } from './service-streams.js';
import type { PluginPaths } from './session-channel.js';
import type {
  ByteStream,
  PluginChannel,
  Remote,
  RpcService,
  ServicePath,
  StreamPriority,
} from './streams.js';

/** One plugin's view of the channel: the paths of its own manifest. */
export class PluginFacade implements PluginChannel, Disposable {
  readonly #multiplexer: Multiplexer;
  readonly #clock: Clock;
  readonly #paths: PluginPaths;
  readonly #resources = new DisposableStack();
  readonly #opened = new Set<ByteStream>();

  constructor(multiplexer: Multiplexer, gate: ConsentGate, clock: Clock, paths: PluginPaths) {
    this.#multiplexer = multiplexer;
    this.#clock = clock;
    this.#paths = paths;
    this.#resources.use(gate.serve(paths.serves));
  }

  serve(path: ServicePath, service: RpcService): Disposable {
    this.#requireServed(path);
    return this.#resources.use(serveAt(this.#multiplexer, path, service));
  }

  remote<S>(path: ServicePath): Remote<S> {
    return remoteAt<S>(this.#multiplexer, path, this.#priorityOf(path), this.#clock);
  }

  accept(path: ServicePath, handler: (stream: ByteStream) => void): Disposable {
    this.#requireServed(path);
    return this.#resources.use(this.#multiplexer.accept(path, handler));
  }

  async open(path: ServicePath, signal?: AbortSignal): Promise<ByteStream> {
    const stream = await this.#multiplexer.open(path, this.#priorityOf(path), signal);
    if (this.#resources.disposed) {
      stream.reset('cancelled');
      throw new LiveletError('cancelled', 'the plugin has stopped');
    }
    this.#opened.add(stream);
    void stream.closed.then(() => this.#opened.delete(stream));
    return stream;
  }

  [Symbol.dispose](): void {
    if (this.#resources.disposed) return;
    this.#resources.dispose();
    this.#multiplexer.recheck();
    for (const stream of this.#opened) stream.reset('cancelled');
  }

  #requireServed(path: ServicePath): void {
    if (!this.#paths.serves.some((served) => served.path === path)) throw notInManifest(path);
  }

  #priorityOf(path: ServicePath): StreamPriority {
    const opened = this.#paths.opens.find((candidate) => candidate.path === path);
    if (!opened) throw notInManifest(path);
    return opened.priority;
  }
}

function notInManifest(path: ServicePath): LiveletError {
  return new LiveletError('service-unknown', `the manifest doesn't name ${path}`, { data: { path } });
}
