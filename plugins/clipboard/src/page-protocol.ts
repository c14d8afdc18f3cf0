import type { ClipboardFormat, ClipboardRefusal, ErrorCode } from '@livelet/core';

/** Contributions of the manifest. */
export const MENU_PIECE = 'clipboard';
export const WHAT_I_COPY_PIECE = 'what-i-copy';
export const WHAT_THEY_COPY_PIECE = 'what-they-copy';
export const COPIED_FILES_PIECE = 'copied-files';

/** How many bytes of each format are in a message's bytes, in this order. */
export type Parts = readonly { readonly format: ClipboardFormat; readonly length: number }[];

/** The last thing that was passed, or was not: never what it was. */
export interface LastCopied {
  readonly formats: readonly ClipboardFormat[];
  /** Of all formats together; 0 where that isn't known. */
  readonly bytes: number;
  /** ms since 1970 by this side's clock. */
  readonly at: number;
  /** Absent: it was passed on. */
  readonly refusal?: ClipboardRefusal;
}

/** To the customer's panels. */
export interface SharerToPage {
  readonly type: 'state';
  readonly last?: LastCopied;
}

/** What the operator's menu says. */
export type PageToPartner =
  /** The operator's clipboard, with its bytes. */
  | { readonly type: 'copied'; readonly parts: Parts }
  /** What became of what arrived. */
  | { readonly type: 'placed'; readonly id: number; readonly where: 'clipboard' | 'offered' | 'nowhere' };

export type PartnerToPage =
  | {
      readonly type: 'state';
      /** Whether what the operator copies can go to the customer now, and the other way round. */
      readonly sends: boolean;
      readonly takes: boolean;
      readonly peerName: string;
      readonly lastSent?: LastCopied;
      readonly lastTaken?: LastCopied;
    }
  /** The customer copied this; its bytes are beside it. */
  | { readonly type: 'arrived'; readonly id: number; readonly parts: Parts };

/** To the customer's panel: files that they copied and may give. */
export interface FilesToPage {
  readonly type: 'files';
  /** Whether the operator may take any now. */
  readonly mayGive: boolean;
  /** Whether what was copied last is on offer, by the person's press. */
  readonly given: boolean;
  /** Absent: none were copied, or it was decided. */
  readonly copied?: CopiedFilesShown;
}

export interface CopiedFilesShown {
  /** Another one for each copy: an answer to the one before counts for nothing. */
  readonly id: number;
  readonly files: number;
  readonly folders: number;
  /** Of the first ones, at most MAX_SHOWN_NAMES, safe to show; folders end with a slash. */
  readonly names: readonly string[];
  /** The folder that each of them lies in, safe to show. */
  readonly places: readonly string[];
  /** Whether some were copied that can't be given. */
  readonly isPart: boolean;
  /** Why giving them didn't work. */
  readonly error?: ErrorCode;
}

export const MAX_SHOWN_NAMES = 5;

export interface PageToFiles {
  readonly type: 'give' | 'leave';
  readonly id: number;
}
