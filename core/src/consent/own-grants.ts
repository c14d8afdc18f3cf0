import type { Clock } from '../clock.js';
import { LiveletError } from '../errors.js';
import { ASK_REST, AskRests } from './ask-rests.js';
import type { Capability } from './capability.js';
import { GrantTable } from './grant-table.js';
import type { GrantDecider, ServedGrants } from './grants.js';

/** The longest timed grant, ms: a relay lets no session last longer than 12 h. */
export const MAX_GRANT_DURATION = 12 * 60 * 60_000;

/** For how long something is granted. */
export interface GrantOptions {
  /** After this the grant expires by itself, ms, at most MAX_GRANT_DURATION. @default the whole session */
  readonly durationMs?: number;
}

/** What the person at this end decides. Only the host's own page may reach this; plugins get the ServedGrants. */
export interface OwnGrantsControl extends ServedGrants {
  /** What this host can grant at all. */
  readonly policy: readonly Capability[];
  /** @throws `not-granted` (outside the policy), `option-invalid` (duration), `session-ended` */
  grant(capability: Capability, options?: GrantOptions): void;
  /** Answers a question with no. */
  deny(capability: Capability): void;
  /** Takes a grant back; its streams are reset with `revoked` before this returns. */
  revoke(capability: Capability): void;
}

/** The grants of one session at the serving end. */
export class GrantKeeper extends GrantTable implements OwnGrantsControl {
  readonly policy: readonly Capability[];
  readonly #clock: Clock;
  readonly #timers = new Map<Capability, Disposable>();
  readonly #rests: AskRests;
  #over = false;
  #frozen = false;

  constructor(clock: Clock, policy: readonly Capability[]) {
    super(clock);
    this.policy = [...policy];
    this.#clock = clock;
    this.#rests = new AskRests(clock);
  }

  grant(capability: Capability, { durationMs }: GrantOptions = {}): void {
    if (this.#over) throw new LiveletError('session-ended');
    this.#requirePolicy(capability);
    if (this.#frozen) return;
    if (durationMs !== undefined && !(durationMs > 0 && durationMs <= MAX_GRANT_DURATION)) {
      throw new LiveletError('option-invalid', 'duration of a timed grant', { data: { durationMs } });
    }
    this.#rests.allowed();
    this.#stopTimer(capability);
    const since = this.#clock.wallTime();
    if (durationMs === undefined) {
      this.put({ capability, state: 'granted', since }, 'person');
      return;
    }
    this.#timers.set(
      capability,
      this.#clock.setTimer(durationMs, () => this.#leave(capability, 'expired', 'clock')),
    );
    this.put({ capability, state: 'granted', since, until: since + durationMs }, 'person');
  }

  deny(capability: Capability): void {
    if (this.get(capability).state !== 'asked') return;
    this.#rests.refused(capability);
    this.put({ capability, state: 'denied', since: this.#clock.wallTime() }, 'person');
  }

  revoke(capability: Capability): void {
    if (!this.isGranted(capability)) return;
    this.#rests.takenBack(capability);
    this.#leave(capability, 'revoked', 'person');
  }

  spend(capability: Capability): void {
    if (!this.isGranted(capability)) return;
    this.#stopTimer(capability);
    this.put({ capability, state: 'expired', since: this.#clock.wallTime(), spent: true }, 'use');
  }

  /**
   * The peer asks. True: the person has to be asked now; false: the question stands already or needs none.
   * @throws `not-granted` (outside the policy), `request-too-soon`
   */
  ask(capability: Capability): boolean {
    this.#requirePolicy(capability);
    const { state } = this.get(capability);
    if (this.#over || this.#frozen || state === 'granted' || state === 'asked') return false;
    // A question that stands may be answered at any time: then there is a new rest, or none.
    const standing = this.#rests.isRow && this.all().some((grant) => grant.state === 'asked');
    const waitMs = Math.max(this.#rests.wait(capability), standing ? ASK_REST : 0);
    if (waitMs > 0) throw new LiveletError('request-too-soon', undefined, { data: { waitMs } });
    this.put({ capability, state: 'asked', since: this.#clock.wallTime() });
    return true;
  }

  /** The session is about to be over: what is granted stays until then, or until it is taken back; nothing more can be. */
  freeze(): void {
    this.#frozen = true;
  }

  /** The session is over: nothing is granted any more and nothing can be. */
  end(): void {
    this.#over = true;
    for (const { capability, state } of this.all()) {
      if (state !== 'granted') continue;
      try {
        this.#leave(capability, 'revoked', 'end');
      } catch {
        // A listener's fault must not leave anything granted, nor keep the session from ending.
      }
    }
  }

  #leave(capability: Capability, state: 'revoked' | 'expired', by: GrantDecider): void {
    this.#stopTimer(capability);
    this.put({ capability, state, since: this.#clock.wallTime() }, by);
  }

  #stopTimer(capability: Capability): void {
    this.#timers.get(capability)?.[Symbol.dispose]();
    this.#timers.delete(capability);
  }

  #requirePolicy(capability: Capability): void {
    if (!this.policy.includes(capability)) {
      throw new LiveletError('not-granted', `this host never grants ${capability}`, { data: { capability } });
    }
  }
}
