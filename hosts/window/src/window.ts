import type { Desktop, LiveletError, PagePort } from '@livelet/core';

/** What a host asks a shell to show. */
export interface PageSpec {
  /** Names the page in addresses and window classes: `operator`, `livelet`. Lower case letters, digits, hyphens. */
  readonly id: string;
  /** Folder with the built page: `index.html` and what it loads. Absolute path. */
  readonly folder: string;
  /** Plugin id to the folder that `/plugins/<id>/` shows the page. */
  readonly plugins: ReadonlyMap<string, string>;
  readonly title: string;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Kept above other windows, in Electron; in a browser the page opens its panel window. @default false */
  readonly alwaysOnTop?: boolean;
  /** Whether the page may have the browser ask the person for the screen (getDisplayMedia). @default false */
  readonly capturesScreen?: boolean;
  /** Whether the page may have the browser read the person's clipboard, with their permission. @default false */
  readonly readsClipboard?: boolean;
  /** Whether the page may have the browser ask the person for the microphone (getUserMedia). @default false */
  readonly usesMicrophone?: boolean;
  /** Whether the page may have the browser open the person's camera, with their permission. @default false */
  readonly usesCamera?: boolean;
}

/** Why a page is no longer there. */
export type GoneReason = 'closed' | 'silent' | 'hidden' | 'browser-ended';

/** An open page. One person looks at it; a second browser tab at the same address is refused. */
export interface PageWindow extends AsyncDisposable {
  /** Address to open by hand, with its one-time token; undefined where the shell opened it. */
  readonly address: string | undefined;
  /** Process ids of the programs that draw it; none where the person opened it in a browser of their own. */
  processIds(): readonly number[];
  /**
   * Each port that the page opens: `page` for the host's own code, `plugin:<plugin id>:<contribution id>`. Ports that
   * the page opens while nobody listens are closed.
   */
  onPort(listener: (port: PagePort) => void): Disposable;
  /**
   * Starts to watch: the page must be there, visible and answering. Calls `listener` once when it has been gone,
   * silent or hidden for at most `limit` ms, at once when the program that draws it has ended. A hidden one is raised
   * once first; it may be covered by other windows. A reload within the limit is no absence.
   */
  watch(limit: number, listener: (reason: GoneReason) => void): Disposable;
  /** Brings it to the front; does nothing where the shell didn't open it. */
  raise(): Promise<void>;
}

/** Opens pages: Electron's windows, or the installed browser's. */
export interface WindowShell extends AsyncDisposable {
  readonly kind: 'browser' | 'electron';
  /** Absent where the page is a browser's. */
  readonly desktop?: Desktop;
  /** @throws LiveletError `browser-missing`, `window-unavailable` (no window could be shown), `window-gone` */
  open(page: PageSpec): Promise<PageWindow>;
  /** What went wrong with no caller to tell, such as `window-refused` for a second tab or a wrong token. */
  onProblem(listener: (error: LiveletError) => void): Disposable;
}
