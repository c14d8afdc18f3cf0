import type { ServicePath } from '../channel/streams.js';
import { LiveletError } from '../errors.js';
import type { KeepingNotice } from './chat-archive.js';

/** Short written messages between the two people. Both ends play the same role and serve the same path. */
export const CHAT_PATH: ServicePath = '/livelet/chat/1';

/** Code points of one message. */
export const MAX_CHAT_CHARACTERS = 4000;
/** What the sender names a message: 1 to 64 of `A-Z a-z 0-9 _ -`, unique among its messages of the session. */
export const CHAT_ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;

/** One message as it crosses the wire. */
export interface ChatMessage {
  readonly id: string;
  /** 1 to MAX_CHAT_CHARACTERS code points of well-formed Unicode; of the control characters only newline and tab. */
  readonly text: string;
  /** When it was written, ms since 1970 by the sender's clock. */
  readonly at: number;
}

/** The answer to a message that was taken. */
export interface ChatReceipt {
  /** When it arrived, ms since 1970 by the receiver's clock. The same again when a message is sent again. */
  readonly receivedAt: number;
}

/** What each end serves. */
export type ChatService = {
  /** @throws `chat-too-long`, `chat-malformed`; then nothing was shown or kept */
  deliver(message: ChatMessage): ChatReceipt;
  /**
   * At the customer's end: whether and where the chat is kept, told by the operator's before the first message.
   * @throws `archive-choice-refused` when the organisation didn't sign that; then neither end keeps the chat
   */
  keep(notice: KeepingNotice): { readonly kept: boolean };
};

/** The number of code points, counted only as far as `limit` + 1. */
export function countCharacters(text: string, limit = Number.MAX_SAFE_INTEGER): number {
  let count = 0;
  for (const _ of text) {
    count += 1;
    if (count > limit) break;
  }
  return count;
}

/** @throws `chat-too-long`, `chat-malformed` */
export function checkChatText(text: string): void {
  // A code point has at most two code units: the cheap bound comes first.
  if (
    text.length > 2 * MAX_CHAT_CHARACTERS ||
    countCharacters(text, MAX_CHAT_CHARACTERS) > MAX_CHAT_CHARACTERS
  ) {
    throw new LiveletError('chat-too-long', 'message too long', { data: { limit: MAX_CHAT_CHARACTERS } });
  }
  if (text.trim() === '') throw malformed('empty');
  // Control characters other than newline and tab, and surrogates that stand alone.
  if (/[^\P{Cc}\n\t]|\p{Cs}/u.test(text)) throw malformed('control characters or broken Unicode');
}

/** Reads what a peer sent. @throws `chat-too-long`, `chat-malformed` */
export function readChatMessage(value: unknown): ChatMessage {
  if (typeof value !== 'object' || value === null) throw malformed('not a message');
  const { id, text, at } = value as Record<string, unknown>;
  if (typeof id !== 'string' || !CHAT_ID_PATTERN.test(id)) throw malformed('bad id');
  if (typeof at !== 'number' || !Number.isSafeInteger(at) || at < 0) throw malformed('bad time');
  if (typeof text !== 'string') throw malformed('no text');
  checkChatText(text);
  return { id, text, at };
}

/**
 * The text as it is safe to show: characters that turn the direction of what follows are left out, so that a
 * message can't make itself or its neighbours read otherwise than they are. Right-to-left scripts need none of them.
 */
export function displayChatText(text: string): string {
  return text.replace(/[\u202a-\u202e\u2066-\u2069]/gu, '');
}

function malformed(message: string): LiveletError {
  return new LiveletError('chat-malformed', message);
}
