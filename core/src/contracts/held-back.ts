import type { ServiceIdentifier } from 'inversify';
import type { Capability } from '../consent/capability.js';

/**
 * A plugin's way to say that nothing of what its person has allowed can reach the peer until something happens at this
 * end, such as the choice of a screen: the host doesn't tell the person then that the peer has it. It is never said of
 * what the peer could have at once and only doesn't take.
 */
export interface HeldBack {
  /** @throws `internal` for a capability that the plugin's role doesn't require */
  set(capability: Capability, isHeldBack: boolean): void;
}
export const HeldBack: ServiceIdentifier<HeldBack> = Symbol.for('@livelet/HeldBack');

/** What the plugins of one session hold back, for the host. */
export interface HeldBackView {
  /** Whether every plugin that serves it holds it back. */
  has(capability: Capability): boolean;
  /** Called after each change. */
  onChange(listener: () => void): Disposable;
}
