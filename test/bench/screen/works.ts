import { MARK } from './mark.js';

/** What is drawn on the display. Everything here is known to the painter and to whoever reads the picture. */
export type WorkName = 'idle' | 'typing' | 'terminal' | 'page' | 'video' | 'window' | 'click';

/** Where a frame's number is read off the viewer's picture; all places must show it, and the least counts. */
export type Reading =
  /** A mark at (x, y) shows the frame's number plus `ahead`. */
  | { readonly kind: 'mark'; readonly x: number; readonly y: number; readonly ahead: number }
  /** A window's {@link EDGE} stands at x = `first` + number x `step` in the row y. */
  | { readonly kind: 'edge'; readonly y: number; readonly first: number; readonly step: number };

export interface Work {
  readonly name: WorkName;
  readonly title: string;
  /** Frames a second that are drawn. */
  readonly rate: number;
  readonly readings: readonly Reading[];
  /** What is aimed at. */
  readonly reach: Reach;
}

export interface Reach {
  /** Seen a second, at least. */
  readonly rate?: number;
  /** Drawn to seen, p50, ms, at most. */
  readonly lag?: number;
  /** The same, p95. */
  readonly lag95?: number;
  /** On the wire, kB/s, at most. */
  readonly wire?: number;
  /** Source, share of a core, at most. */
  readonly source?: number;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The first frame's number; a work shows the one before it when it is put up. */
export const FIRST = 101;

export const SCREEN = { width: 1920, height: 1080 };

export const EDITOR: Box = { x: 160, y: 120, width: 900, height: 520 };
/** Cells of the editor's text, px. */
export const CELL = { width: 9, height: 18 };
/** The editor's text, inside its window; in the margin of the row `typed` stands the number of its last character. */
export const EDITOR_TEXT = { x: 150, y: 16, columns: 80, rows: 27, typed: 20 };
export const EDITOR_MARK = { x: 8, y: EDITOR_TEXT.y + EDITOR_TEXT.typed * CELL.height };

export const TERMINAL: Box = { x: 240, y: 160, width: 800, height: 640 };
/** A line of the terminal, px. */
export const LINE = 16;
/** The mark of a line, from the window's left: right of its text. */
export const LINE_MARK = TERMINAL.width - MARK.width;
const LINES = TERMINAL.height / LINE;

export const PAGE: Box = { x: 480, y: 120, width: 960, height: 800 };
/** What the page moves by, px: each band of it carries its number at the right. */
export const BAND = MARK.height;
export const PAGE_MARK = PAGE.width - MARK.width - 8;
const BANDS = PAGE.height / BAND;

export const VIDEO: Box = { x: 320, y: 176, width: 1280, height: 720 };
/** The videos of the slow lines, beside the editor. */
export const SMALL_VIDEO: Box = { x: 1440, y: 176, width: 320, height: 180 };
export const MIDDLE_VIDEO: Box = { x: 1200, y: 176, width: 640, height: 360 };

/** Its left side is at `first` + frame number x `step`, px. */
export const WINDOW = { width: 800, height: 600, first: 8 - 6 * (FIRST - 1), step: 6 };
/** The left border of the dragged window: nothing else on the display has this colour, RRGGBB. */
export const EDGE = { width: 8, colour: 0xff00ff };
/** The dragged window goes up and down while it goes right; some of its rows are in these always. */
export const WINDOW_PATH = { y: 160, swing: 20 };

export const BUTTON: Box = { x: 800, y: 440, width: 320, height: 200 };
export const BUTTON_COLOURS = [0x2563eb, 0xf59e0b] as const;

/** Top left corner of the dragged window in frame `number`. */
export function windowAt(number: number): { readonly x: number; readonly y: number } {
  const { first, step } = WINDOW;
  return {
    x: first + number * step,
    y: Math.round(WINDOW_PATH.y + WINDOW_PATH.swing * Math.sin(number / 12)),
  };
}

const mark = (x: number, y: number, ahead = 0): Reading => ({ kind: 'mark', x, y, ahead });
const edge = (y: number): Reading => ({ kind: 'edge', y, first: WINDOW.first, step: WINDOW.step });

/** First and last corner of a video. */
export const videoMarks = ({ x, y, width, height }: Box): Reading[] => [
  mark(x, y),
  mark(x + width - MARK.width, y + height - MARK.height),
];

export const WORKS: Readonly<Record<WorkName, Work>> = {
  idle: { name: 'idle', title: 'idle', rate: 0, readings: [], reach: { source: 0.02, wire: 0.1 } },
  typing: {
    name: 'typing',
    title: 'one character per 100 ms',
    rate: 10,
    readings: [mark(EDITOR.x + EDITOR_MARK.x, EDITOR.y + EDITOR_MARK.y)],
    reach: { lag: 10, wire: 2 },
  },
  click: {
    name: 'click',
    title: 'click to changed colour',
    rate: 0,
    readings: [],
    reach: { lag: 15, lag95: 25 },
  },
  terminal: {
    name: 'terminal',
    title: 'terminal scrolling a line at 30 Hz',
    rate: 30,
    readings: [
      mark(TERMINAL.x + LINE_MARK, TERMINAL.y, 1 - LINES),
      mark(TERMINAL.x + LINE_MARK, TERMINAL.y + TERMINAL.height - LINE),
    ],
    reach: { rate: 30, lag: 25, wire: 60 },
  },
  window: {
    name: 'window',
    title: '800x600 photo window dragged at 30 Hz',
    rate: 30,
    readings: [edge(300), edge(640)],
    reach: { rate: 30, lag: 25, wire: 175 },
  },
  page: {
    name: 'page',
    title: 'page of text and photos scrolled 8 px at 30 Hz',
    rate: 30,
    readings: [
      mark(PAGE.x + PAGE_MARK, PAGE.y),
      mark(PAGE.x + PAGE_MARK, PAGE.y + PAGE.height - BAND, BANDS - 1),
    ],
    reach: { rate: 30, lag: 40, wire: 400 },
  },
  video: {
    name: 'video',
    title: '1280x720 video at 30 fps',
    rate: 30,
    readings: videoMarks(VIDEO),
    reach: { rate: 29, lag: 45, wire: 800 },
  },
};
