/**
 * What the console's host and its page say to each other through the port `page`. Safe for page code: types and
 * plain constants only. The host sends whole states, so that a page that reloads is right after one message.
 */
import type {
  Capability,
  ErrorCode,
  Grant,
  Interruption,
  Locale,
  LocalizedText,
  MissingSignature,
  ReceiptGaps,
  Route,
  SessionConnection,
  UiSlot,
} from '@livelet/core/page';

/** Who works here, and with which relay. */
export interface About {
  readonly operatorName: string;
  readonly fingerprint: string;
  /** Host name of the relay, as in the deployment file. */
  readonly relay: string;
  readonly region?: string;
  /** The plugins' pieces that are there without a session too. */
  readonly help: readonly ContributionShown[];
  /** The language to begin with. */
  readonly locale?: Locale;
}

/** Why the console is back at home without a session having been held. */
export type HomeNotice =
  /** Ten minutes went by and nobody typed the code. */
  { readonly kind: 'code-expired' } | { readonly kind: 'failed'; readonly code: ErrorCode };

/** What happened to a capability, for the list of what was granted and for the receipt. */
export interface ConsentEvent {
  /** ms since 1970 */
  readonly at: number;
  readonly capability: Capability;
  readonly what: 'asked' | 'granted' | 'denied' | 'revoked' | 'expired';
  /** When a timed grant ends, ms since 1970. */
  readonly until?: number;
}

/** A grant as the page shows it. */
export interface GrantShown extends Grant {
  /** Asking is pointless before this, ms since 1970: the customer's side refuses it. */
  readonly askAgainAt?: number;
}

/** One piece of a plugin's interface; SlotContribution of the window toolkit fits. */
export interface ContributionShown {
  readonly plugin: string;
  readonly id: string;
  readonly slot: UiSlot;
  readonly title: LocalizedText;
  readonly module: string;
  readonly icon?: string;
  /** Of use only while this is granted. */
  readonly capability?: Capability;
  /** More of it is of use while these are granted. */
  readonly asks?: readonly Capability[];
}

export interface PeerShown {
  readonly name: string;
  readonly fingerprint: string;
}

export type SasWords = readonly [string, string, string, string];

/** How a session ended, as this side knows it. */
export interface EndShown {
  readonly how: 'ended-here' | 'ended-by-peer' | 'interrupted' | 'failed';
  /** Set for the two ends that were said (EndReason in core). */
  readonly reason?: 'person' | 'refused' | 'window-gone' | 'shutdown' | 'display-lost' | 'failure';
  readonly error?: ErrorCode;
}

/** What remains of a session: facts only, nothing of what was seen or written. */
export interface ReceiptShown {
  readonly operator: string;
  readonly peer: PeerShown;
  readonly sasWords: SasWords;
  /** ms since 1970 */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly events: readonly ConsentEvent[];
  /** What plugins noted, such as files that were sent; times are ms since 1970. */
  readonly notes?: readonly { readonly at: number; readonly text: LocalizedText }[];
  /** Times without a connection. */
  readonly interruptions: readonly Interruption[];
  readonly end: EndShown;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Why the customer's program didn't sign it too; absent: it did. */
  readonly missing?: MissingSignature;
  /** What only this program signed, or what found no room. */
  readonly gaps: ReceiptGaps;
}

/** What the page shows, whole. */
export type ConsoleState =
  | { readonly view: 'home'; readonly notice?: HomeNotice; readonly longCodes: boolean }
  | { readonly view: 'getting-code' }
  | {
      readonly view: 'waiting';
      /** In groups of three digits. */
      readonly code: string;
      /** ms since 1970 */
      readonly expiresAt: number;
      readonly longCodes: boolean;
    }
  /** Someone typed the code; keys are being agreed on. */
  | { readonly view: 'connecting' }
  | {
      readonly view: 'session';
      readonly peer: PeerShown;
      readonly sasWords: SasWords;
      /** ms since 1970 */
      readonly startedAt: number;
      readonly grants: readonly GrantShown[];
      readonly events: readonly ConsentEvent[];
      /** The plugins' pieces of interface, for the page's slots. */
      readonly contributions: readonly ContributionShown[];
      /** END was sent and the other side hasn't confirmed it. */
      readonly ending: boolean;
      /** While the ends can't hear each other nothing can be asked or controlled. */
      readonly connection: SessionConnection;
      /** The way that the connection takes, and how often it was lost and came back. */
      readonly way: Route & { readonly resumes: number };
      /** What the operator noted for themselves; absent: nothing. */
      readonly ownNotes?: string;
    }
  | { readonly view: 'ended'; readonly receipt: ReceiptShown; readonly ownNotes?: string };

/** A past session, kept in memory while the program runs. */
export interface HistoryEntry {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly peerName: string;
  readonly end: EndShown;
}

