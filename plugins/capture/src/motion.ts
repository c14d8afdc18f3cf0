import type { Rectangle } from '@livelet/core';

/** Finds the rectangle that keeps changing. */
export interface Motion {
  /** Notes what one frame changed, without what goes as copies; ms of the clock. */
  frame(changed: readonly Rectangle[], now: number): void;
  /** What is in motion at this moment, with even sides; the same object while it is the same rectangle. */
  area(now: number): Rectangle | undefined;
}
