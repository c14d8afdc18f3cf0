import type { PanelContext } from '@livelet/core/page';
import { pieces } from '../src/picture/rectangles.js';
import { CELL, type Colours, type PixelForm, PlanarPicture } from '../src/web-display/planar-picture.js';
import {
  type CaptureToSource,
  MAX_PIXELS_MESSAGE,
  type SharedPicture,
  type SourceToCapture,
} from '../src/web-display/web-capture-protocol.js';
import { ScreenTrack } from './sharing/screen-track.js';

/** Captures the screen while the host wants it, and sends what changes, as much as the host asks for. */
export function mount(context: PanelContext<HTMLElement>): Disposable {
  return new WebCapture(context);
}

class WebCapture implements Disposable {
  readonly #port: PanelContext<HTMLElement>['port'];
  readonly #resources = new DisposableStack();
  #track: ScreenTrack | undefined;
  #picture: SharedPicture | undefined;
  /** What the host has, and memory for the next picture. */
  #sent: PlanarPicture | undefined;
  #next: PlanarPicture | undefined;
  #asked = false;
  #busy = false;
  /** Counts captures: one that nobody wants any more may still be in the browser's picker. */
  #wanted = 0;

  constructor({ port }: PanelContext<HTMLElement>) {
    this.#port = port;
    this.#resources.use(port.onMessage(({ json }) => this.#receive(json as unknown as SourceToCapture)));
    this.#resources.use(port.onClose(() => this.#stop()));
    this.#resources.defer(() => this.#stop());
  }

  [Symbol.dispose](): void {
    this.#resources.dispose();
  }

  #receive({ type }: SourceToCapture): void {
    switch (type) {
      case 'capture':
        void this.#capture();
        break;
      case 'more':
        this.#asked = true;
        void this.#work();
        break;
      case 'stop':
        this.#stop();
        break;
    }
  }

  async #capture(): Promise<void> {
    this.#stop();
    const wanted = this.#wanted;
    try {
      const track = await ScreenTrack.ask({
        frame: () => void this.#work(),
        ended: () => this.#over({ type: 'refused' }),
      });
      if (wanted === this.#wanted) this.#track = track;
      else track[Symbol.dispose]();
    } catch (error) {
      if (wanted !== this.#wanted) return;
      const refused = error instanceof DOMException && error.name === 'NotAllowedError';
      this.#over(refused ? { type: 'refused' } : { type: 'unavailable', reason: String(error) });
    }
  }

  #stop(): void {
    this.#wanted += 1;
    this.#track?.[Symbol.dispose]();
    this.#track = undefined;
    this.#picture = undefined;
    this.#sent = undefined;
    this.#next = undefined;
    this.#asked = false;
  }

  #over(message: CaptureToSource): void {
    this.#stop();
    this.#say(message);
  }

  /** Sends the newest picture's changes, if they are asked for and nothing else is being sent. */
  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let frame = this.#ready(); frame; frame = this.#ready()) {
        const wanted = this.#wanted;
        using _frame = { [Symbol.dispose]: () => frame?.close() };
        await this.#send(frame, () => wanted === this.#wanted);
      }
    } catch (error) {
      this.#over({ type: 'unavailable', reason: String(error) });
    } finally {
      this.#busy = false;
    }
  }

  /** The picture to go on with; what it looks like is told at once, and its pixels when they are asked for. */
  #ready(): VideoFrame | undefined {
    const frame = this.#track?.take();
    if (!frame) return undefined;
    this.#describe(frame);
    if (this.#asked) return frame;
    this.#track?.giveBack(frame);
    return undefined;
  }

  #describe(frame: VideoFrame): void {
    const picture = pictureOf(frame);
    if (JSON.stringify(picture) === JSON.stringify(this.#picture)) return;
    const { width, height, form } = picture;
    this.#picture = picture;
    this.#sent = undefined;
    this.#next = new PlanarPicture(width, height, form);
    // What was asked for was another picture.
    this.#asked = false;
    this.#say({ type: 'sharing', ...picture });
  }

  async #send(frame: VideoFrame, wanted: () => boolean): Promise<void> {
    const { width, height, form } = this.#picture as SharedPicture;
    const next = this.#next as PlanarPicture;
    const layout = next.planes.map(({ offset, stride }) => ({ offset, stride }));
    await frame.copyTo(next.bytes, form === 'BGRX' ? { format: form, layout } : { layout });
    if (!wanted()) return;
    const before = this.#sent;
    const changes = before ? next.changes(before) : [{ x: 0, y: 0, width, height }];
    if (changes.length === 0) return;
    this.#asked = false;
    this.#sent = next;
    this.#next = before ?? new PlanarPicture(width, height, form);
    this.#post(next, changes);
  }

  #post(
    picture: PlanarPicture,
    changes: readonly { x: number; y: number; width: number; height: number }[],
  ): void {
    const band = picture.sizeOf({ x: 0, y: 0, width: picture.width, height: CELL });
    const rows = Math.max(1, Math.floor(MAX_PIXELS_MESSAGE / band)) * CELL;
    const parts = changes.flatMap((area) => [...pieces(area, area.width, rows)]);
    while (parts.length > 0) {
      let size = 0;
      let count = 0;
      for (const part of parts) {
        const more = picture.sizeOf(part);
        if (count > 0 && size + more > MAX_PIXELS_MESSAGE) break;
        size += more;
        count += 1;
      }
      const areas = parts.splice(0, count);
      const bytes = new Uint8Array(size);
      let at = 0;
      for (const area of areas) at = picture.pack(area, bytes, at);
      this.#say({ type: 'pixels', areas, last: parts.length === 0 }, bytes);
    }
  }

  #say(message: CaptureToSource, bytes?: Uint8Array): void {
    const json = { ...message } as never;
    this.#port.post(bytes ? { json, bytes } : { json });
  }
}

function pictureOf({ visibleRect, codedWidth, codedHeight, format, colorSpace }: VideoFrame): SharedPicture {
  const form: PixelForm = format === 'I420' || format === 'NV12' ? format : 'BGRX';
  const colours: Colours = {
    matrix: colorSpace.matrix === 'bt709' ? 'bt709' : 'bt601',
    fullRange: colorSpace.fullRange === true,
  };
  return {
    width: visibleRect?.width ?? codedWidth,
    height: visibleRect?.height ?? codedHeight,
    form,
    colours,
  };
}
