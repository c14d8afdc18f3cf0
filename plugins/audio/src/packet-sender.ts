import { type AudioProblem, type Clock, encodeAudio, MAX_AUDIO_AGE, type MessageStream } from '@livelet/core';

interface Waiting {
  readonly message: Uint8Array;
  /** When it came, ms; undefined: it never gets too old. */
  readonly at?: number;
}

/** Sends what is captured in its order, and leaves out what had to wait for so long that nobody needs it any more. */
export class PacketSender {
  readonly #messages: MessageStream;
  readonly #clock: Clock;
  readonly #waiting: Waiting[] = [];
  #number = 0;
  #sending = false;
  #dropped = 0;

  constructor(messages: MessageStream, clock: Clock) {
    this.#messages = messages;
    this.#clock = clock;
  }

  /** Packets that were left out. */
  get dropped(): number {
    return this.#dropped;
  }

  open(): void {
    this.#number = 0;
    this.#take({ message: encodeAudio({ type: 'open' }) });
  }

  packet(packet: Uint8Array): void {
    const number = this.#number;
    this.#number += 1;
    this.#take({ message: encodeAudio({ type: 'packet', number, packet }), at: this.#clock.now() });
  }

  /** What waits is sent no more. */
  closed(problem?: AudioProblem): void {
    const kept = this.#waiting.filter(({ at }) => at === undefined);
    this.#waiting.splice(0, this.#waiting.length, ...kept);
    this.#take({ message: encodeAudio({ type: 'closed', ...(problem && { problem }) }) });
  }

  #take(waiting: Waiting): void {
    this.#waiting.push(waiting);
    this.#leaveOut();
    if (!this.#sending) void this.#send();
  }

  /** One message at a time: what the line doesn't take yet waits here, where it can still be left out. */
  async #send(): Promise<void> {
    this.#sending = true;
    try {
      for (;;) {
        this.#leaveOut();
        const next = this.#waiting.shift();
        if (!next) break;
        await this.#messages.send(next.message);
      }
    } catch {
      // The stream is over, as who holds it knows.
      this.#waiting.length = 0;
    }
    this.#sending = false;
  }

  #leaveOut(): void {
    const oldest = this.#clock.now() - MAX_AUDIO_AGE;
    for (let at = 0; at < this.#waiting.length; ) {
      const since = this.#waiting[at]?.at;
      if (since === undefined || since >= oldest) {
        at += 1;
      } else {
        this.#waiting.splice(at, 1);
        this.#dropped += 1;
      }
    }
  }
}
