import type { DisplayInfo, ErrorCode } from '@livelet/core/page';

/** Contributions of the manifest. */
export const STAGE_PIECE = 'screen';
export const DISPLAYS_PIECE = 'displays';

/**
 * Whether there is a picture: not allowed yet or not any more, being opened, there, the last one while the connection
 * is restored, over with the session, or not to be had.
 */
export type ViewState = 'waiting' | 'paused' | 'opening' | 'viewing' | 'resuming' | 'ended' | 'failed';

/** Where the stage is, or why there is nothing on it. */
export interface StateTold {
  readonly type: 'state';
  readonly state: ViewState;
  /** Why it failed. */
  readonly error?: ErrorCode;
}

/** The monitor that was shown is gone, and another picture comes in its place, or it is back. */
export interface MonitorTold {
  readonly type: 'monitor';
  readonly name: string;
  readonly isThere: boolean;
}

/** To the stage. A SourceMessage goes as its bytes beside `null`, checked; the rest is JSON. */
export type ViewerToStage = StateTold | MonitorTold;

/** From the stage. A ViewerMessage comes as its bytes beside `null`. */
export type StageToViewer =
  /** An image could not be drawn. */
  | { readonly type: 'broken' }
  /** The person wants to try again after `failed`. */
  | { readonly type: 'again' }
  /** The person wants to see it no more, where they are offered that. */
  | { readonly type: 'close' };

/** To the menu of displays. */
export interface ViewerToMenu {
  readonly displays: readonly DisplayInfo[];
  /** The one being shown, once there is one. */
  readonly shown?: number;
}

/** From the menu of displays. */
export interface MenuToViewer {
  readonly select: number;
}
