import type { Side } from '../contracts/session.js';
import { decisionsOf, digestOf, without } from './agreed-facts.js';
import type { ReceiptAccount } from './signed-receipt.js';

/** Why two accounts are not the two ends' of one session; undefined: they are. */
export type Mismatch = 'same-side' | 'other-people' | 'other-session';

export function mismatch(left: ReceiptAccount, right: ReceiptAccount): Mismatch | undefined {
  if (left.side === right.side) return 'same-side';
  if (left.own.key !== right.peer.key || left.peer.key !== right.own.key) return 'other-people';
  return left.agreed.facts.session === right.agreed.facts.session ? undefined : 'other-session';
}

/**
 * Whether the statement of the other end that `left` holds is over what that end's own receipt `right` tells. Undefined:
 * it holds none.
 */
export function isWhatWasSigned(left: ReceiptAccount, right: ReceiptAccount): boolean | undefined {
  const held = left.agreed[right.side];
  return held && held.facts === digestOf(right.agreed.facts);
}

/** A decision that one end tells and the other doesn't. */
export interface Difference {
  /** The side whose person decided, and the side that tells it. */
  readonly decidedBy: Side;
  readonly toldBy: Side;
  /** `control granted` */
  readonly decision: string;
}

/** What the two ends of one session tell differently of what was asked, allowed, refused and taken back. */
export function differences(left: ReceiptAccount, right: ReceiptAccount): readonly Difference[] {
  return [
    ...onlyIn(left, right, 'own'),
    ...onlyIn(right, left, 'peer'),
    ...onlyIn(right, left, 'own'),
    ...onlyIn(left, right, 'peer'),
  ];
}

/** Decisions of one person that `teller` has more often than `other`. */
function onlyIn(teller: ReceiptAccount, other: ReceiptAccount, whose: 'own' | 'peer'): readonly Difference[] {
  const decidedBy = whose === 'own' ? teller.side : other.side;
  const known = decisionsOf(other.entries, whose === 'own' ? 'peer' : 'own');
  return without(decisionsOf(teller.entries, whose), known).map((decision) => ({
    decidedBy,
    toldBy: teller.side,
    decision,
  }));
}
