import { PAGE_SOUND_EVENT, type PageSound, type PageSoundRequest } from '@livelet/core/page';
import { MAX_SOUND_AHEAD, type PictureToRecorder } from '../src/page-protocol.js';

type Sound = PageSound<MediaStreamTrack>;

/** What encoders of Opus take and give. */
const OPUS: AudioEncoderConfig = {
  codec: 'opus',
  sampleRate: 48_000,
  numberOfChannels: 2,
  bitrate: 64_000,
};

/** The pieces of this page that have sound, or may have some later. */
export function pageSounds(): readonly Sound[] {
  const sounds: Sound[] = [];
  const detail: PageSoundRequest<MediaStreamTrack> = { answer: (sound) => sounds.push(sound) };
  document.dispatchEvent(new CustomEvent(PAGE_SOUND_EVENT, { detail }));
  return sounds;
}

/** Mixes all sound of the page into one track and encodes it. Without sound it does nothing. */
export class SoundRun implements Disposable {
  readonly #run: number;
  readonly #number: () => number;
  readonly #post: (message: PictureToRecorder, bytes?: Uint8Array) => void;
  readonly #resources = new DisposableStack();
  readonly #sounds = pageSounds();
  readonly #joined = new Map<MediaStreamTrack, MediaStreamAudioSourceNode>();
  readonly #onTheirWay = new Set<number>();
  #context: AudioContext | undefined;
  #mix: MediaStreamAudioDestinationNode | undefined;

  constructor(
    run: number,
    number: () => number,
    post: (message: PictureToRecorder, bytes?: Uint8Array) => void,
  ) {
    this.#run = run;
    this.#number = number;
    this.#post = post;
    for (const sound of this.#sounds) this.#resources.use(sound.onChange(() => this.#follow()));
    this.#follow();
  }

  taken(number: number): void {
    for (const way of this.#onTheirWay) if (way <= number) this.#onTheirWay.delete(way);
  }

  [Symbol.dispose](): void {
    this.#resources.dispose();
  }

  #follow(): void {
    if (this.#resources.disposed) return;
    const now = new Set(this.#sounds.flatMap(({ tracks }) => tracks));
    for (const [track, node] of this.#joined) {
      if (now.has(track)) continue;
      node.disconnect();
      this.#joined.delete(track);
    }
    for (const track of now) {
      if (this.#joined.has(track) || track.readyState === 'ended') continue;
      this.#open();
      if (!this.#context || !this.#mix) return;
      const node = this.#context.createMediaStreamSource(new MediaStream([track]));
      node.connect(this.#mix);
      this.#joined.set(track, node);
    }
  }

  /** With the first track: an open context takes time of the processor. */
  #open(): void {
    if (this.#context) return;
    const context = new AudioContext({ sampleRate: OPUS.sampleRate });
    this.#resources.defer(() => void context.close());
    this.#context = context;
    this.#mix = new MediaStreamAudioDestinationNode(context, {
      channelCount: OPUS.numberOfChannels,
      channelCountMode: 'explicit',
    });
    const [track] = this.#mix.stream.getAudioTracks();
    if (track) void this.#encode(track);
  }

  async #encode(track: MediaStreamTrack): Promise<void> {
    const encoder = new AudioEncoder({
      output: (chunk) => this.#send(chunk),
      // The film goes on without sound.
      error: () => track.stop(),
    });
    const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
    this.#resources.defer(() => {
      track.stop();
      void reader.cancel();
      if (encoder.state !== 'closed') encoder.close();
    });
    encoder.configure(OPUS);
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      if (encoder.state === 'configured' && this.#onTheirWay.size < MAX_SOUND_AHEAD) encoder.encode(value);
      value.close();
    }
  }

  #send(chunk: EncodedAudioChunk): void {
    if (this.#resources.disposed) return;
    const bytes = new Uint8Array(chunk.byteLength);
    chunk.copyTo(bytes);
    const number = this.#number();
    this.#onTheirWay.add(number);
    const duration = (chunk.duration ?? 20_000) / 1000;
    this.#post({ type: 'sound', run: this.#run, number, time: chunk.timestamp / 1000, duration }, bytes);
  }
}
