import type { SealedPurpose } from '@livelet/core/wire';

/** What is kept for the organisation and only its keys open. */
export interface SealedItemTable {
  kind: SealedPurpose;
  /** In the order of arrival, from 1, of each kind. */
  number: number;
  /** Whose `id` it is: nobody's can be in the way of another's. */
  owner: string;
  id: string;
  /** Id of the operator who sent it, or who vouched for the customer who did; empty for a report. */
  operator: string;
  received_at: number;
  /** Bytes. */
  size: number;
  envelope: Uint8Array;
}

/** One row for each kind. */
export interface SealedUsageTable {
  kind: SealedPurpose;
  /** The last number that was given. */
  last: number;
  items: number;
  bytes: number;
}
