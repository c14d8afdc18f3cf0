import type { ErrorCode, InputReply } from '@livelet/core';

/**
 * What the controller and its pieces of the page say to each other. An InputMessage goes as the bytes of
 * `encodeInput` beside `null`; the rest is JSON.
 */
export type PageToController =
  | { readonly type: 'captured'; readonly captured: boolean }
  /** From the stage: whether it shows a picture. Without one there is no control. */
  | { readonly type: 'picture'; readonly picture: boolean };

export type ControllerToPage =
  /** Whether mouse and keyboard are the operator's to use now, and why not when something went wrong. */
  | {
      readonly type: 'state';
      readonly control: boolean;
      readonly captured: boolean;
      readonly error?: ErrorCode;
      /** Said once, when the customer took control back or its time ran out. */
      readonly over?: 'revoked' | 'expired';
    }
  | ({ readonly type: 'refused' } & InputReply);

/** Contributions of the manifest. */
export const STAGE_PIECE = 'keyboard-and-mouse';
export const KEYS_PIECE = 'keys';
