import type { ErrorCode, ViewerMessage } from '@livelet/core';

/** Messages to a viewer, and what it must make of them. */
export interface CaptureViewerCase {
  readonly title: string;
  readonly messages: readonly Uint8Array[];
  /** How the viewer resets the stream; undefined: it draws, and answers this. */
  readonly refused?: ErrorCode;
  readonly answers?: readonly ViewerMessage[];
  /** The viewer's page is slow: nothing is acknowledged. */
  readonly hold?: boolean;
  /** The viewer's page decodes VP8, and has said so before the messages come. */
  readonly video?: boolean;
}
