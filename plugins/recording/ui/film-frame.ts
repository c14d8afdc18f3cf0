import type { StagePicture } from '@livelet/core/page';
import type { FilmSize } from '../src/page-protocol.js';

/** What the film shows of the stage at one moment; the caller disposes it. */
export interface TakenFrame extends Disposable {
  readonly frame: VideoFrame;
}

/**
 * The film's own canvas. A stage of another size than the film's, after the customer's screen has changed, is shown
 * whole: in the middle, smaller where it has to be, never larger, and black around it.
 */
export class FilmFrame {
  readonly #context: OffscreenCanvasRenderingContext2D;

  constructor({ width, height }: FilmSize) {
    const canvas = new OffscreenCanvas(width, height);
    // Encoders read every picture: in the page's own memory it is there already.
    const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
    if (!context) throw new Error('no canvas for the film');
    this.#context = context;
  }

  /** @param at performance.now() */
  take(picture: StagePicture<OffscreenCanvasRenderingContext2D>, at: number): TakenFrame {
    const context = this.#context;
    const { canvas } = context;
    const { width, height } = picture;
    context.resetTransform();
    if (width !== canvas.width || height !== canvas.height)
      context.clearRect(0, 0, canvas.width, canvas.height);
    if (width > 0) {
      const scale = Math.min(1, canvas.width / width, canvas.height / height);
      const left = Math.floor((canvas.width - width * scale) / 2);
      const top = Math.floor((canvas.height - height * scale) / 2);
      context.setTransform(scale, 0, 0, scale, left, top);
      picture.paint(context);
    }
    const frame = new VideoFrame(canvas, { timestamp: Math.round(at * 1000), alpha: 'discard' });
    return { frame, [Symbol.dispose]: () => frame.close() };
  }
}
