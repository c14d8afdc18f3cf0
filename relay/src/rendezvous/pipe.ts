import type { Clock } from '@livelet/core/wire';
import type { RelaySettings } from '../settings.js';
import type { Share, Turns } from './turns.js';

/** Chunks waiting at once: each costs some hundred bytes beside its content, so tiny ones are counted too. */
const MOST_CHUNKS = 1024;
/** Bytes given to the receiver's socket at once: what it takes of more would not be seen, and look like a stall. */
const IN_FLIGHT = 128 * 1024;

/** Where a pipe's chunks come from. */
export interface PipeSource {
  pause(): void;
  resume(): void;
}

/** What all pipes of a relay have in common. */
export interface PipeParts {
  readonly clock: Clock;
  readonly settings: RelaySettings;
  readonly turns: Turns;
}

/** One direction of a splice. When the receiver is slow the sender's socket is paused; nothing is ever dropped. */
export class Pipe implements Disposable {
  readonly #from: PipeSource;
  readonly #send: (chunk: Buffer, taken: () => void) => void;
  readonly #parts: PipeParts;
  readonly #share: Share;
  readonly #stalled: () => void;
  readonly #queue: Buffer[] = [];
  #bytes = 0;
  /** Of chunks that the receiver hasn't taken yet, given to its socket or not. */
  #waiting = 0;
  #chunks = 0;
  #inFlight = 0;
  #patience: Disposable | undefined;
  #lastTaken = 0;
  /** It has had its share of this turn. */
  #isResting = false;
  #isOver = false;

  /**
   * @param share that of its splice
   * @param send gives a chunk to the receiver, who calls `taken` once for it
   * @param stalled the receiver took nothing for `stalledMs` while the sender was paused
   */
  constructor(
    from: PipeSource,
    send: (chunk: Buffer, taken: () => void) => void,
    parts: PipeParts,
    share: Share,
    stalled: () => void,
  ) {
    this.#from = from;
    this.#send = send;
    this.#parts = parts;
    this.#share = share;
    this.#stalled = stalled;
  }

  /** Bytes passed on so far. */
  get bytes(): number {
    return this.#bytes;
  }

  pass(chunk: Buffer): void {
    this.#bytes += chunk.length;
    this.#waiting += chunk.length;
    this.#chunks += 1;
    if (this.#inFlight < IN_FLIGHT) this.#give(chunk);
    else this.#queue.push(chunk);
    if (this.#patience === undefined && this.#load() > 1) {
      this.#from.pause();
      this.#lastTaken = this.#parts.clock.now();
      this.#wait(this.#parts.settings.stalledMs);
    }
    if (this.#parts.turns.isOver(this.#share, chunk.length)) this.#rest();
  }

  /** Gives the receiver all that waits: for the last words before a goodbye. */
  flush(): void {
    for (const chunk of this.#queue.splice(0)) this.#give(chunk);
  }

  [Symbol.dispose](): void {
    this.#patience?.[Symbol.dispose]();
    this.#patience = undefined;
    this.#queue.length = 0;
    this.#isOver = true;
  }

  /** How full it is: 1 is the most that may wait. */
  #load(): number {
    return Math.max(this.#waiting / this.#parts.settings.bufferBytes, this.#chunks / MOST_CHUNKS);
  }

  #give(chunk: Buffer): void {
    const { length } = chunk;
    this.#inFlight += length;
    this.#send(chunk, () => this.#taken(length));
  }

  #taken(length: number): void {
    this.#inFlight -= length;
    this.#waiting -= length;
    this.#chunks -= 1;
    while (this.#inFlight < IN_FLIGHT) {
      const next = this.#queue.shift();
      if (next === undefined) break;
      this.#give(next);
    }
    if (this.#patience === undefined) return;
    if (this.#load() > 0.5) {
      this.#lastTaken = this.#parts.clock.now();
    } else {
      this.#patience[Symbol.dispose]();
      this.#patience = undefined;
      if (!this.#isResting) this.#from.resume();
    }
  }

  #rest(): void {
    if (this.#isResting) return;
    this.#isResting = true;
    this.#from.pause();
    this.#parts.turns.next(() => {
      this.#isResting = false;
      if (this.#patience === undefined && !this.#isOver) this.#from.resume();
    });
  }

  /** One timer for as long as the sender is paused, however often the receiver takes something. */
  #wait(delay: number): void {
    this.#patience = this.#parts.clock.setTimer(delay, () => {
      const left = this.#lastTaken + this.#parts.settings.stalledMs - this.#parts.clock.now();
      if (left > 0) this.#wait(left);
      else this.#stalled();
    });
  }
}
