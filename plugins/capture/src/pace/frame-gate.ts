import {
  type AcknowledgeMessage,
  type Clock,
  type DisplayInfo,
  FrameFlow,
  type FrameMessage,
  type GeometryMessage,
} from '@livelet/core';
import { Pace } from './pace.js';

/** Two frames in this time, ms, are enough for any eye; the first two after a rest never wait. */
const PAIR_INTERVAL = 2000 / 60;

/** When the next frame may begin: by the viewer's acknowledgements, by the line's pace, and by what an eye can see. */
export class FrameGate {
  readonly pace: Pace;
  readonly #clock: Clock;
  readonly #flow = new FrameFlow();
  #generation = 0;
  /** When the last two frames that bring something new were begun. */
  #began: readonly [number, number] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  /** The numbers of frames begun and drawn. */
  #next = 0;
  #drawn = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.pace = new Pace(clock);
  }

  /** Whether a frame may begin now; if not, it may after an acknowledgement. */
  get isOpen(): boolean {
    return this.#flow.mayBegin && this.pace.mayBegin;
  }

  /** Whether one may begin that isn't urgent: another can begin while it is on its way. */
  get isOpenForMore(): boolean {
    return this.#flow.mayBegin && this.pace.mayBeginMore && this.#next - this.#drawn < this.pace.frames - 1;
  }

  /** Ms until the next frame is worth its while, and the line has room for it. */
  get wait(): number {
    return Math.max(this.#began[0] + PAIR_INTERVAL - this.#clock.now(), this.pace.wait);
  }

  /** Starts a new generation on this display's picture. */
  restart(display: DisplayInfo): GeometryMessage {
    this.pace.restart();
    this.#next = 0;
    this.#drawn = 0;
    const geometry = this.#flow.restart(display);
    this.#generation = geometry.generation;
    return geometry;
  }

  /** The frame that is begun next brings something new. */
  showsChange(): void {
    this.#began = [this.#began[1], this.#clock.now()];
  }

  begin(): Pick<FrameMessage, 'generation' | 'number'> {
    const frame = this.#flow.begin();
    this.#next = frame.number + 1;
    this.pace.begin(frame.number);
    return frame;
  }

  /** A part of the frame was given to the stream. */
  sent(frame: number, bytes: number): void {
    this.pace.sent(frame, bytes);
  }

  /** @throws `picture-malformed` for a frame that was never begun */
  acknowledge(message: AcknowledgeMessage): void {
    this.#flow.acknowledge(message);
    if (message.generation !== this.#generation) return;
    this.#drawn = Math.max(this.#drawn, message.number + 1);
    this.pace.acknowledged(message.number, message.drawTime / 1000);
  }
}
