import type {
  ErrorCode,
  ExistingChoice,
  FileOffer,
  FilePath,
  FolderListing,
  ListedFile,
} from '@livelet/core';

/** What the halves and their panels say to each other, as JSON; only the answer to `read` has bytes beside it. */
export type PageToDesk =
  /** Files and folders that the person chose, in pieces of at most MAX_CHOSEN. */
  | { readonly type: 'chosen'; readonly files: readonly ChosenFile[]; readonly last: boolean }
  | { readonly type: 'pause' | 'resume' | 'cancel' | 'retry'; readonly transfer: number }
  /** Where it was kept, in the computer's own way. */
  | { readonly type: 'show'; readonly transfer: number }
  /** What became of each item until now. */
  | { readonly type: 'items'; readonly transfer: number }
  | {
      readonly type: 'answer';
      readonly question: number;
      readonly choice: ExistingChoice;
      /** The same for all that come after it in its transfer. */
      readonly all: boolean;
    }
  /** Answers to what the half asked of the page. */
  | {
      readonly type: 'answered';
      readonly request: number;
      readonly error?: ErrorCode;
      readonly value?: unknown;
    }
  // The depot's page
  | { readonly type: 'withdraw'; readonly offer: string }
  | { readonly type: 'share'; readonly name: string }
  | { readonly type: 'unshare' }
  // The courier's page
  | { readonly type: 'take-offer'; readonly offer: string }
  | { readonly type: 'take-shared'; readonly paths: readonly FilePath[] }
  | { readonly type: 'send-own'; readonly paths: readonly FilePath[] }
  /** Lines from the `from`th on. @default 0 */
  | { readonly type: 'look'; readonly pane: Pane; readonly path: FilePath; readonly from?: number };

export type DeskToPage =
  | ({ readonly type: 'state' } & DeskState)
  /** What `look` asked for; `error` in its place where it can't be had. */
  | {
      readonly type: 'looked';
      readonly pane: Pane;
      readonly path: FilePath;
      readonly from: number;
      readonly listing?: FolderListing;
      readonly error?: ErrorCode;
    }
  /** What `items` asked for. */
  | { readonly type: 'items'; readonly transfer: number; readonly items: readonly ItemShown[] }
  /** What the page wanted was refused. */
  | { readonly type: 'refused'; readonly error: ErrorCode }
  | ({ readonly type: 'request'; readonly request: number } & PageRequest);

/** What only the page can do, because a browser gives it the files and not their paths. */
export type PageRequest =
  | { readonly what: 'read'; readonly file: number; readonly offset: number; readonly length: number }
  /** Names of the shared folder, from the `from`th on, at most MAX_LISTED. Answered with a FolderListing. */
  | { readonly what: 'list'; readonly path: FilePath; readonly from: number }
  /** Answered with a ChosenFile. */
  | { readonly what: 'open'; readonly path: FilePath };

/** `theirs`: the shared folder; `own`: the folder that files arrive in at this end. */
export type Pane = 'theirs' | 'own';

/** Something that the page holds; `file` names it there. */
export interface ChosenFile extends Omit<ListedFile, 'name'> {
  readonly file: number;
  readonly path: FilePath;
}

/** Files of one `chosen` message. */
export const MAX_CHOSEN = 500;
/** Transfers that are shown; of those that are over the oldest go first. */
export const MAX_TRANSFERS = 100;
/** Failed items that are named. */
export const MAX_FAILED = 20;

/** Items of a transfer of which a panel can be told what became of them: those that were over first. */
export const MAX_ITEMS_SHOWN = 500;

/** All that a panel shows, whole: a page that reloads is right after one message. */
export interface DeskState {
  readonly maySend: boolean;
  readonly mayTake: boolean;
  readonly peerName: string;
  /** Where files arrive. */
  readonly folder: string;
  readonly offers: readonly FileOffer[];
  readonly shared?: { readonly name: string };
  readonly transfers: readonly TransferShown[];
  /** Whether this end can show where a file is, in the computer's own way. */
  readonly canShow: boolean;
  /** At most one: what to do with a name that is there already. */
  readonly question?: QuestionShown;
}

export interface QuestionShown {
  readonly id: number;
  readonly path: FilePath;
}

export interface TransferShown {
  readonly id: number;
  /** `in`: to this end. */
  readonly way: 'in' | 'out';
  readonly title: string;
  readonly state: 'waiting' | 'running' | 'done' | 'broken';
  readonly paused: 'no' | 'here' | 'there';
  readonly items: number;
  readonly itemsDone: number;
  readonly kept: number;
  readonly skipped: number;
  readonly bytes: number;
  readonly bytesDone: number;
  /** Bytes a second; absent while nothing moves. */
  readonly rate?: number;
  readonly secondsLeft?: number;
  readonly failed: readonly { readonly name: string; readonly reason: ErrorCode }[];
  readonly failedCount: number;
  /** Symlinks, devices and pipes that this end left out; no more than MAX_FAILED are named. Absent: none. */
  readonly leftOut?: { readonly count: number; readonly names: readonly string[] };
  /** Why it broke off. */
  readonly error?: ErrorCode;
  /** The offer that it takes. */
  readonly offer?: string;
  /** Whether this end can begin it again, with something to be had from that. */
  readonly canRetry: boolean;
  /** Where it is, once it is over and something was kept: its path at this end, what the other end calls it there. */
  readonly keptAt?: string;
}

/** What became of one file or folder; names as they may be shown, with the folders above. */
export type ItemShown =
  | { readonly how: 'kept'; readonly name: string; readonly keptAs: string }
  | { readonly how: 'skipped'; readonly name: string }
  | { readonly how: 'failed'; readonly name: string; readonly reason: ErrorCode };
