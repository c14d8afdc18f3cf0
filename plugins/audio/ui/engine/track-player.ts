import { AUDIO_FORMATS, type AudioTrack } from '@livelet/core/page';
import type { Heard } from '../../src/page-protocol.js';
import type { Loudspeaker } from './loudspeaker.js';
import { type DecodeOrder, type NumberedPacket, type PlayerReport, REPORT_TIME } from './playing-messages.js';

/** What nobody would miss: 40 dB below full. */
const QUIET = 0.01;
/** Packets that are passed on without a sign of life from who plays them. */
const MOST_UNHEARD = 100;

/** One track on its way to the loudspeaker: a worker decodes it, and the thread of the browser's sound plays it. */
export class TrackPlayer implements Disposable {
  readonly #track: AudioTrack;
  readonly #loudspeaker: Loudspeaker;
  readonly #worker: () => Worker;
  readonly #heard: (heard: Heard) => void;
  #playing: DisposableStack | undefined;
  #context: AudioContext | undefined;
  #packets: MessagePort | undefined;
  #unheard = 0;
  #loudUntil = 0;

  /** @param worker the one that decodes */
  constructor(
    track: AudioTrack,
    loudspeaker: Loudspeaker,
    worker: () => Worker,
    heard: (heard: Heard) => void,
  ) {
    this.#track = track;
    this.#loudspeaker = loudspeaker;
    this.#worker = worker;
    this.#heard = heard;
  }

  /** Until when what is played can be heard, and recorded again, ms by performance.now(). */
  get loudUntil(): number {
    return this.#loudUntil;
  }

  play(number: number, packet: Uint8Array): void {
    this.#playing ??= this.#begin();
    if (this.#context?.state !== 'running' || this.#unheard >= MOST_UNHEARD) return;
    this.#unheard += 1;
    // Of its own: what it came in is as large as a picture.
    const message: NumberedPacket = { number, packet: packet.slice() };
    this.#packets?.postMessage(message, [message.packet.buffer]);
  }

  /** Nothing comes for now: what waits is played no more, and the loudspeaker is left. */
  hush(): void {
    this.#playing?.dispose();
    this.#playing = undefined;
    this.#heard({ track: this.#track, level: 0 });
  }

  [Symbol.dispose](): void {
    this.hush();
  }

  #begin(): DisposableStack {
    const playing = new DisposableStack();
    const format = AUDIO_FORMATS[this.#track];
    const { channels } = format;
    const [packets, sound] = [new MessageChannel(), new MessageChannel()];
    this.#context = this.#loudspeaker.use(this);
    playing.defer(() => this.#loudspeaker.leave(this));
    this.#packets = packets.port1;
    playing.defer(() => packets.port1.postMessage(undefined));
    const order: DecodeOrder = { channels, packets: packets.port2, sound: sound.port1 };
    this.#worker().postMessage(order, [order.packets, order.sound]);
    this.#unheard = 0;
    this.#loudspeaker.player(this.#context, format).then(
      (player) => {
        if (playing.disposed) return;
        player.port.onmessage = ({ data }: MessageEvent<PlayerReport>) => this.#hear(data);
        player.port.postMessage(sound.port2, [sound.port2]);
        playing.defer(() => {
          player.port.postMessage(undefined);
          player.disconnect();
        });
      },
      (error: unknown) => {
        // The context went away first, or a part of the page is missing.
        if (!playing.disposed) reportError(error);
      },
    );
    return playing;
  }

  #hear({ level }: PlayerReport): void {
    this.#unheard = 0;
    // Until it is told anew, and then for what it takes to be told.
    if (level >= QUIET) this.#loudUntil = performance.now() + 2 * REPORT_TIME;
    this.#heard({ track: this.#track, level });
  }
}
