import type { LiveletError } from '../src/errors.js';

/** Like a real transport's: above this many buffered bytes `send` asks to wait ... */
const HIGH_WATER = 32 * 1024;
/** ... and at or below this many it has drained. */
const LOW_WATER = 16 * 1024;

/** Has `arrive` called after a delay, but not before `notBefore`; gives the time of arrival. */
export type Travel = (notBefore: number, arrive: () => void) => number;

/** What a lane tells the ends that it joins. */
export interface LaneEnd {
  receive(frame: Uint8Array): void;
  drained(): void;
  lose(error: LiveletError | undefined): void;
}

/** One direction of a link. */
export class Lane {
  /** Sees each frame before it is delivered and says what is delivered in its place. */
  intercept: ((frame: Uint8Array, index: number) => readonly Uint8Array[]) | undefined;
  readonly #travel: Travel;
  readonly #cut: () => void;
  readonly #buffer: (Uint8Array | 'close')[] = [];
  #sender: LaneEnd | undefined;
  #receiver: LaneEnd | undefined;
  #buffered = 0;
  #owesDrained = false;
  #stalled = false;
  #takeWanted = false;
  #lastArrival = 0;
  #sentFrames = 0;
  #frames = 0;
  #bytes = 0;
  #cutAfterFrames = Number.POSITIVE_INFINITY;
  #cutAfterBytes = Number.POSITIVE_INFINITY;

  constructor(travel: Travel, cut: () => void) {
    this.#travel = travel;
    this.#cut = cut;
  }

  /** Frames delivered so far. */
  get frames(): number {
    return this.#frames;
  }

  /** Bytes delivered so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Frames that the sending end has handed over so far. */
  get sentFrames(): number {
    return this.#sentFrames;
  }

  /** Bytes that the sending end still holds. */
  get bufferedBytes(): number {
    return this.#buffered;
  }

  /** Takes nothing more from the sending end. */
  stall(): void {
    this.#stalled = true;
  }

  resume(): void {
    this.#stalled = false;
    this.#wantTake();
  }

  /** While stalled: takes this many frames. */
  pass(frames = 1): void {
    for (let count = 0; count < frames; count++) this.#take();
  }

  /** Cuts the link in place of the delivery of frame number `frames`, counted from 0 at the link's start. */
  cutAfterFrames(frames: number): void {
    this.#cutAfterFrames = frames;
  }

  /** Cuts the link in place of the delivery of the frame that has byte number `bytes`. */
  cutAfterBytes(bytes: number): void {
    this.#cutAfterBytes = bytes;
  }

  join(sender: LaneEnd, receiver: LaneEnd): void {
    this.#sender = sender;
    this.#receiver = receiver;
  }

  send(frame: Uint8Array): boolean {
    this.#sentFrames++;
    this.#buffered += frame.length;
    this.#buffer.push(frame);
    this.#wantTake();
    if (this.#buffered <= HIGH_WATER) return true;
    this.#owesDrained = true;
    return false;
  }

  close(): void {
    this.#buffer.push('close');
    this.#wantTake();
  }

  #wantTake(): void {
    if (this.#takeWanted || this.#stalled || this.#buffer.length === 0) return;
    this.#takeWanted = true;
    queueMicrotask(() => {
      this.#takeWanted = false;
      if (!this.#stalled) this.#take();
      this.#wantTake();
    });
  }

  /** From the sending end's buffer onto the way. */
  #take(): void {
    const item = this.#buffer.shift();
    if (item === undefined) return;
    if (item !== 'close') this.#buffered -= item.length;
    this.#lastArrival = this.#travel(this.#lastArrival, () => this.#deliver(item));
    if (!this.#owesDrained || this.#buffered > LOW_WATER) return;
    this.#owesDrained = false;
    this.#sender?.drained();
  }

  #deliver(item: Uint8Array | 'close'): void {
    if (item === 'close') {
      this.#receiver?.lose(undefined);
      return;
    }
    if (this.#frames >= this.#cutAfterFrames || this.#bytes + item.length > this.#cutAfterBytes) {
      this.#cut();
      return;
    }
    const index = this.#frames++;
    this.#bytes += item.length;
    for (const frame of this.intercept?.(item, index) ?? [item]) this.#receiver?.receive(frame);
  }
}
