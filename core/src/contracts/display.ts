import type { ServiceIdentifier } from 'inversify';

/** The display that a host shares and injects input into. Bound by hosts that have a source or a target. */
export interface SharedDisplay {
  /** X11 display name such as `:0`; empty where there is none. */
  readonly name: string;
  /**
   * What takes its pictures: the X server at `name`, or the browser that shows the host's page, which asks the person
   * what to share (Wayland, Windows, macOS). @default 'x11'
   */
  readonly capture?: CaptureWay;
}
export type CaptureWay = 'x11' | 'web';
export const SharedDisplay: ServiceIdentifier<SharedDisplay> = Symbol.for('@livelet/SharedDisplay');

/**
 * The host's own windows, which the peer's input must never reach: else the operator could answer the customer's
 * consent questions.
 */
export interface OwnWindows {
  /** Process ids of the programs that draw this host's pages, at this moment; undefined: not known, any may. */
  processIds(): readonly number[] | undefined;
}
export const OwnWindows: ServiceIdentifier<OwnWindows> = Symbol.for('@livelet/OwnWindows');
