import type { Clock } from '../clock.js';
import type { ConsentGate } from '../consent/gate.js';
import type { OpenedPath } from '../contracts/plugin.js';
import { LiveletError } from '../errors.js';
import type { Multiplexer } from './multiplexer.js';
import { remoteService } from './rpc.js';
import { serveAt } from './serve-at.js';
import type { PluginPaths } from './session-channel.js';
import type { ByteStream, PluginChannel, Remote, RpcService, ServicePath } from './streams.js';

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
    this.#requireOpened(path);
    return remoteService<S>({ clock: this.#clock, open: () => this.open(path) });
  }

  accept(path: ServicePath, handler: (stream: ByteStream) => void): Disposable {
    this.#requireServed(path);
    return this.#resources.use(this.#multiplexer.accept(path, handler));
  }

  async open(path: ServicePath, signal?: AbortSignal): Promise<ByteStream> {
    const priority = this.#requireOpened(path).priority;
    if (this.#resources.disposed) throw stopped();
    const stream = await this.#multiplexer.open(path, priority, signal);
    if (this.#resources.disposed) {
      stream.reset('cancelled');
      throw stopped();
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

  #requireOpened(path: ServicePath): OpenedPath {
    const opened = this.#paths.opens.find((candidate) => candidate.path === path);
    if (!opened) throw notInManifest(path);
    return opened;
  }
}

function stopped(): LiveletError {
  return new LiveletError('cancelled', 'the plugin has stopped');
}

function notInManifest(path: ServicePath): LiveletError {
  return new LiveletError('service-unknown', `the manifest doesn't name ${path}`, { data: { path } });
}
