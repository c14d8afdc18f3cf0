import type { Clock } from '@livelet/core';
import type { PageConnection } from './page-connection.js';
import type { GoneReason } from './window.js';

/** Looks at the page this often within the limit. */
const LOOKS = 6;

export interface WatchOptions {
  readonly connection: PageConnection;
  readonly clock: Clock;
  /** ms */
  readonly limit: number;
  /** Whether the program that draws the page has ended, so that it can't come back. */
  readonly ended: () => boolean;
  /** Called at each look: brings `connection.windowVisible` up to date where only asking tells. */
  readonly lookAtWindow?: () => void;
  readonly raise: () => void;
  readonly onGone: (reason: GoneReason) => void;
}

/**
 * See PageWindow.watch. Counts looks and not milliseconds, so that a computer that slept or a host that stood still
 * for a moment blames the page for none of it.
 */
export function watchPage(options: WatchOptions): Disposable {
  const { connection, clock, limit, ended, lookAtWindow, raise, onGone } = options;
  let timer: Disposable | undefined;
  let stopped = false;
  let missing = 0;
  let silent = 0;
  let hidden = 0;
  let seen = 0;
  let raised = false;

  const look = (): void => {
    const reason = judge();
    if (stopped) return;
    if (reason === undefined) timer = clock.setTimer(limit / LOOKS, look);
    else {
      stopped = true;
      onGone(reason);
    }
  };

  const judge = (): GoneReason | undefined => {
    if (ended()) return 'browser-ended';
    missing = connection.connected ? 0 : missing + 1;
    if (missing >= LOOKS) return 'closed';
    if (missing > 0) {
      silent = 0;
      return undefined;
    }
    silent = connection.takeHeard() ? 0 : silent + 1;
    // One less: the look after its last answer still found that one.
    if (silent >= LOOKS - 1) return 'silent';
    connection.ping();
    lookAtWindow?.();
    return judgeHidden();
  };

  const judgeHidden = (): GoneReason | undefined => {
    if (connection.visible) {
      seen += 1;
      hidden = 0;
      // Seen again for a while: the next time it is hidden it is raised again.
      if (seen >= LOOKS) raised = false;
      return undefined;
    }
    seen = 0;
    hidden += 1;
    if (hidden >= LOOKS) return 'hidden';
    if (!raised) {
      raised = true;
      raise();
    }
    return undefined;
  };

  look();
  return {
    [Symbol.dispose]() {
      stopped = true;
      timer?.[Symbol.dispose]();
    },
  };
}
