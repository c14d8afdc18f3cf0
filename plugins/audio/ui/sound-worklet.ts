import { Playout } from '../src/playing/playout.js';
import {
  type DecodedPacket,
  PLAYER,
  type PlayerOptions,
  type PlayerReport,
  REPORT_TIME,
} from './engine/playing-messages.js';

/** From here on it is loud: 40 dB below full. */
const LOUD = 0.01;

/** Plays one track, in the thread of the browser's sound. Its port takes the port that the sound comes by, then undefined. */
class Player extends AudioWorkletProcessor {
  readonly #playout: Playout;
  #sound: MessagePort | undefined;
  #over = false;
  #level = 0;
  #isLoud = false;
  #reported = currentTime;

  constructor({ processorOptions }: { readonly processorOptions: PlayerOptions }) {
    super();
    this.#playout = new Playout(processorOptions);
    this.port.onmessage = ({ data }: MessageEvent<MessagePort | undefined>) => {
      if (data) this.#listen(data);
      else this.#end();
    };
  }

  process(_: unknown, [output]: readonly (readonly Float32Array[])[]): boolean {
    if (this.#over || !output) return false;
    this.#playout.take(output);
    for (const sample of output[0] ?? []) this.#level = Math.max(this.#level, Math.abs(sample));
    const getsLoud = this.#level >= LOUD && !this.#isLoud;
    if (getsLoud || (currentTime - this.#reported) * 1000 >= REPORT_TIME) this.#report();
    return true;
  }

  #listen(sound: MessagePort): void {
    this.#sound = sound;
    sound.onmessage = ({ data }: MessageEvent<DecodedPacket>) =>
      this.#playout.add(data.channels, data.follows);
  }

  #report(): void {
    const report: PlayerReport = { level: Math.min(1, this.#level) };
    this.port.postMessage(report);
    this.#isLoud = this.#level >= LOUD;
    this.#level = 0;
    this.#reported = currentTime;
  }

  #end(): void {
    this.#over = true;
    this.#sound?.close();
    this.port.close();
  }
}

registerProcessor(PLAYER, Player);
