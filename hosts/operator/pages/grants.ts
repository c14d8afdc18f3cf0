import type { Capability, Grant } from '@livelet/core/page';
import type { ConsoleState, GrantShown } from '@livelet/operator/page-protocol';

export type SessionState = Extract<ConsoleState, { view: 'session' }>;

/** What the operator is doing, in one word: told in the toolbar and, until there is a picture, on the stage. */
export type Mode = 'deciding' | 'not-asked' | 'asking' | 'denied' | 'paused' | 'viewing' | 'controlling';

const NEVER_ASKED = { state: 'none', since: 0 } as const;

export function grantOf(state: SessionState, capability: Capability): GrantShown {
  return state.grants.find((grant) => grant.capability === capability) ?? { capability, ...NEVER_ASKED };
}

export function isGranted(state: SessionState, capability: Capability): boolean {
  return grantOf(state, capability).state === 'granted';
}

export function modeOf(state: SessionState): Mode {
  if (isGranted(state, 'view')) return isGranted(state, 'control') ? 'controlling' : 'viewing';
  if (state.events.some(({ capability, what }) => capability === 'view' && what === 'granted')) {
    return grantOf(state, 'view').state === 'asked' ? 'asking' : 'paused';
  }
  const view = grantOf(state, 'view').state;
  if (view === 'asked') return 'asking';
  if (view === 'denied') return 'denied';
  return state.events.some(({ what }) => what !== 'asked') ? 'not-asked' : 'deciding';
}

/** ms until the customer can be asked for it; 0: now; undefined: there is nothing to ask for. */
export function askableIn(grant: Grant & { askAgainAt?: number }, now: number): number | undefined {
  if (grant.state === 'granted' || grant.state === 'asked') return undefined;
  return Math.max(0, (grant.askAgainAt ?? 0) - now);
}

/** What a plugin of this session needs, each once, in the order of the plugins. */
export function neededCapabilities(state: SessionState): readonly Capability[] {
  const needed = state.contributions.map(({ capability }) => capability).filter((one) => one !== undefined);
  return [...new Set(needed)];
}
