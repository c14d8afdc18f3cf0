import type { CopyOperation, Rectangle } from '@livelet/core';
import { LossyAreas } from './lossy-areas.js';
import { copyPixels, createPicture, movePixels, type Picture } from './picture.js';

/**
 * The reference picture, which holds the display's pixels as they were last read, and what the viewer doesn't have of
 * them: `unsent` not at all, `lossy` not exactly. The one copy of the display that the source keeps.
 */
export class ViewerPicture {
  readonly reference: Picture;
  readonly unsent = new LossyAreas();
  readonly lossy = new LossyAreas();

  constructor(width: number, height: number) {
    this.reference = createPicture(width, height);
  }

  /** The viewer's picture is another, of which nothing was sent. */
  forget(): void {
    this.unsent.clear();
    this.lossy.clear();
  }

  /** A copy is being sent: it is done here as it will be there. */
  copied(copy: CopyOperation, now: number): void {
    movePixels(this.reference, copy, copy.fromX, copy.fromY);
    this.unsent.copied(copy, now);
    this.lossy.copied(copy, now);
  }

  /** Takes new pixels of `area` from `read`, whose corner lies at `at`; they changed at `since`, ms of the clock. */
  changed(read: Picture, at: Rectangle, area: Rectangle, since: number): void {
    copyPixels(this.reference, read, at, area);
    this.unsent.add(area, since);
  }

  /** An area was sent as the reference is. */
  sent(area: Rectangle, lossy: boolean, now: number): void {
    this.unsent.remove(area);
    this.lossy.sent(area, lossy, now);
  }

  /** An area was sent that needn't be sent again, nor its surroundings be at rest for longer. */
  exact(area: Rectangle): void {
    this.unsent.remove(area);
    this.lossy.remove(area);
  }
}
