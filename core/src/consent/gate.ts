import type { ServicePath, StreamPriority } from '../channel/streams.js';
import type { ServedPath } from '../contracts/plugin.js';
import { LiveletError } from '../errors.js';
import type { GrantsView } from './grants.js';

/** What becomes of a stream that the peer opens. */
export type GateDecision =
  | { readonly kind: 'pass'; readonly priority: StreamPriority }
  /** This end named the path in its hello, and the plugin that serves it has yet to start. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'refuse'; readonly code: 'service-unknown' | 'not-granted' };

/** The one place that decides whether the peer reaches a service; the multiplexer asks it for every inbound stream. */
export class ConsentGate {
  readonly #grants: GrantsView;
  readonly #announced: ReadonlySet<ServicePath>;
  readonly #builtIn: ReadonlySet<ServicePath>;
  readonly #served = new Map<ServicePath, ServedPath>();

  /**
   * @param announced the paths in this end's own hello
   * @param builtIn the session's own services, which need no capability and have control priority
   */
  constructor(grants: GrantsView, announced: Iterable<ServicePath>, builtIn: Iterable<ServicePath>) {
    this.#grants = grants;
    this.#announced = new Set(announced);
    this.#builtIn = new Set(builtIn);
  }

  /** A plugin serves these from now on. @throws `plugin-duplicate` if another one serves a path already */
  serve(paths: readonly ServedPath[]): Disposable {
    for (const { path } of paths) {
      if (this.#served.has(path) || this.#builtIn.has(path)) {
        throw new LiveletError('plugin-duplicate', `${path} is served already`, { data: { path } });
      }
    }
    for (const served of paths) this.#served.set(served.path, served);
    return {
      [Symbol.dispose]: () => {
        for (const { path } of paths) this.#served.delete(path);
      },
    };
  }

  decide(path: ServicePath): GateDecision {
    if (this.#builtIn.has(path)) return { kind: 'pass', priority: 'control' };
    const served = this.#served.get(path);
    if (!served) {
      return this.#announced.has(path) ? { kind: 'wait' } : { kind: 'refuse', code: 'service-unknown' };
    }
    const { capability, priority } = served;
    return this.#grants.isGranted(capability)
      ? { kind: 'pass', priority }
      : { kind: 'refuse', code: 'not-granted' };
  }
}
