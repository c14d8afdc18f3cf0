/**
 * What the Livelet's host and its page say to each other through the port `page`. Safe for page code. The host
 * sends whole views, so that a page that reloads is right after one message; the page sends what a person pressed.
 */
import {
  CAPABILITIES,
  type Capability,
  type ErrorCode,
  type Interruption,
  type Locale,
  type LocalizedText,
  type MissingSignature,
  type ReceiptGaps,
  type UiContribution,
} from '@livelet/core/page';

/** The port that carries this. */
export const PAGE_PORT = 'page';

/** Digits, spaces and hyphens of the longest code, with room for an odd way to write it. */
const MAX_CODE_TEXT = 64;

/** Whoever is at the other end of the code. */
export interface HelperShown {
  /** As they call themselves: claimed, not proven. */
  readonly name: string;
  readonly fingerprint: string;
}

/** How long an answer to a request lasts. */
export const ANSWER_TIMES = ['once', 'ten-minutes', 'session'] as const;
export type AnswerTime = (typeof ANSWER_TIMES)[number];

/** One capability with its switch. */
export interface SwitchShown {
  readonly capability: Capability;
  readonly on: boolean;
  /** When it goes off by itself, ms since 1970. */
  readonly until?: number;
  /** It is on, and yet the helper can have nothing of it until something happens here, such as the choice of a screen. */
  readonly heldBack?: true;
}

/** The helper asks for something; there is one question at a time. */
export interface QuestionShown {
  /** Which question an answer is for: a late click must not answer the next one. */
  readonly id: number;
  readonly capability: Capability;
}

/** A plugin's piece of interface. */
export interface PieceShown {
  readonly plugin: string;
  readonly contribution: UiContribution;
}

export interface ReceiptLine {
  /** ms since 1970 */
  readonly at: number;
  readonly capability: Capability;
  readonly what: 'asked' | 'granted' | 'denied' | 'revoked' | 'expired';
  /** When a timed permission would have ended, ms since 1970. */
  readonly until?: number;
}

/** Why there is no session any more, as the customer would tell it. */
export type EndCause =
  | 'you-stopped'
  | 'you-refused'
  | 'helper-ended'
  | 'interrupted'
  | 'display-lost'
  /** The panel was out of sight or didn't answer. */
  | 'window-gone'
  | 'failed';

/** What remains of a session: facts only, nothing of what was seen or written. */
export interface ReceiptShown {
  readonly helper: HelperShown;
  /** When the two ends were connected, ms since 1970; absent if nothing was ever allowed. */
  readonly startedAt?: number;
  readonly endedAt: number;
  /** What was allowed, and for how long together, ms. */
  readonly granted: readonly { readonly capability: Capability; readonly totalMs: number }[];
  readonly lines: readonly ReceiptLine[];
  /** What plugins noted, such as files that were received; absent: nothing. */
  readonly notes?: readonly { readonly at: number; readonly text: LocalizedText }[];
  /** When the connection was lost, ms since 1970, and for how long, ms; absent: never. */
  readonly interruptions?: readonly Interruption[];
  /** Why only this program signed it; absent: the helper's did too. */
  readonly missing?: MissingSignature;
  /** What only this program signed, or what found no room; absent: nothing. */
  readonly gaps?: ReceiptGaps;
  /** Who keeps the chat, and whether all that this computer was to send has arrived there; absent: not kept. */
  readonly chat?: { readonly by: string; readonly whole: boolean };
}

