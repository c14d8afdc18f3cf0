import {
  ArrivalLimit,
  type AudioProblem,
  AudioSequence,
  type AudioTrack,
  asLiveletError,
  type ByteStream,
  type Clock,
  MAX_AUDIO_MESSAGE,
  messageStream,
} from '@livelet/core';

/** Messages within 10 s: four times what sound has. */
const MOST_ARRIVALS = 2000;
/** Beginnings within 10 s: more often than a person presses. With each the page opens its way to the loudspeaker anew. */
const MOST_BEGINNINGS = 20;

/** Where what comes is played. */
export interface AudioOutput {
  play(track: AudioTrack, number: number, packet: Uint8Array): void;
  hush(track: AudioTrack): void;
}

/** What an incoming track tells. */
export interface IncomingListener {
  changed(): void;
  /** Their device is open. */
  opened(): void;
}

/** Sound of the other side. */
export class IncomingTrack implements Disposable {
  readonly #track: AudioTrack;
  readonly #output: AudioOutput;
  readonly #arrivals: ArrivalLimit;
  readonly #beginnings: ArrivalLimit;
  readonly #listener: IncomingListener;
  #stream: ByteStream | undefined;
  #live = false;
  #problem: AudioProblem | undefined;

  constructor(track: AudioTrack, output: AudioOutput, clock: Clock, listener: IncomingListener) {
    this.#track = track;
    this.#output = output;
    this.#arrivals = new ArrivalLimit(clock, MOST_ARRIVALS);
    this.#beginnings = new ArrivalLimit(clock, MOST_BEGINNINGS);
    this.#listener = listener;
  }

  /** Whether their device is open. */
  get isLive(): boolean {
    return this.#live;
  }

  /** Why it isn't, as they told. */
  get problem(): AudioProblem | undefined {
    return this.#problem;
  }

  /** Plays what comes through this stream, in the place of the one before, until it is over. Never rejects. */
  async hold(stream: ByteStream): Promise<void> {
    this.#stream?.reset('cancelled');
    this.#stream = stream;
    const sequence = new AudioSequence();
    this.#show(false);
    try {
      for await (const bytes of messageStream(stream, MAX_AUDIO_MESSAGE)) {
        if (this.#stream !== stream) return;
        try {
          this.#take(sequence, bytes);
        } catch (error) {
          // Here, because an error that leaves the loop resets it as cancelled. What came with it is heard no more.
          stream.reset(asLiveletError(error).code);
          break;
        }
      }
      stream.closeWrite();
    } catch {
      // It was reset, here or there: it is over.
    }
    if (this.#stream !== stream) return;
    this.#stream = undefined;
    this.#show(false);
  }

  [Symbol.dispose](): void {
    this.#stream?.reset('session-ended');
    this.#stream = undefined;
    this.#show(false);
  }

  /** @throws `request-too-soon`, `audio-malformed` */
  #take(sequence: AudioSequence, bytes: Uint8Array): void {
    this.#arrivals.check();
    const message = sequence.read(bytes);
    if (message.type === 'open') this.#beginnings.check();
    if (message.type === 'packet') this.#output.play(this.#track, message.number, message.packet.slice());
    else this.#show(message.type === 'open', message.type === 'closed' ? message.problem : undefined);
  }

  #show(live: boolean, problem?: AudioProblem): void {
    this.#live = live;
    this.#problem = problem;
    if (!live) this.#output.hush(this.#track);
    if (live) this.#listener.opened();
    this.#listener.changed();
  }
}
