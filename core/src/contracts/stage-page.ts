/** Pages: what the page around asks of the stage besides its size, by events sent to the slot's element; and what it is told. */

/** Shows or hides the stage's table of measurements; the detail is whether it is shown. */
export const STAGE_MEASUREMENTS_EVENT = 'livelet-stage-measurements';

/** Tells that a picture has come or gone, and bubbles; the detail is whether one is shown. Before the first there is none. */
export const STAGE_SHOWN_EVENT = 'livelet-stage-shown';

/** Asks for a picture of the screen as it is shown at this moment; the detail is a SnapshotRequest. */
export const STAGE_SNAPSHOT_EVENT = 'livelet-stage-snapshot';

/** Detail of a STAGE_SNAPSHOT_EVENT. */
export interface SnapshotRequest {
  /** Whether the customer's cursor is drawn into it. */
  readonly cursor: boolean;
  /**
   * Called at once by a stage that has a picture: a PNG of the display's own size, pixel for pixel. Rejects where the
   * browser can't make one.
   */
  answer(picture: Promise<Blob>): void;
}

/** Tells how the person wants the picture weighed; the detail is a QualityPreset. A new page begins with `automatic`. */
export const STAGE_QUALITY_EVENT = 'livelet-stage-quality';

/** Asks for the picture itself, for whoever follows it; the detail is a PictureRequest. */
export const STAGE_PICTURE_EVENT = 'livelet-stage-picture';

/** Detail of a STAGE_PICTURE_EVENT. `Context` is a context of a canvas; this package has no DOM. */
export interface PictureRequest<Context = object> {
  /** Called at once by a stage. */
  answer(picture: StagePicture<Context>): void;
}

/** The picture that a stage shows, for as long as the stage is there. */
export interface StagePicture<Context = object> {
  /** Pixels of the display; both 0 while no picture is shown. */
  readonly width: number;
  readonly height: number;
  /** Draws the picture with the customer's cursor at the origin, in the display's own size. */
  paint(context: Context): void;
  /** After each change of what `paint` draws. */
  onChange(listener: () => void): Disposable;
}
