/** Pages: what the page around asks of the stage besides its size; all of it by events sent to the slot's element. */

/** Shows or hides the stage's table of measurements; the detail is whether it is shown. */
export const STAGE_MEASUREMENTS_EVENT = 'livelet-stage-measurements';

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
