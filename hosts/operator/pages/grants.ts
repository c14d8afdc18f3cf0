import type { Capability, Grant } from '@livelet/core/page';
import type { ConsoleState, GrantShown } from '@livelet/operator/page-protocol';

export type SessionState = Extract<ConsoleState, { view: 'session' }>;

/** What the operator is doing, in one word: told in the toolbar and, until there is a picture, on the stage. */
export type Mode =
  | 'reconnecting'
  | 'deciding'
  | 'not-asked'
  | 'asking'
  | 'denied'
  | 'paused'
  | 'viewing'
  | 'controlling';

const NEVER_ASKED = { state: 'none', since: 0 } as const;

export function grantOf(state: SessionState, capability: Capability): GrantShown {
  return state.grants.find((grant) => grant.capability === capability) ?? { capability, ...NEVER_ASKED };
}

export function isGranted(state: SessionState, capability: Capability): boolean {
  return grantOf(state, capability).state === 'granted';
}

/** Nothing can be asked, and nothing of the customer's is live. */
export function isReconnecting({ connection }: SessionState): boolean {
  return connection.state === 'reconnecting';
}

export function modeOf(state: SessionState): Mode {
  if (isReconnecting(state)) return 'reconnecting';
  if (isGranted(state, 'view')) return isGranted(state, 'control') ? 'controlling' : 'viewing';
  const view = grantOf(state, 'view').state;
  if (view === 'asked') return 'asking';
  if (view === 'denied') return 'denied';
  if (wasGranted(state, 'view')) return 'paused';
  return state.events.some(({ what }) => what !== 'asked') ? 'not-asked' : 'deciding';
}

/** It was granted for a time, and that is over. */
export function ranOut({ state, spent }: Grant): boolean {
  return state === 'expired' && spent !== true;
}

/** ms until the customer can be asked for it; 0: now; undefined: there is nothing to ask for. */
export function askableIn(grant: Grant & { askAgainAt?: number }, now: number): number | undefined {
  if (grant.state === 'granted' || grant.state === 'asked') return undefined;
  return Math.max(0, (grant.askAgainAt ?? 0) - now);
}

/** What can be asked for in this session: the screen, and what each plugin's piece is of use with. */
export function neededCapabilities(state: SessionState): readonly Capability[] {
  const needed = state.contributions.flatMap(({ capability, asks = [] }) =>
    capability ? [capability, ...asks] : asks,
  );
  return [...new Set<Capability>(['view', ...needed])];
}

export function wasGranted(state: SessionState, wanted: Capability): boolean {
  return state.events.some(({ capability, what }) => capability === wanted && what === 'granted');
}
