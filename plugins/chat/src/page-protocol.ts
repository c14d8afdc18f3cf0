import type { ChatKeeping, ErrorCode } from '@livelet/core';

/** What the participant and its panel say to each other, as JSON. */
export type PageToParticipant =
  | { readonly type: 'send'; readonly text: string }
  /** Tries a message that wasn't delivered once more. */
  | { readonly type: 'resend'; readonly id: string };

export type ParticipantToPage =
  | ({ readonly type: 'state'; readonly entries: readonly ChatEntry[] } & ChatState)
  /** A new entry, or a known one (by `id` and `mine`) that changed. */
  | { readonly type: 'entry'; readonly entry: ChatEntry }
  /** What the page wanted to send was refused before it was sent. */
  | { readonly type: 'refused'; readonly error: ErrorCode };

export interface ChatState {
  /** Whether messages can be sent now. */
  readonly open: boolean;
  /** Whether and where this chat is kept; absent until both ends agree. Nothing is sent before that. */
  readonly keeping?: ChatKeeping;
  /** As the other person calls themself. */
  readonly peerName: string;
}

export interface ChatEntry {
  readonly id: string;
  readonly mine: boolean;
  readonly text: string;
  /** When it was written (own messages) or arrived, ms since 1970 by this side's clock. */
  readonly at: number;
  readonly delivery: 'sending' | 'delivered' | 'failed';
}

/** Messages that are kept in memory and shown; the oldest go first. */
export const MAX_ENTRIES = 500;

/** Contributions of the manifest: the operator's and the customer's. */
export const CHAT_PIECES = ['chat', 'chat-with-helper'] as const;
