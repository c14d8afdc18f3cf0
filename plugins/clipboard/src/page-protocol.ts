import type { ClipboardFormat, ClipboardRefusal } from '@livelet/core';

/** Contributions of the manifest. */
export const MENU_PIECE = 'clipboard';
export const WHAT_I_COPY_PIECE = 'what-i-copy';
export const WHAT_THEY_COPY_PIECE = 'what-they-copy';

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
