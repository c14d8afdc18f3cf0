import type { Clock } from '@livelet/core';

const PACKET = 1500;

export interface LineNumbers {
  /** Bytes a second. */
  readonly rate: number;
  /** Of the empty line, ms. */
  readonly roundTrip: number;
  /** What the viewer needs for a frame, one after the other, ms. */
  readonly drawTime: number;
}

/** A line with a viewer behind it, in the time of a clock that a test moves. */
export class SimulatedLine {
  rate: number;
  roundTrip: number;
  drawTime: number;
  /** Bytes that came out. */
  delivered = 0;
  /** Bytes given to it that didn't come out. */
  held = 0;
  readonly #clock: Clock;
  readonly #waiting: { left: number; readonly out: () => void }[] = [];
  #drawnAt = 0;

  constructor(clock: Clock, { rate, roundTrip, drawTime }: LineNumbers) {
    this.#clock = clock;
    this.rate = rate;
    this.roundTrip = roundTrip;
    this.drawTime = drawTime;
  }

  /** @param acknowledged called with the draw time when the acknowledgement is back */
  send(bytes: number, acknowledged: (drawTime: number) => void): void {
    this.held += bytes;
    this.#waiting.push({ left: bytes, out: () => this.#out(acknowledged) });
    if (this.#waiting.length === 1) this.#carry();
  }

  #carry(): void {
    const first = this.#waiting[0];
    if (!first) return;
    const packet = Math.min(first.left, PACKET);
    this.#clock.setTimer((packet * 1000) / this.rate, () => {
      first.left -= packet;
      this.held -= packet;
      this.delivered += packet;
      if (first.left === 0) {
        this.#waiting.shift();
        first.out();
      }
      this.#carry();
    });
  }

  #out(acknowledged: (drawTime: number) => void): void {
    const way = this.roundTrip / 2;
    this.#clock.setTimer(way, () => {
      const arrived = this.#clock.now();
      this.#drawnAt = Math.max(this.#drawnAt, arrived) + this.drawTime;
      const drawTime = this.#drawnAt - arrived;
      this.#clock.setTimer(drawTime + way, () => acknowledged(drawTime));
    });
  }
}