export type LiveletView =
  /** Waiting for the digits; `error`: why the last ones led nowhere. */
  | { readonly step: 'code'; readonly error?: ErrorCode }
  | { readonly step: 'connecting' }
  | {
      readonly step: 'who';
      readonly helper: HelperShown;
      readonly words: readonly string[];
      readonly switches: readonly SwitchShown[];
      /** How long Allow stays closed after the page has shown this, s. */
      readonly armSeconds: number;
    }
  | {
      readonly step: 'panel';
      readonly helper: HelperShown;
      /** ms since 1970 */
      readonly startedAt: number;
      readonly switches: readonly SwitchShown[];
      readonly question?: QuestionShown;
      readonly pieces: readonly PieceShown[];
      /** The connection was lost and is sought until then, ms since 1970. */
      readonly reconnectingUntil?: number;
    }
  /** The session is over; what is left of a kept chat is on its way, for at most so many seconds. */
  | {
      readonly step: 'keeping';
      readonly cause: EndCause;
      /** Name of the computer that keeps it. */
      readonly by: string;
      readonly seconds: number;
    }
  | {
      readonly step: 'ended';
      readonly cause: EndCause;
      readonly error?: ErrorCode;
      readonly receipt: ReceiptShown;
      /** The same as it was signed, to be saved; absent: too long for a message. */
      readonly signed?: string;
      /** After how many seconds the window closes by itself; absent in a browser that the person opened. */
      readonly closesIn?: number;
    }
  /** This computer can't be helped with this program; nothing but closing is left. */
  | { readonly step: 'unusable'; readonly error: ErrorCode; readonly closesIn?: number };

export type HostToPage = {
  readonly type: 'view';
  /** Language chosen on the command line; the page's own switch wins. */
  readonly locale?: Locale;
  /** Name of the relay's computer. */
  readonly relay: string;
  /** Where the relay says that it is, such as `EU`. */
  readonly region?: string;
  /** The plugins' pieces that are there in every view. */
  readonly help: readonly PieceShown[];
  readonly view: LiveletView;
};

export type PageToHost =
  | { readonly type: 'code'; readonly code: string }
  | { readonly type: 'cancel' }
  | { readonly type: 'refuse' }
  | { readonly type: 'allow'; readonly capabilities: readonly Capability[] }
  | { readonly type: 'answer'; readonly question: number; readonly time: AnswerTime | 'no' }
  | { readonly type: 'switch'; readonly capability: Capability; readonly on: boolean }
  | { readonly type: 'stop' }
  /** Something is open over the view that the person needs time for; or not any more. */
  | { readonly type: 'reading'; readonly reading: boolean }
  /** The end has been read. */
  | { readonly type: 'close' }
  /** The end is on the screen, and needs the host no more. */
  | { readonly type: 'shown' };

/** Checks what a page sent; undefined when it isn't one of the messages above. */
export function readPageMessage(json: unknown): PageToHost | undefined {
  if (typeof json !== 'object' || json === null || !('type' in json)) return undefined;
  const message = json as Record<string, unknown>;
  switch (message.type) {
    case 'cancel':
    case 'refuse':
    case 'stop':
    case 'close':
    case 'shown':
      return { type: message.type };
    case 'reading':
      return typeof message.reading === 'boolean' ? { type: 'reading', reading: message.reading } : undefined;
    case 'code':
      return typeof message.code === 'string' && message.code.length <= MAX_CODE_TEXT
        ? { type: 'code', code: message.code }
        : undefined;
    case 'allow':
      return isCapabilityList(message.capabilities)
        ? { type: 'allow', capabilities: message.capabilities }
        : undefined;
    case 'answer':
      return typeof message.question === 'number' && isAnswer(message.time)
        ? { type: 'answer', question: message.question, time: message.time }
        : undefined;
    case 'switch':
      return isKnown(message.capability) && typeof message.on === 'boolean'
        ? { type: 'switch', capability: message.capability, on: message.on }
        : undefined;
    default:
      return undefined;
  }
}

function isKnown(value: unknown): value is Capability {
  return (CAPABILITIES as readonly unknown[]).includes(value);
}

function isCapabilityList(value: unknown): value is readonly Capability[] {
  return Array.isArray(value) && value.length <= CAPABILITIES.length && value.every(isKnown);
}

function isAnswer(value: unknown): value is AnswerTime | 'no' {
  return value === 'no' || (ANSWER_TIMES as readonly unknown[]).includes(value);
}
