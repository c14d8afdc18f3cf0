import { setTimeout as pause } from 'node:timers/promises';
import { displayPixels } from '../../fixtures/stage-picture.js';
import type { XConnection } from '../../fixtures/x-client.js';
import type { Subject } from './subject.js';
import { SCREEN } from './works.js';

/** Between looks at the page's picture, ms. */
const AGAIN = 100;

/**
 * When the viewer's picture first equals the display, which must be at rest: ms of the page's `performance.now()`,
 * looked at every 100 ms; undefined when it doesn't within `limit` ms. Digests are compared: the display's pixels, brought
 * into the page, would keep it from drawing for half a second.
 */
export async function exactSince(
  { page, canvas }: Subject,
  display: XConnection,
  limit: number,
): Promise<number | undefined> {
  const { buffer, byteOffset, length } = await displayPixels(display, SCREEN.width, SCREEN.height);
  const wanted = digest(new Uint32Array(buffer, byteOffset, length / 4));
  const until = performance.now() + limit;
  while (performance.now() < until) {
    const { at, words } = await page.locator(canvas).evaluate(digest);
    if (words === wanted.words) return at;
    await pause(AGAIN);
  }
  return undefined;
}

interface Digest {
  /** When the picture was looked at, ms of `performance.now()`. */
  readonly at: number;
  /** Two words that depend on all of the picture's and on their order. */
  readonly words: string;
}

/** Runs in the page too, so nothing outside it is used. */
function digest(picture: Uint32Array | Element): Digest {
  const at = performance.now();
  const pixels = (canvas: HTMLCanvasElement): Uint32Array => {
    const { width, height } = canvas;
    const data = canvas.getContext('2d')?.getImageData(0, 0, width, height).data;
    return new Uint32Array(data?.buffer ?? new ArrayBuffer(0));
  };
  const words = picture instanceof Uint32Array ? picture : pixels(picture as HTMLCanvasElement);
  let [first, second] = [0, 0];
  for (let index = 0; index < words.length; index += 1) {
    // The multipliers of FNV-1a and of golden-ratio hashing.
    first = Math.imul(first ^ (words[index] as number), 0x01000193);
    second = (second + Math.imul(first, 0x9e3779b1)) | 0;
  }
  return { at, words: `${first} ${second}` };
}
