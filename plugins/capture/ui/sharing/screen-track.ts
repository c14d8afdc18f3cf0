import { MAX_SCREEN_SIDE } from '@livelet/core/page';

/** Pictures a second that are asked for: a browser that captures more often is busy at rest too. */
const FRAME_RATE = 30;

/** What capturing tells. */
export interface TrackListener {
  /** The newest picture; the one before, if nobody took it, is gone. */
  readonly frame: () => void;
  /** The person, or the system, ended it. */
  readonly ended: () => void;
}

/** One capture of the screen. Nothing is left of it after dispose: the browser's own mark goes too. */
export class ScreenTrack implements Disposable {
  readonly #stream: MediaStream;
  readonly #reader: ReadableStreamDefaultReader<VideoFrame>;
  readonly #listener: TrackListener;
  #newest: VideoFrame | undefined;
  #over = false;

  /**
   * Has the browser ask the person what to share, which it does only soon after a press.
   * @throws DOMException `NotAllowedError` when they refuse; others where it can't
   */
  static async ask(listener: TrackListener): Promise<ScreenTrack> {
    // Without a size the browser makes it 720 pixels high.
    const video = {
      width: { ideal: MAX_SCREEN_SIDE },
      height: { ideal: MAX_SCREEN_SIDE },
      frameRate: { ideal: FRAME_RATE, max: FRAME_RATE },
      displaySurface: 'monitor',
      // Nobody tells where it is, so it has to be in the picture.
      cursor: 'always',
    };
    const stream = await navigator.mediaDevices.getDisplayMedia({ video, audio: false });
    return new ScreenTrack(stream, listener);
  }

  private constructor(stream: MediaStream, listener: TrackListener) {
    const [track] = stream.getVideoTracks() as [MediaStreamTrack];
    this.#stream = stream;
    this.#listener = listener;
    this.#reader = new MediaStreamTrackProcessor({ track, maxBufferSize: 1 }).readable.getReader();
    void this.#read();
  }

  /** The newest picture, once; the caller closes it. */
  take(): VideoFrame | undefined {
    const frame = this.#newest;
    this.#newest = undefined;
    return frame;
  }

  /** A picture that was taken too early. */
  giveBack(frame: VideoFrame): void {
    if (this.#over || this.#newest) frame.close();
    else this.#newest = frame;
  }

  [Symbol.dispose](): void {
    if (this.#over) return;
    this.#over = true;
    for (const track of this.#stream.getTracks()) track.stop();
    this.#reader.cancel().catch(() => undefined);
    this.take()?.close();
  }

  async #read(): Promise<void> {
    try {
      for (;;) {
        const { value, done } = await this.#reader.read();
        if (done) break;
        this.#newest?.close();
        this.#newest = value;
        if (this.#over) this.take()?.close();
        else this.#listener.frame();
      }
    } catch {
      // Ended by the browser: as good as by the person.
    }
    if (!this.#over) this.#listener.ended();
  }
}
