import type { Capability } from '../consent/capability.js';
import type { HeldBack, HeldBackView } from '../contracts/held-back.js';
import { LiveletError } from '../errors.js';

/** One plugin: what its role serves, and what of it is held back. */
interface Server {
  readonly serves: readonly Capability[];
  readonly held: Set<Capability>;
}

/** What the plugins of one session hold back. */
export class HeldBackTable implements HeldBackView {
  readonly #servers: Server[] = [];
  readonly #listeners = new Set<{ readonly call: () => void }>();

  /** For one plugin. @param serves what its role requires */
  of(serves: readonly Capability[]): HeldBack {
    const held = new Set<Capability>();
    this.#servers.push({ serves, held });
    return {
      set: (capability, isHeldBack) => {
        if (!serves.includes(capability))
          throw new LiveletError('internal', `${capability} isn't served here`);
        if (held.has(capability) === isHeldBack) return;
        if (isHeldBack) held.add(capability);
        else held.delete(capability);
        for (const { call } of [...this.#listeners]) call();
      },
    };
  }

  has(capability: Capability): boolean {
    const servers = this.#servers.filter(({ serves }) => serves.includes(capability));
    return servers.length > 0 && servers.every(({ held }) => held.has(capability));
  }

  onChange(listener: () => void): Disposable {
    const entry = { call: listener };
    this.#listeners.add(entry);
    return { [Symbol.dispose]: () => void this.#listeners.delete(entry) };
  }
}
