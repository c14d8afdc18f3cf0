import { CAMERA_FORMAT, type Device, HELD, type Pace } from '../src/page-protocol.js';

/** Frames that the encoder may have before it: another one would be old when its turn comes. */
const MAX_QUEUED = 2;

/** What is said of an encoded frame. */
export interface EncodedFrame {
  readonly key: boolean;
  readonly width: number;
  readonly height: number;
}

export interface CameraListener {
  /** VP8. */
  frame(frame: EncodedFrame, chunk: Uint8Array): void;
  /** Unplugged, taken by the system, or its encoder failed. Not called by disposing. */
  ended(): void;
}

/** One opening of a camera. Dispose stops its track: the device's light goes out. */
export class OpenCamera implements Disposable {
  readonly stream: MediaStream;
  readonly #track: MediaStreamTrack;
  readonly #reader: ReadableStreamDefaultReader<VideoFrame>;
  readonly #listener: CameraListener;
  #encoder: VideoEncoder | undefined;
  #size = { width: 0, height: 0 };
  #pace = HELD;
  /** When the next frame is due, by the frames' own time, μs. */
  #dueAt = 0;
  #needsKey = true;
  #over = false;

  /** Has the browser open it, which may ask the person. @throws DOMException when they refuse or there is none */
  static async open(device: string | undefined, listener: CameraListener): Promise<OpenCamera> {
    const { width, height, rate } = CAMERA_FORMAT;
    const video = {
      width: { ideal: width, max: width },
      height: { ideal: height, max: height },
      frameRate: { ideal: rate, max: rate },
      // One that is gone meanwhile is no reason for none.
      ...(device !== undefined && { deviceId: { ideal: device } }),
    };
    const stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
    try {
      return new OpenCamera(stream, listener);
    } catch (error) {
      // A browser that opens cameras and can't read them.
      for (const track of stream.getTracks()) track.stop();
      throw error;
    }
  }

  private constructor(stream: MediaStream, listener: CameraListener) {
    const [track] = stream.getVideoTracks() as [MediaStreamTrack];
    this.stream = stream;
    this.#track = track;
    this.#listener = listener;
    this.#reader = new MediaStreamTrackProcessor({ track, maxBufferSize: 1 }).readable.getReader();
    void this.#read();
  }

  get device(): string {
    return this.#track.getSettings().deviceId ?? '';
  }

  async devices(): Promise<Device[]> {
    const all = await navigator.mediaDevices.enumerateDevices();
    return all
      .filter(({ kind }) => kind === 'videoinput')
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
  }

  /** The next frame is a key frame. */
  key(): void {
    this.#needsKey = true;
  }

  set pace(pace: Pace) {
    const isOther = pace.bitrate !== this.#pace.bitrate || pace.rate !== this.#pace.rate;
    this.#pace = pace;
    if (isOther) this.#configure();
  }

  [Symbol.dispose](): void {
    if (this.#over) return;
    this.#over = true;
    this.#track.stop();
    this.#reader.cancel().catch(() => undefined);
    if (this.#encoder && this.#encoder.state !== 'closed') this.#encoder.close();
  }

  async #read(): Promise<void> {
    try {
      for (;;) {
        const { value, done } = await this.#reader.read();
        if (done) break;
        try {
          if (!this.#over) this.#encode(value);
        } finally {
          value.close();
        }
      }
    } catch {
      // As good as ended.
    }
    if (!this.#over) this.#listener.ended();
  }

  #encode(frame: VideoFrame): void {
    if (this.#pace.held || !this.#isDue(frame.timestamp)) return;
    const { displayWidth: width, displayHeight: height } = frame;
    if (width !== this.#size.width || height !== this.#size.height) this.#prepare(width, height);
    const encoder = this.#encoder;
    if (!encoder || encoder.encodeQueueSize > MAX_QUEUED) return;
    encoder.encode(frame, { keyFrame: this.#needsKey });
    this.#needsKey = false;
  }

  /** Leaves out what comes more often than the pace. @param at μs */
  #isDue(at: number): boolean {
    const period = 1e6 / this.#pace.rate;
    // A camera is never quite even.
    if (at < this.#dueAt - period / 4) return false;
    this.#dueAt = Math.max(this.#dueAt + period, at);
    return true;
  }

  #prepare(width: number, height: number): void {
    if (this.#encoder && this.#encoder.state !== 'closed') this.#encoder.close();
    this.#size = { width, height };
    this.#needsKey = true;
    const encoder = new VideoEncoder({
      output: (chunk) => {
        if (this.#over || encoder !== this.#encoder) return;
        const bytes = new Uint8Array(chunk.byteLength);
        chunk.copyTo(bytes);
        this.#listener.frame({ key: chunk.type === 'key', width, height }, bytes);
      },
      error: () => {
        if (!this.#over && encoder === this.#encoder) this.#listener.ended();
      },
    });
    this.#encoder = encoder;
    this.#configure();
  }

  #configure(): void {
    const { bitrate, rate: framerate } = this.#pace;
    // Of the same size it goes on without a key frame.
    this.#encoder?.configure({ codec: 'vp8', ...this.#size, bitrate, framerate, latencyMode: 'realtime' });
  }
}

/** Why there is no camera. */
export function problemOf(error: unknown): 'refused' | 'missing' | 'failed' {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError') return 'refused';
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'missing' : 'failed';
}

export function hasEnded(stream: MediaStream): boolean {
  return !stream.active;
}
