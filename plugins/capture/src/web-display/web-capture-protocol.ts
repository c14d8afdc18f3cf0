/** What the web source's half in the host says to its two pieces of the customer's page, and hears. Safe for page code. */
import type { Rectangle } from '@livelet/core/page';
import type { Colours, PixelForm } from './planar-picture.js';

/** Contributions of the manifest: what captures, which is never seen, and what the person chooses with. */
export const WEB_CAPTURE_PIECE = 'web-capture';
export const SHARE_PIECE = 'share';

/** The largest message of pixels, bytes: a change that is larger comes in several. */
export const MAX_PIXELS_MESSAGE = 4 * 1024 * 1024;

/** What the browser captures. */
export interface SharedPicture {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly form: PixelForm;
  readonly colours: Colours;
}

/** To the piece that captures. */
export type SourceToCapture =
  /** The person has just pressed the button: the browser may ask them what to share. */
  | { readonly type: 'capture' }
  /** The next changes may come; `pixels` with `last` answers it, once something has changed. */
  | { readonly type: 'more' }
  /** Nobody may see it any more: every track is stopped. */
  | { readonly type: 'stop' };

/** From the piece that captures. */
export type CaptureToSource =
  /** Before the first pixels, which are those of the whole picture, and again when any of it has changed. */
  | ({ readonly type: 'sharing' } & SharedPicture)
  /** Bytes beside it: of each area in turn, of each plane in turn, its rows. Areas begin at a cell's corner. */
  | { readonly type: 'pixels'; readonly areas: readonly Rectangle[]; readonly last: boolean }
  /** The person didn't want to, or ended it. */
  | { readonly type: 'refused' }
  /** The browser can't, or something failed; `reason` is for developers. */
  | { readonly type: 'unavailable'; readonly reason: string };

/**
 * Whether the screen is shared: nobody asks for it, the person is asked, the browser asks which, it is shared, it was
 * refused or ended by the person, or this browser can't.
 */
export type ShareState = 'idle' | 'asking' | 'choosing' | 'sharing' | 'refused' | 'unavailable';

/** To the piece that the person chooses with. */
export interface SourceToShare {
  readonly state: ShareState;
}

/** From it: the button was pressed. */
export interface ShareToSource {
  readonly type: 'choose';
}
