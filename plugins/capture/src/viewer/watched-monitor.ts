import type { DisplayInfo } from '@livelet/core';
import type { MonitorTold } from './page-protocol.js';

/** Notices when the monitor that is shown goes, so that another picture comes in its place, and when it is back. */
export class WatchedMonitor {
  #gone: DisplayInfo | undefined;

  /** The displays are others. @param shown the one that was shown until now @returns what the person is to be told */
  follow(shown: DisplayInfo | undefined, displays: readonly DisplayInfo[]): MonitorTold | undefined {
    if (this.#gone) {
      const gone = this.#gone;
      if (!isAmong(displays, gone)) return undefined;
      this.#gone = undefined;
      return told(gone, true);
    }
    // Everything side by side is never unplugged.
    if (!shown || shown.id === 0 || isAmong(displays, shown)) return undefined;
    this.#gone = shown;
    return told(shown, false);
  }

  /** The person has chosen a display. */
  forget(): void {
    this.#gone = undefined;
  }
}

function told({ id, name }: DisplayInfo, isThere: boolean): MonitorTold {
  return { type: 'monitor', name: name || String(id), isThere };
}

function isAmong(displays: readonly DisplayInfo[], { name, x, y, width, height }: DisplayInfo): boolean {
  return displays.some((each) =>
    name === ''
      ? each.x === x && each.y === y && each.width === width && each.height === height
      : each.name === name,
  );
}
