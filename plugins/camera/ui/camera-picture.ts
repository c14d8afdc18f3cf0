import type { JsonValue, PagePort } from '@livelet/core/page';
import type { HostToTheir, TheirToHost } from '../src/page-protocol.js';

type Frame = Extract<HostToTheir, { type: 'frame' }>;

/** Frames that the decoder may have before it: another one would be old when it is drawn. */
const MAX_QUEUED = 4;
/** VP8 knows no others (RFC 6386, 9.2), and a chunk doesn't say them: without this they would be those of HD films. */
const COLOURS = {
  matrix: 'smpte170m',
  primaries: 'smpte170m',
  transfer: 'smpte170m',
  fullRange: false,
} as const;

/** Draws the other person's camera. Frames that it has no time for are given up, and a key frame asked for. */
export class CameraPicture implements Disposable {
  readonly canvas: HTMLCanvasElement;
  readonly #port: PagePort;
  #decoder: VideoDecoder | undefined;
  /** Numbers of the frames in the decoder, oldest first. */
  #inside: number[] = [];
  #needsKey = true;
  #asked = false;

  constructor(page: Document, port: PagePort) {
    this.canvas = page.createElement('canvas');
    this.canvas.setAttribute('role', 'img');
    this.#port = port;
  }

  take({ number, key, width, height }: Frame, chunk: Uint8Array): void {
    if (key) this.#needsKey = false;
    if (this.#needsKey || (!key && this.#inside.length >= MAX_QUEUED)) {
      this.#giveUp(number);
      return;
    }
    this.#asked = false;
    if (key) this.#restart(width, height);
    this.#inside.push(number);
    try {
      this.#decoder?.decode(
        new EncodedVideoChunk({
          type: key ? 'key' : 'delta',
          timestamp: number,
          data: chunk as BufferSource,
        }),
      );
    } catch {
      this.#fail();
    }
  }

  /** Nothing of it stays on the page. */
  clear(): void {
    this.#close();
    this.#needsKey = true;
    this.#asked = false;
    this.canvas.width = 0;
    this.canvas.height = 0;
  }

  [Symbol.dispose](): void {
    this.#close();
  }

  #restart(width: number, height: number): void {
    if (this.#decoder?.state === 'configured' && this.canvas.width === width && this.canvas.height === height)
      return;
    this.#close();
    this.canvas.width = width;
    this.canvas.height = height;
    const decoder = new VideoDecoder({
      output: (frame) => {
        if (decoder === this.#decoder) this.#draw(frame);
        frame.close();
      },
      error: () => {
        if (decoder === this.#decoder) this.#fail();
      },
    });
    decoder.configure({ codec: 'vp8', optimizeForLatency: true, colorSpace: COLOURS });
    this.#decoder = decoder;
  }

  #draw(frame: VideoFrame): void {
    this.canvas.getContext('2d')?.drawImage(frame, 0, 0, this.canvas.width, this.canvas.height);
    this.#inside = this.#inside.filter((number) => number > frame.timestamp);
    this.#say({ type: 'done', number: frame.timestamp });
  }

  #fail(): void {
    const last = this.#inside.at(-1);
    this.#close();
    if (last !== undefined) this.#giveUp(last);
  }

  #giveUp(number: number): void {
    this.#needsKey = true;
    this.#say({ type: 'done', number });
    if (this.#asked) return;
    this.#asked = true;
    this.#say({ type: 'key' });
  }

  #close(): void {
    const decoder = this.#decoder;
    this.#decoder = undefined;
    this.#inside = [];
    if (decoder && decoder.state !== 'closed') decoder.close();
  }

  #say(message: TheirToHost): void {
    this.#port.post({ json: message as unknown as JsonValue });
  }
}
