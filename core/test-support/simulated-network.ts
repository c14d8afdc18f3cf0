import type { Clock } from '../src/clock.js';
import { LiveletError } from '../src/errors.js';
import type { Transport } from '../src/transport/transport.js';
import { SeededRandom } from './seeded-random.js';
import { Lane, type Travel } from './simulated-lane.js';
import { SimulatedTransport } from './simulated-transport.js';

/** How frames travel. */
export interface NetworkOptions {
  /** The same seed gives the same delays. @default 1 */
  readonly seed?: number;
  /** What delays are measured by; without one, frames arrive as soon as running code lets them. */
  readonly clock?: Clock;
  /** How long a frame travels, ms, drawn evenly from min to max; order is kept. @default none */
  readonly delay?: { readonly min: number; readonly max: number };
}

/** Makes links whose faults and delays a test decides. */
export class SimulatedNetwork {
  readonly #random: SeededRandom;
  readonly #clock: Clock | undefined;
  readonly #delay: { readonly min: number; readonly max: number } | undefined;

  constructor({ seed = 1, clock, delay }: NetworkOptions = {}) {
    this.#random = new SeededRandom(seed);
    this.#clock = clock;
    this.#delay = delay;
  }

  /** Two ends, joined. */
  connect(): SimulatedLink {
    return new SimulatedLink((notBefore, arrive) => this.#travel(notBefore, arrive));
  }

  #travel(notBefore: number, arrive: () => void): number {
    if (!this.#clock || !this.#delay) {
      queueMicrotask(arrive);
      return 0;
    }
    const now = this.#clock.now();
    const arrivesAt = Math.max(notBefore, now + this.#random.integer(this.#delay.min, this.#delay.max));
    this.#clock.setTimer(arrivesAt - now, arrive);
    return arrivesAt;
  }
}

/** One connection between two ends. */
export class SimulatedLink {
  readonly operator: Transport;
  readonly customer: Transport;
  readonly toCustomer: Lane;
  readonly toOperator: Lane;
  readonly #operator: SimulatedTransport;
  readonly #customer: SimulatedTransport;

  constructor(travel: Travel) {
    const cut = (): void => this.cut();
    this.toCustomer = new Lane(travel, cut);
    this.toOperator = new Lane(travel, cut);
    this.#operator = new SimulatedTransport(this.toCustomer);
    this.#customer = new SimulatedTransport(this.toOperator);
    this.toCustomer.join(this.#operator, this.#customer);
    this.toOperator.join(this.#customer, this.#operator);
    this.operator = this.#operator;
    this.customer = this.#customer;
  }

  /** The connection is lost: what is under way is gone, and both ends hear of it. */
  cut(error: LiveletError = new LiveletError('relay-closed', 'cut')): void {
    this.#operator.lose(error);
    this.#customer.lose(error);
  }
}
