import type { CloseReason } from '@livelet/core/wire';

/** Who may ask for codes. */
export interface OperatorGate {
  /**
   * Judges the `authorization` of an `allocate` message.
   * @param source who pays for a wrong one: an IPv4 address or an IPv6 /64
   */
  admit(
    authorization: string,
    source: string,
  ): Promise<{ readonly operator: string } | { readonly refused: CloseReason }>;
  /** Tells of each operator who may no longer: their codes and sessions end at once. */
  onRevoked(listener: (operator: string) => void): Disposable;
}