/** A session of today, as the relay remembers it. */
export interface SessionShown {
  readonly id: string;
  /** ms since 1970 */
  readonly started: number;
  /** Missing while it runs, and for good when the relay didn't see its end. */
  readonly ended?: number;
  readonly running?: true;
  readonly durationMs?: number;
  /** The operator's own words, at most MAX_NOTE characters. */
  readonly note: string;
  /** Known only on the computer that held the session. */
  readonly customer?: string;
  /** The program that held it was gone before its end: it has no receipt here. */
  readonly withoutReceipt?: true;
}

/** Characters of a note. */
export const MAX_NOTE = 500;

/** What the relay says of this operator. `sessions`: of today, latest first, as far as they could be loaded. */
export type AccountShown =
  | { readonly state: 'checking' | 'enrolling' | 'revoked'; readonly sessions: readonly SessionShown[] }
  | { readonly state: 'enrolled'; readonly name: string; readonly sessions: readonly SessionShown[] }
  /** `problem`: what was wrong with the token that was tried. */
  | {
      readonly state: 'not-enrolled';
      readonly problem?: ErrorCode;
      readonly sessions: readonly SessionShown[];
    }
  | { readonly state: 'offline'; readonly problem: ErrorCode; readonly sessions: readonly SessionShown[] };

/** What the settings page shows. */
export interface SettingsShown {
  readonly archive: {
    /** The computer that keeps chats; absent: they are not kept. */
    readonly by?: string;
    /** Whether the organisation chose it in place of its own relay. */
    readonly isChosen: boolean;
    /** Whether there is an organisation that could. */
    readonly canChoose: boolean;
    /** Why the choice that is there keeps nothing. */
    readonly problem?: ErrorCode;
  };
  /** Sealed parts of chats that no archive has yet, and those that were lost. */
  readonly waiting: { readonly waiting: number; readonly lost: number; readonly problem?: ErrorCode };
  /** `host:port` of the proxy that leads to the relay; absent: none. */
  readonly proxy?: string;
  readonly proxyProblem?: ErrorCode;
  readonly recordings: RecordingsShown;
  /** Where the relay may stand; empty: anywhere. */
  readonly allowedRegions: readonly string[];
}

/** Where recordings go. */
export interface RecordingsShown {
  /** Absent: the one among the person's videos. */
  readonly folder?: string;
  /** Set at the start, so not to be changed here. */
  readonly isFixed: boolean;
  /** Whether the person can choose one in the desktop's own way. */
  readonly canBrowse: boolean;
}

/** Characters of a folder's path. */
export const MAX_FOLDER = 1024;

/** Characters of a signed choice of an archive. */
export const MAX_CHOICE = 4096;

/** The quality of the connection, sent once a second and only when it has changed. */
export interface ConnectionQuality {
  /** Round trip between the two ends; absent until measured. */
  readonly rttMs?: number;
  readonly bytesPerSecond: number;
}

export type HostToPage =
  | { readonly type: 'about'; readonly about: About }
  | { readonly type: 'state'; readonly state: ConsoleState; readonly history: readonly HistoryEntry[] }
  | { readonly type: 'quality'; readonly quality: ConnectionQuality }
  | { readonly type: 'account'; readonly account: AccountShown }
  /** The operator's sessions, to be saved as a file. */
  | { readonly type: 'exported'; readonly format: 'csv' | 'json'; readonly text: string }
  /** The receipt of the session that is over, signed, without the notes, to be saved as a file. */
  | { readonly type: 'signed-receipt'; readonly json: string }
  | { readonly type: 'settings'; readonly settings: SettingsShown }
  /** A change on the settings page didn't work, or it did. */
  | { readonly type: 'settings-answer'; readonly code?: ErrorCode }
  /** A note or an export didn't work. */
  | { readonly type: 'account-refused'; readonly code: ErrorCode }
  /** Something that was asked for didn't work; the state stays as it is. */
  | { readonly type: 'refused'; readonly code: ErrorCode };

export type PageToHost =
  /** From home, from an unused code, or from a receipt. */
  | { readonly type: 'new-code' }
  | { readonly type: 'cancel' }
  | { readonly type: 'ask'; readonly capability: Capability }
  | { readonly type: 'end' }
  /** What the operator notes for themselves, whole, at most MAX_OWN_NOTES characters. */
  | { readonly type: 'own-notes'; readonly text: string }
  /** Of the session whose receipt is read. */
  | { readonly type: 'signed-receipt' }
  /** With the one-time token that an administrator gave. */
  | { readonly type: 'enrol'; readonly token: string }
  /** Asks the relay again. */
  | { readonly type: 'refresh-account' }
  | { readonly type: 'note'; readonly session: string; readonly note: string }
  | { readonly type: 'export'; readonly format: 'csv' | 'json' }
  /** The organisation's signed choice of an archive, as its file has it. */
  | { readonly type: 'choose-archive'; readonly choice: string }
  | { readonly type: 'reset-archive' }
  /** An absolute path. */
  | { readonly type: 'choose-recordings'; readonly folder: string }
  | { readonly type: 'browse-recordings' }
  | { readonly type: 'reset-recordings' }
  /** With the one-time token of the archive's administrator. */
  | { readonly type: 'enrol-at-archive'; readonly token: string }
  /** The receipt has been read. */
  | { readonly type: 'home' };
