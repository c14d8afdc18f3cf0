import { ManualClock } from '@livelet/core/test-support';
import { Pace } from '../src/pace/pace.js';
import { type LineNumbers, SimulatedLine } from './simulated-line.js';

/** What a source has to show. */
export interface Work {
  /** Bytes of the next frame, beside what is asked of it. */
  readonly size: (pace: Pace) => number;
  /** A change comes so often, ms; 0: there is always one. */
  readonly every: (pace: Pace) => number;
}

export const WORKS = {
  /** Everything changes all the time, in tiles that keep to the budget. */
  flood: { size: (pace: Pace) => pace.budget, every: () => 0 },
  /** The encoder keeps its bitrate and its frame rate. */
  video: {
    size: ({ quality }: Pace) => quality.videoBitrate / 8 / quality.frameRate,
    every: ({ quality }: Pace) => 1000 / quality.frameRate,
  },
  typing: { size: () => 600, every: () => 100 },
} as const satisfies Record<string, Work>;

/** What was seen of one frame. */
export interface Shown {
  /** From the change to the drawn picture, ms. */
  readonly lag: number;
  readonly at: number;
}

/** A source that follows its pace on a simulated line. */
export class PacedSource {
  readonly clock = new ManualClock();
  readonly pace = new Pace(this.clock);
  readonly line: SimulatedLine;
  readonly shown: Shown[] = [];
  /** How uneven frames are: each is its size times a number between 1 / spread and spread. @default 1 */
  spread = 1;
  #work: Work;
  #number = 0;
  #timer: Disposable | undefined;
  #changedAt: number | undefined;
  readonly #random: () => number;

  constructor(numbers: LineNumbers, work: Work, random: () => number = () => 0.5) {
    this.line = new SimulatedLine(this.clock, numbers);
    this.#work = work;
    this.#random = random;
    this.#change();
  }

  async run(ms: number): Promise<void> {
    await this.clock.advance(ms);
  }

  /** Something else happens from now on. */
  turnTo(work: Work): void {
    const isAtRest = this.#work.every(this.pace) === 0;
    this.#work = work;
    if (isAtRest) this.#change();
  }

  #change(): void {
    const every = this.#work.every(this.pace);
    this.#changedAt ??= this.clock.now();
    this.#step();
    if (every > 0) this.clock.setTimer(every, () => this.#change());
  }

  #step(): void {
    const { pace, clock } = this;
    if (this.#work.every(pace) === 0) this.#changedAt ??= clock.now();
    const changedAt = this.#changedAt;
    if (changedAt === undefined || !pace.mayBegin) return;
    if (pace.wait > 0) {
      this.#timer?.[Symbol.dispose]();
      this.#timer = clock.setTimer(pace.wait, () => this.#step());
      return;
    }
    this.#changedAt = undefined;
    const number = this.#number++;
    pace.begin(number);
    const bytes = Math.max(1, Math.round(this.#work.size(pace) * this.spread ** (2 * this.#random() - 1)));
    clock.setTimer(2, () => {
      pace.sent(number, bytes);
      this.line.send(bytes, (drawTime) => {
        pace.acknowledged(number, drawTime);
        const lag = clock.now() - changedAt - this.line.roundTrip / 2;
        this.shown.push({ lag, at: clock.now() });
        this.#step();
      });
      this.#step();
    });
  }
}
