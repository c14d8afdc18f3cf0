/** What both halves of the demo say to their pieces in the pages, and hear. Safe for page code. */
import type { DisplayInfo } from '@livelet/core/page';

/** Contributions of the manifest: at the presenter what to show, and that it is shown; at the audience the picture, and that there is one. */
export const CHOICE_PIECE = 'choice';
export const SHOWING_PIECE = 'showing';
export const PICTURE_PIECE = 'picture';
export const WATCHING_PIECE = 'watching';

/**
 * Whether the operator's screen is shown: no, the browser asks which part, the other end is asked to take it, yes, yes
 * as soon as the connection is back.
 */
export type ShowState = 'off' | 'choosing' | 'opening' | 'showing' | 'resuming';

/**
 * Why it is shown no more, where the operator didn't press Stop: closed by the customer, no longer allowed, not chosen,
 * no page said any more that it is shown, or not to be had.
 */
export type ShowEnd = 'closed' | 'taken-back' | 'not-chosen' | 'unseen' | 'failed';

/** To the presenter's two pieces. */
export interface PresenterToPage {
  readonly state: ShowState;
  readonly peerName: string;
  /** Of the X display; none where there is none that can be read. */
  readonly displays: readonly DisplayInfo[];
  readonly end?: ShowEnd;
}

/** From them. */
export type PageToPresenter =
  /** One of the displays, by its id, or what the browser then asks for: a screen, a window, a tab. */
  { readonly type: 'show'; readonly what: number | 'picker' } | { readonly type: 'stop' };

/** To the audience's piece beside its switches. */
export interface AudienceToPage {
  readonly watching: boolean;
  readonly peerName: string;
}

/** From it: the picture is to go. */
export interface PageToAudience {
  readonly type: 'close';
}
