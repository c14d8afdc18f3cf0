import type { JsonValue, PanelContext, PortMessage } from '@livelet/core/page';
import { codecName, VIDEO_COLOURS } from '../src/video/video-formats.js';
import type { EncoderToTrack, TrackToEncoder } from '../src/video/video-protocol.js';
import { measureCodecs } from './codecs/video-trial.js';

/** An encoder that got nothing for this, ms, is let go. */
const REST = 10_000;
/** The bit rate is changed when it differs by so much. */
const RATE_STEP = 0.2;

type EncodeRequest = Extract<TrackToEncoder, { type: 'encode' }>;

/** Encodes what the host sends; shows nothing. */
export function mount({ port }: PanelContext<HTMLElement>): Disposable {
  const resources = new DisposableStack();
  const tell = (message: EncoderToTrack, bytes?: Uint8Array): void => {
    const json = message as unknown as JsonValue;
    port.post(bytes ? { json, bytes } : { json });
  };
  const encoder = resources.use(new PageEncoder(tell));
  const receive = ({ json, bytes }: PortMessage): void => {
    const message = json as unknown as TrackToEncoder;
    if (message.type === 'encode') encoder.encode(message, bytes ?? new Uint8Array());
    else if (message.type === 'rest') encoder[Symbol.dispose]();
    else measureCodecs(message.codecs).then((trials) => tell({ type: 'measured', trials }));
  };
  resources.use(port.onMessage(receive));
  return resources;
}

/** TypeScript doesn't know it; W3C WebCodecs, VideoFrameBufferInit. */
interface OwnedBufferInit extends VideoFrameBufferInit {
  readonly transfer: ArrayBuffer[];
}

interface Current {
  readonly id: number;
  readonly began: number;
}

/** One WebCodecs encoder, made anew when what it encodes is another thing. */
class PageEncoder implements Disposable {
  readonly #tell: (message: EncoderToTrack, bytes?: Uint8Array) => void;
  #encoder: VideoEncoder | undefined;
  #format = '';
  #bitrate = 0;
  #current: Current | undefined;
  #resting: ReturnType<typeof setTimeout> | undefined;

  constructor(tell: (message: EncoderToTrack, bytes?: Uint8Array) => void) {
    this.#tell = tell;
  }

  /** One at a time: what is still inside when another one comes has been given up by the host. */
  encode(request: EncodeRequest, pixels: Uint8Array): void {
    const { id, width, height } = request;
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => this.#close(), REST);
    try {
      if (this.#current) this.#close();
      const began = performance.now();
      const fresh = this.#prepare(request);
      this.#current = { id, began };
      const owned = pixels as Uint8Array<ArrayBuffer>;
      const init: OwnedBufferInit = {
        format: 'I420',
        codedWidth: width,
        codedHeight: height,
        timestamp: Math.round(began * 1000),
        colorSpace: VIDEO_COLOURS,
        // Nobody else has them: no copy is needed.
        transfer: [owned.buffer],
      };
      const frame = new VideoFrame(owned, init);
      try {
        this.#encoder?.encode(frame, { keyFrame: request.key || fresh });
      } finally {
        frame.close();
      }
    } catch {
      this.#current = { id, began: 0 };
      this.#fail();
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#resting);
    this.#close();
  }

  /** @returns whether the encoder is new */
  #prepare({ codec, width, height, bitrate }: EncodeRequest): boolean {
    const format = `${codec} ${width} ${height}`;
    const config: VideoEncoderConfig = {
      codec: codecName(codec, width, height),
      width,
      height,
      bitrate,
      framerate: 30,
      latencyMode: 'realtime',
      ...(codec === 'h264' && { avc: { format: 'annexb' } }),
    };
    if (this.#encoder?.state === 'configured' && format === this.#format) {
      if (Math.abs(bitrate - this.#bitrate) > RATE_STEP * this.#bitrate) {
        this.#encoder.configure(config);
        this.#bitrate = bitrate;
      }
      return false;
    }
    this.#close();
    const encoder = new VideoEncoder({
      output: (chunk) => {
        if (encoder === this.#encoder) this.#output(chunk);
      },
      error: () => {
        if (encoder === this.#encoder) this.#fail();
      },
    });
    encoder.configure(config);
    this.#encoder = encoder;
    this.#format = format;
    this.#bitrate = bitrate;
    return true;
  }

  #output(chunk: EncodedVideoChunk): void {
    const current = this.#current;
    if (!current) return;
    this.#current = undefined;
    const bytes = new Uint8Array(chunk.byteLength);
    chunk.copyTo(bytes);
    const encodeTime = performance.now() - current.began;
    this.#tell({ type: 'chunk', id: current.id, key: chunk.type === 'key', encodeTime }, bytes);
  }

  #fail(): void {
    const current = this.#current;
    this.#close();
    if (current) this.#tell({ type: 'failed', id: current.id });
  }

  #close(): void {
    const encoder = this.#encoder;
    this.#encoder = undefined;
    this.#current = undefined;
    if (encoder && encoder.state !== 'closed') encoder.close();
  }
}
