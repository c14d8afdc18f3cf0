import type { Clock } from '../clock.js';
import { LiveletError } from '../errors.js';
import { Listeners } from '../listeners.js';
import { CAPABILITIES, type Capability } from './capability.js';
import type { Grant, GrantDecider, GrantsView } from './grants.js';

/** A change of a grant, and who decided; nobody did when it is only asked for, or where that isn't known. */
export interface GrantDecision {
  readonly grant: Grant;
  readonly by?: GrantDecider;
}

/** The state of every capability, and who listens to it: what the grants at either end have in common. */
export class GrantTable implements GrantsView {
  readonly #grants: Map<Capability, Grant>;
  readonly #decisions = new Listeners<GrantDecision>();

  constructor(clock: Clock) {
    const since = clock.wallTime();
    this.#grants = new Map(
      CAPABILITIES.map((capability) => [capability, { capability, state: 'none', since }]),
    );
  }

  get(capability: Capability): Grant {
    const grant = this.#grants.get(capability);
    if (!grant) throw new LiveletError('not-granted', `unknown capability ${String(capability)}`);
    return grant;
  }

  isGranted(capability: Capability): boolean {
    return this.#grants.get(capability)?.state === 'granted';
  }

  all(): readonly Grant[] {
    return [...this.#grants.values()];
  }

  onChange(listener: (grant: Grant) => void): Disposable {
    return this.#decisions.add(({ grant }) => listener(grant));
  }

  /** Like `onChange`, with who decided. */
  onDecision(listener: (decision: GrantDecision) => void): Disposable {
    return this.#decisions.add(listener);
  }

  protected put(grant: Grant, by?: GrantDecider): void {
    this.#grants.set(grant.capability, grant);
    this.#decisions.emit(by ? { grant, by } : { grant });
  }
}
