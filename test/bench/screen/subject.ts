import type { Page } from 'playwright-core';
import type { SlowLine } from '../../fixtures/slow-line.js';
import type { PictureReader } from './picture-reader.js';

export type SubjectName = 'product' | 'xvnc' | 'x11vnc';

/** CPU time so far, s. */
export interface CpuTimes {
  /** The customer's side: the display's server, what shares it, and its page. */
  readonly source: number;
  /** The program in between: relay or websockify. */
  readonly between: number;
  /** The viewer's side: its page's browser, and the program behind the page. */
  readonly viewer: number;
}

/** One that shows a display in a page: the product, or what it is compared with. It runs, and its page shows the display. */
export interface Subject extends AsyncDisposable {
  /** X display, `:<number>`. */
  readonly display: string;
  /** The viewer's. */
  readonly page: Page;
  /** CSS selector of the canvas with the picture. */
  readonly canvas: string;
  readonly reader: PictureReader;
  /** TCP payload so far between the program in between and the viewer, both directions. */
  wireBytes(): number;
  cpu(): CpuTimes;
  /** What stands before the viewer, when one was asked for. */
  readonly line: SlowLine | undefined;
}

/** A line before the viewer. Its length is kept; its rate is changed once the first picture is there. */
export interface LineOptions {
  readonly bitsPerSecond: number;
  /** One way, ms. */
  readonly delayMs: number;
}

export type StartSubject = (line?: LineOptions) => Promise<Subject>;

/** Of all viewers' pages, CSS px: every subject's page shows the whole display at 1:1 in it. */
export const VIEWPORT = { width: 2300, height: 1300 };
