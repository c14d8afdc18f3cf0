import { AUDIO_FRAME_TIME, AUDIO_RATE } from '@livelet/core/page';
import type { DecodedPacket, DecodeOrder, NumberedPacket } from './playing-messages.js';

/** Packets in a row that can't be decoded, after which no more is tried. */
const MOST_BROKEN = 50;
/** Packets that wait to be decoded on a busy computer; beyond it they are left out. */
const MAX_QUEUE = 25;
/** µs, as WebCodecs counts. */
const PACKET_TIME = AUDIO_FRAME_TIME * 1000;

/** Decodes one track, from port to port, until it is told that nothing more comes. */
export class TrackDecoder {
  readonly #order: DecodeOrder;
  #decoder: AudioDecoder | undefined;
  #broken = 0;
  #next: number | undefined;

  constructor(order: DecodeOrder) {
    this.#order = order;
    order.packets.onmessage = ({ data }: MessageEvent<NumberedPacket | undefined>) => {
      if (data === undefined) this.#end();
      else if (this.#broken < MOST_BROKEN) this.#take(data);
    };
  }

  #take({ number, packet }: NumberedPacket): void {
    try {
      this.#decoder ??= this.#newDecoder();
      if (this.#decoder.decodeQueueSize >= MAX_QUEUE) return;
      const data = packet as Uint8Array<ArrayBuffer>;
      this.#decoder.decode(new EncodedAudioChunk({ type: 'key', timestamp: number * PACKET_TIME, data }));
    } catch {
      this.#fail();
    }
  }

  #newDecoder(): AudioDecoder {
    const decoder = new AudioDecoder({
      output: (data) => {
        if (decoder === this.#decoder) this.#output(data);
        data.close();
      },
      error: () => {
        if (decoder === this.#decoder) this.#fail();
      },
    });
    const { channels: numberOfChannels } = this.#order;
    decoder.configure({ codec: 'opus', sampleRate: AUDIO_RATE, numberOfChannels });
    return decoder;
  }

  #output(data: AudioData): void {
    this.#broken = 0;
    const number = Math.round(data.timestamp / PACKET_TIME);
    const channels = Array.from({ length: this.#order.channels }, (_, channel) => {
      const samples = new Float32Array(data.numberOfFrames);
      // One channel is for both sides.
      const planeIndex = Math.min(channel, data.numberOfChannels - 1);
      data.copyTo(samples, { planeIndex, format: 'f32-planar' });
      return samples;
    });
    const message: DecodedPacket = { channels, follows: number === this.#next };
    this.#next = number + 1;
    this.#order.sound.postMessage(
      message,
      channels.map(({ buffer }) => buffer),
    );
  }

  #fail(): void {
    this.#close();
    this.#broken += 1;
  }

  #end(): void {
    this.#close();
    this.#order.packets.close();
    this.#order.sound.close();
  }

  #close(): void {
    const decoder = this.#decoder;
    this.#decoder = undefined;
    if (decoder && decoder.state !== 'closed') decoder.close();
  }
}
