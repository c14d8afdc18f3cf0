/** What the panel and its half in the host say to each other. Safe for page code. */
import type { ErrorCode, ReportItem, ReportText } from '@livelet/core/page';

/** The piece of interface in the manifest. */
export const REPORT_PIECE = 'report';

export type PanelToDesk =
  | { readonly type: 'gather' }
  /** Exactly this, as the person left it. */
  | { readonly type: 'send'; readonly items: readonly ReportItem[] }
  /** The same, to be saved as a file. */
  | { readonly type: 'seal'; readonly items: readonly ReportItem[] }
  | { readonly type: 'cancel' }
  /** Of reports that wait. */
  | { readonly type: 'discard' };

export type DeskToPanel =
  | {
      readonly type: 'gathered';
      readonly items: readonly ReportText[];
      /** Name of the computer that takes reports. */
      readonly relay: string;
      /** Whether there is a key to seal to. */
      readonly canSeal: boolean;
      /** Reports of before that couldn't be sent yet. */
      readonly waiting: number;
    }
  /** `part` of the sealed bytes are on their way, 0 to 1; what goes beside them, such as the way to the relay, isn't counted. */
  | { readonly type: 'sending'; readonly part: number }
  | { readonly type: 'done'; readonly how: 'sent' | 'queued' }
  /** Its bytes are beside it. */
  | { readonly type: 'sealed' }
  | { readonly type: 'cancelled' }
  /** Nothing waits any more. */
  | { readonly type: 'discarded' }
  | { readonly type: 'failed'; readonly error: ErrorCode };
