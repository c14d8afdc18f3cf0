import type { ServiceIdentifier } from 'inversify';
import type { SessionInfo, Side } from './session.js';

/** What both people are told about their chat before its first message. */
export type ChatKeeping =
  /** `refused`: the helper's end named an archive that the organisation didn't sign. */
  | { readonly kept: false; readonly refused: boolean }
  /** `by`: name of the computer that keeps it. */
  | { readonly kept: true; readonly by: string };

/** What the operator's end tells the customer's before the first message. */
export interface KeepingNotice {
  readonly kept: boolean;
  /** Names the chat at both ends: 32 hexadecimal digits. */
  readonly session: string;
  /** The organisation's signed choice of an archive, as JSON; without it the deployment's own relay. */
  readonly choice?: string;
  /** The customer's right to hand in a transcript (core/src/sealed/archive-grant.ts). */
  readonly grant?: string;
}

/** A message whose fate is known. */
export interface WrittenMessage {
  readonly id: string;
  readonly from: Side;
  readonly text: string;
  /** ms since 1970 by this end's clock. */
  readonly at: number;
  readonly delivered: boolean;
}

/** One session's chat, at one end. */
export interface KeptChat {
  /** Undefined at the customer's end until the operator's has said it. */
  readonly keeping: ChatKeeping | undefined;
  /** At the operator's end: what to tell the other one. */
  readonly notice: KeepingNotice;
  /**
   * At the customer's end: what the operator's has told; the first one counts.
   * @throws `archive-choice-refused` (then the chat is not kept by this end), `chat-malformed`
   */
  follow(notice: unknown): ChatKeeping;
  /** At the operator's end: the other one refused the notice, so this one keeps nothing either. */
  refused(): ChatKeeping;
  /** Does nothing unless the chat is kept. */
  add(message: WrittenMessage): void;
  /** Seals what is left. */
  close(): void;
}

/** Where a host puts what is written in its sessions. A host that binds none keeps nothing. */
export interface ChatArchive {
  begin(session: SessionInfo): KeptChat;
}
export const ChatArchive: ServiceIdentifier<ChatArchive> = Symbol.for('@livelet/ChatArchive');
