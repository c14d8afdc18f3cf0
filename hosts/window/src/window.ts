import type { LiveletError, PagePort } from '@livelet/core';

/** What a host asks a shell to show. */
export interface PageSpec {
  /** Names the page in addresses and logs: `operator`, `livelet`. */
  readonly id: string;
  /** Folder with the built page: `index.html` and what it loads. Absolute path. */
  readonly folder: string;
  /** Further folders that the page may load modules from, by the first part of the path: plugin id to its folder. */
  readonly plugins: ReadonlyMap<string, string>;
  readonly title: string;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Kept above other windows where the shell can. @default false */
  readonly alwaysOnTop?: boolean;
}

/** Why a page is no longer there. */
export type GoneReason = 'closed' | 'silent' | 'hidden' | 'browser-ended';

/** An open page. One person looks at it; a second browser tab at the same address is refused. */
export interface PageWindow extends AsyncDisposable {
  /** Address to open by hand, with its one-time token, where nothing opened it; undefined in Electron. */
  readonly address: string | undefined;
  /** Process ids of the programs that draw it; none where the person opened it in a browser of their own. */
  processIds(): readonly number[];
  /** Each port that the page opens: `page` for the host's own code, `plugin:<plugin id>:<contribution id>`. */
  onPort(listener: (port: PagePort) => void): Disposable;
  /**
   * Starts to watch: the page must be there, visible and answering. Calls `listener` once when it has been gone,
   * silent or hidden for `limit` ms (a hidden one is raised once first).
   */
  watch(limit: number, listener: (reason: GoneReason) => void): Disposable;
  /** Brings it to the front where the shell can. */
  raise(): Promise<void>;
}

/** Opens pages: Electron's windows, or the installed browser's. */
export interface WindowShell extends AsyncDisposable {
  readonly kind: 'browser' | 'electron';
  /** @throws LiveletError `browser-missing`, `window-refused`, `port-in-use` */
  open(page: PageSpec): Promise<PageWindow>;
  /** What went wrong with no caller to tell, such as a refused connection. */
  onProblem(listener: (error: LiveletError) => void): Disposable;
}
