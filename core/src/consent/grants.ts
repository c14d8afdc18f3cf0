import type { Capability } from './capability.js';

/**
 * Who decided: the person at the serving end, the clock (a timed grant ran out), its use (what it was for is over), or
 * the session's end.
 */
export type GrantDecider = 'person' | 'clock' | 'use' | 'end';

/** `asked`: the other side asked and nobody has answered. */
export type GrantState = 'none' | 'asked' | 'granted' | 'denied' | 'revoked' | 'expired';

/** Where one capability stands. */
export interface Grant {
  readonly capability: Capability;
  readonly state: GrantState;
  /** Since when it has this state, ms since 1970. */
  readonly since: number;
  /** When a timed grant ends, ms since 1970; absent: for the whole session. */
  readonly until?: number;
  /** Of an expired one: what it was for is over, rather than its time. */
  readonly spent?: boolean;
}

/**
 * What the person at the serving end allows, as both ends see it: there the grants themselves, at the other end a
 * mirror that follows them. Plugins and pages read it; only the serving host's own page changes it.
 */
export interface GrantsView {
  get(capability: Capability): Grant;
  isGranted(capability: Capability): boolean;
  all(): readonly Grant[];
  /** Called after each change. */
  onChange(listener: (grant: Grant) => void): Disposable;
}

/** What a plugin at the serving end has of its person's grants. */
export interface ServedGrants extends GrantsView {
  /** What the grant was for is over, such as the one recording: it expires, and has to be asked for again. */
  spend(capability: Capability): void;
}
