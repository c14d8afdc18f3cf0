import { displayPixels } from '../../fixtures/stage-picture.js';
import type { XConnection } from '../../fixtures/x-client.js';
import type { Subject } from './subject.js';
import { SCREEN } from './works.js';

/**
 * When the viewer's picture first equals the display, which must be at rest: ms of the page's `performance.now()`,
 * looked at every 100 ms; undefined when it doesn't within `limit` ms.
 */
export async function exactSince(
  { page, canvas }: Subject,
  display: XConnection,
  limit: number,
): Promise<number | undefined> {
  const shown = await displayPixels(display, SCREEN.width, SCREEN.height);
  const found = await page.locator(canvas).evaluate(
    async (element, { base64, within }) => {
      const STEP = 100;
      const text = atob(base64);
      const bytes = new Uint8Array(text.length);
      for (let at = 0; at < bytes.length; at += 1) bytes[at] = text.charCodeAt(at);
      const wanted = new Uint32Array(bytes.buffer);
      const context = (element as HTMLCanvasElement).getContext('2d');
      const until = performance.now() + within;
      for (;;) {
        const at = performance.now();
        const { width, height } = element as HTMLCanvasElement;
        const { data } = context?.getImageData(0, 0, width, height) ?? {};
        const seen = new Uint32Array(data?.buffer ?? new ArrayBuffer(0));
        if (seen.length === wanted.length && seen.every((word, index) => word === wanted[index])) return at;
        if (at > until) return null;
        await new Promise((done) => setTimeout(done, STEP));
      }
    },
    { base64: shown.toString('base64'), within: limit },
  );
  return found ?? undefined;
}
