import type { ServiceIdentifier } from 'inversify';
import type { ServicePath } from '../channel/streams.js';

/**
 * The capture contract: a `source` shows a display, a `viewer` draws it.
 *
 * The viewer opens one stream at SCREEN_PATH (capability `view`, priority `screen`), which carries the messages of
 * `capture-wire.ts` and `capture-viewer-wire.ts`, each one message of a MessageStream. The source names its displays,
 * then sends one numbered sequence of frames on one reference picture; `picture-sequence.ts` says which message may
 * follow which.
 */
export const SCREEN_PATH: ServicePath = '/livelet/screen/1';

/** Pixels a side of a screen, the largest that PNG, WebP and canvases all take. */
export const MAX_SCREEN_SIDE = 16_384;
/** Pixels of a screen: 64 MP, a 256 MiB reference picture. */
export const MAX_SCREEN_PIXELS = 64 * 1024 * 1024;
/** Bytes of one tile's image. */
export const MAX_TILE_BYTES = 8 * 1024 * 1024;
/** Bytes of one encoded picture of a video. */
export const MAX_CHUNK_BYTES = 4 * 1024 * 1024;
/** Bytes of a message from the source: a largest tile and its headers. */
export const MAX_SOURCE_MESSAGE = MAX_TILE_BYTES + 1024;
/** Bytes of a message from the viewer. */
export const MAX_VIEWER_MESSAGE = 64;
/** Operations of one frame, over all its parts. */
export const MAX_FRAME_OPERATIONS = 8192;
/** Copies of one frame. */
export const MAX_FRAME_COPIES = 64;
/** Copies of one frame, each times the picture's pixels: a canvas may take all of the picture aside for each. */
export const MAX_COPIED_PIXELS = 4 * MAX_SCREEN_PIXELS;
/** Bytes of one frame, over all its parts. */
export const MAX_FRAME_BYTES = 128 * 1024 * 1024;
/** Bytes of all frames that aren't drawn, of one picture. */
export const MAX_UNDRAWN_BYTES = 2 * MAX_FRAME_BYTES;
/**
 * Frames that the source sends ahead of the viewer's acknowledgements: enough to fill a round trip of 250 ms with 30 a
 * second. On a shorter one it sends fewer.
 */
export const FRAMES_IN_FLIGHT = 8;
/** Pixels a side of a cursor's image. */
export const MAX_CURSOR_SIDE = 128;
export const MAX_DISPLAYS = 32;
/** Bytes of UTF-8. */
export const MAX_DISPLAY_NAME = 64;

/** A rectangle of pixels; `x` to the right and `y` down from a picture's top left corner. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One picture that can be chosen: a monitor, or everything side by side. */
export interface DisplayInfo extends Rectangle {
  /** Unique in the list; 0 is everything side by side. `x` and `y` are on the whole desktop. */
  readonly id: number;
  /** What the system calls it, such as `HDMI-1`; empty where it has no name. */
  readonly name: string;
}

/** The cursor's image with what points at the hot spot; 0 x 0 while no cursor is shown. */
export interface CursorShape {
  readonly width: number;
  readonly height: number;
  readonly hotX: number;
  readonly hotY: number;
  /** RGBA, 4 bytes a pixel, alpha not multiplied in, rows without gaps. */
  readonly rgba: Uint8Array;
}

/** Pixels read from a display: BGRX, 4 bytes a pixel, the fourth without meaning. */
export interface PixelView {
  /** The first row starts at `offset`; valid until the next read or dispose of the same display. */
  readonly bytes: Uint8Array;
  readonly offset: number;
  /** Bytes from one row to the next. */
  readonly stride: number;
}

/** What an open display tells its one owner. Coordinates are those of the display, not of the desktop. */
export interface DisplayListener {
  /** These pixels may have changed since they were last read. Not told for the first picture. */
  damaged(area: Rectangle): void;
  cursorShape(shape: CursorShape): void;
  /** The hot spot; may lie outside the display. */
  cursorMoved(x: number, y: number): void;
  /** The list of displays is another one, by a size, a place or a monitor: nothing more is told; open again. */
  changed(): void;
  /** The display server is gone: nothing more is told. */
  lost(): void;
}

/** A display being shown. */
export interface OpenDisplay extends AsyncDisposable {
  readonly info: DisplayInfo;
  /**
   * Reads the pixels of an area that lies inside the display. One read at a time.
   * @throws `display-lost`; `display-unknown` when it changed and `changed` is about to say so
   */
  read(area: Rectangle): Promise<PixelView>;
}

/**
 * A way to see displays: what a partner implements for another system. Holds nothing before it is first asked, and
 * after it was disposed.
 */
export interface CaptureSource extends AsyncDisposable {
  /**
   * The displays at this moment, the one to show first in front.
   * @throws `display-unavailable` when there is none, `display-unsupported` when it is of a form that can't be shared
   */
  displays(): Promise<readonly DisplayInfo[]>;
  /**
   * Opens a display; the cursor's shape and place are told soon after.
   * @throws `display-unavailable`, `display-unsupported`, `display-unknown`
   */
  open(id: number, listener: DisplayListener): Promise<OpenDisplay>;
}
export const CaptureSource: ServiceIdentifier<CaptureSource> = Symbol.for('@livelet/CaptureSource');

/** Pages: the viewer's stage tells what it shows by this event, which bubbles from its canvas. */
export const STAGE_GEOMETRY_EVENT = 'livelet-stage-geometry';
/** Marks the canvas whose CSS box is the displayed picture: `<canvas data-livelet-stage>`. */
export const STAGE_CANVAS_SELECTOR = 'canvas[data-livelet-stage]';

/** Detail of a STAGE_GEOMETRY_EVENT. */
export interface StageGeometry {
  /** Pixels of the display; also the canvas's `width` and `height`. */
  readonly width: number;
  readonly height: number;
  /** CSS pixels for each pixel of the display. */
  readonly scale: number;
  /** Where the display lies on the whole desktop, pixels. Also `data-origin-x` and `data-origin-y` of the canvas. */
  readonly originX: number;
  readonly originY: number;
}

/** Pages: the page around asks the stage for another size by this event, sent to the slot's element. */
export const STAGE_ZOOM_EVENT = 'livelet-stage-zoom';
/** Detail of a STAGE_ZOOM_EVENT: into the room there is, one device pixel for each pixel, one step larger or smaller. */
export type ZoomStep = 'fit' | 'actual' | 'in' | 'out';

/** Pages: the stage tells its numbers by this event about once a second while frames come; it bubbles. */
export const STAGE_STATISTICS_EVENT = 'livelet-stage-statistics';
/** Detail of a STAGE_STATISTICS_EVENT. */
export interface StageStatistics {
  /** Times that something new was shown in the last second: parts that come together are one. */
  readonly fps: number;
  /** Median from the change on the display to the drawn picture, ms, without the way over the wire. */
  readonly lagMs?: number;
}
