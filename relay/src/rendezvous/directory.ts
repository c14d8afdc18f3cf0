import type { CloseReason } from '@livelet/core/wire';

/** Which end of a session; the operator's is the one that can prove who it is. */
export type Side = 'operator' | 'customer';

/**
 * Who waits where for whom. Asynchronous, so that it can stand in a store that several relays share; whoever comes
 * first for a place gets it, everywhere.
 */
export interface Directory<Guest> {
  /** Codes that wait for a customer. */
  readonly codes: number;
  /** Ends that wait for their other end after a drop. */
  readonly resumes: number;
  /** A random free nameplate for `guest`, or why there is none. `expired` is called when its time is up. */
  allocate(
    operator: string,
    guest: Guest,
    expired: () => void,
  ): Promise<{ readonly nameplate: string } | { readonly refused: CloseReason }>;
  /** Takes the one who waits there, once. Unknown, used and expired nameplates are the same: nobody. */
  take(nameplate: string): Promise<Guest | undefined>;
  /** Gives a nameplate up; it rests before it is given out again. */
  release(nameplate: string): Promise<void>;
  /** Brings the two ends of `handle` together: `guest` waits, or the one who waits is there, which uses the handle up. */
  meet(handle: string, side: Side, guest: Guest, expired: () => void): Promise<Meeting<Guest>>;
  /** `guest` waits no more; its handle stays good. */
  leave(handle: string, guest: Guest): Promise<void>;
}

export type Meeting<Guest> =
  | { readonly met: Guest }
  | {
      readonly waits: true;
      /** From the same side and now useless: who dials again has lost the way it had. */
      readonly replaced?: Guest;
    }
  | { readonly refused: CloseReason };
