import type { PagePort } from '../contracts/page-port.js';
import type { PluginUi, UiContribution } from '../contracts/plugin.js';
import { LiveletError } from '../errors.js';
import type { LoadedPlugin } from '../plugins/loader.js';

/** Routes the ports that pages open to the plugin that contributed the page's part. */
export class UiPorts implements PluginUi, Disposable {
  readonly #prefix: string;
  readonly #contributions: ReadonlySet<string>;
  readonly #listeners = new Map<string, (port: PagePort) => void>();
  readonly #open = new Map<string, Set<PagePort>>();

  constructor({ manifest }: LoadedPlugin, contributions: readonly UiContribution[]) {
    this.#prefix = `plugin:${manifest.id}:`;
    this.#contributions = new Set(contributions.map(({ id }) => id));
  }

  onPort(id: string, listener: (port: PagePort) => void): Disposable {
    if (!this.#contributions.has(id) || this.#listeners.has(id)) {
      throw new LiveletError('internal', `no contribution ${id}, or it has its listener already`);
    }
    this.#listeners.set(id, listener);
    for (const port of this.#open.get(id) ?? []) listener(port);
    return { [Symbol.dispose]: () => void this.#listeners.delete(id) };
  }

  /** False when the name isn't one of this plugin's. */
  connect(port: PagePort): boolean {
    if (!port.name.startsWith(this.#prefix)) return false;
    const id = port.name.slice(this.#prefix.length);
    if (!this.#contributions.has(id)) return false;
    const ports = this.#open.get(id) ?? new Set();
    this.#open.set(id, ports.add(port));
    port.onClose(() => void ports.delete(port));
    this.#listeners.get(id)?.(port);
    return true;
  }

  [Symbol.dispose](): void {
    for (const ports of this.#open.values()) for (const port of [...ports]) port.close();
    this.#listeners.clear();
  }
}
