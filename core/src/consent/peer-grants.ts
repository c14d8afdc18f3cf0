import type { Clock } from '../clock.js';
import type { Capability } from './capability.js';
import { GrantTable } from './grant-table.js';
import type { GrantState } from './grants.js';

/** A grant as it crosses the wire: spans of time, because the two machines' clocks disagree. */
export interface SentGrant {
  readonly capability: Capability;
  readonly state: GrantState;
  /** How much of a timed grant remains, ms. */
  readonly remainingMs?: number;
  /** It expired with what it was for. */
  readonly spent?: boolean;
}

/** What the person at the other end allows, as last heard; its times are this machine's. Only the end is known to decide. */
export class GrantMirror extends GrantTable {
  readonly #clock: Clock;
  #over = false;

  constructor(clock: Clock) {
    super(clock);
    this.#clock = clock;
  }

  /** After the end it changes nothing. */
  update({ capability, state, remainingMs, spent }: SentGrant): void {
    if (this.#over) return;
    const since = this.#clock.wallTime();
    const grant = { capability, state, since, ...(spent && { spent }) };
    this.put(remainingMs === undefined ? grant : { ...grant, until: since + remainingMs });
  }

  /** The session is over: the other end grants nothing any more. */
  end(): void {
    for (const { capability, state } of this.all()) {
      if (state !== 'granted') continue;
      try {
        this.put({ capability, state: 'revoked', since: this.#clock.wallTime() }, 'end');
      } catch {
        // A listener's fault must not keep the session from ending.
      }
    }
    this.#over = true;
  }
}
