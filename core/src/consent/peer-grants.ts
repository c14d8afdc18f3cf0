import type { Clock } from '../clock.js';
import { LiveletError } from '../errors.js';
import { Listeners } from '../listeners.js';
import { CAPABILITIES, type Capability } from './capability.js';
import type { Grant, GrantDecider, GrantState, GrantsView } from './grants.js';
import type { GrantDecision } from './own-grants.js';

/** A grant as it crosses the wire: spans of time, because the two machines' clocks disagree. */
export interface SentGrant {
  readonly capability: Capability;
  readonly state: GrantState;
  /** How much of a timed grant remains, ms. */
  readonly remainingMs?: number;
}

/** What the person at the other end allows, as last heard; its times are this machine's. */
export class GrantMirror implements GrantsView {
  readonly #clock: Clock;
  readonly #grants: Map<Capability, Grant>;
  readonly #decisions = new Listeners<GrantDecision>();
  #over = false;

  constructor(clock: Clock) {
    this.#clock = clock;
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

  /** Like `onChange`; tells who decided where that is known, which is where the end did. */
  onDecision(listener: (decision: GrantDecision) => void): Disposable {
    return this.#decisions.add(listener);
  }

  /** After the end it changes nothing. */
  update({ capability, state, remainingMs }: SentGrant): void {
    if (this.#over) return;
    const since = this.#clock.wallTime();
    const grant = { capability, state, since };
    this.#set(remainingMs === undefined ? grant : { ...grant, until: since + remainingMs });
  }

  /** The session is over: the other end grants nothing any more. */
  end(): void {
    for (const { capability, state } of this.all()) {
      if (state !== 'granted') continue;
      try {
        this.#set({ capability, state: 'revoked', since: this.#clock.wallTime() }, 'end');
      } catch {
        // A listener's fault must not keep the session from ending.
      }
    }
    this.#over = true;
  }

  #set(grant: Grant, by?: GrantDecider): void {
    this.#grants.set(grant.capability, grant);
    this.#decisions.emit(by ? { grant, by } : { grant });
  }
}
