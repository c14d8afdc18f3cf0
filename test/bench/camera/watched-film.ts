import type { Page } from 'playwright-core';
import { median, percentile } from '../statistics.js';
import { MARK_SIDE } from './moving-film.js';

/** A frame as it went into the encoder, or as it was drawn. */
interface Seen {
  /** ms since 1970. */
  readonly at: number;
  readonly light: boolean;
}

/** What one page did with the camera's frames. */
export interface WatchedFilm {
  /** Forgets what was seen until now. */
  begin(): Promise<void>;
  seen(): Promise<readonly Seen[]>;
}

/** Keeps when the page encodes and draws frames of a camera, and whether their mark is light. Before the page loads. */
export async function watchFilm(page: Page): Promise<WatchedFilm> {
  await page.addInitScript({ content: `(${watchInPage})(${MARK_SIDE});` });
  return {
    begin: () => page.evaluate('globalThis.watchedFilm.length = 0'),
    seen: () => page.evaluate('globalThis.watchedFilm'),
  };
}

/** Frames seen a second, and how long after the encoder got a change of the mark it was drawn, ms. */
export function comparedFilms(
  encoded: readonly Seen[],
  drawn: readonly Seen[],
  seconds: number,
): { readonly rate: number; readonly lag50?: number; readonly lag95?: number } {
  const changes = (seen: readonly Seen[]): Seen[] =>
    seen.filter(({ light }, at) => at > 0 && seen[at - 1]?.light !== light);
  const shown = changes(drawn);
  const lags = changes(encoded).flatMap(({ at, light }) => {
    const first = shown.find((one) => one.light === light && one.at >= at);
    return first ? [first.at - at] : [];
  });
  const rate = drawn.length / seconds;
  return lags.length === 0 ? { rate } : { rate, lag50: median(lags), lag95: percentile(lags, 0.95) };
}

function watchInPage(side: number): void {
  const seen: Seen[] = [];
  (globalThis as unknown as { watchedFilm: Seen[] }).watchedFilm = seen;
  const small = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const look = (frame: VideoFrame): void => {
    if (frame.displayWidth > 640 || frame.displayHeight > 480 || !small) return;
    const half = (side / 4) * (frame.displayWidth / 640);
    small.drawImage(frame, half, half, half, half, 0, 0, 1, 1);
    const [red = 0] = small.getImageData(0, 0, 1, 1).data;
    seen.push({ at: performance.timeOrigin + performance.now(), light: red > 128 });
  };
  const { encode } = VideoEncoder.prototype;
  VideoEncoder.prototype.encode = function (frame, options) {
    look(frame);
    encode.call(this, frame, options);
  };
  const { drawImage } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.drawImage = function (
    this: CanvasRenderingContext2D,
    ...parts: never[]
  ) {
    (drawImage as (...all: never[]) => void).apply(this, parts);
    if ((parts[0] as unknown) instanceof VideoFrame) look(parts[0] as unknown as VideoFrame);
  } as typeof drawImage;
}
