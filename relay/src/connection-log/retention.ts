import { asLiveletError, type Clock } from '@livelet/core/wire';
import type { RelayLog } from '../log.js';
import type { Store } from '../store/open-store.js';

const HOUR = 60 * 60 * 1000;
/** How long a connection is remembered, ms. */
export const CONNECTION_LOG_LIFE = 30 * 24 * HOUR;
/** When the database couldn't do it: somebody reads the log, or it is gone, ms. */
const RETRY_DELAY = 60 * 1000;
/** ms */
const CLOSE_LIMIT = 3000;

export interface RetentionParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly operations: RelayLog;
}

/** Removes old connections at the start and every hour, so that none is older than 30 days and an hour. */
export class Retention implements AsyncDisposable {
  readonly #parts: RetentionParts;
  #timer: Disposable | undefined;
  #running: Promise<void> | undefined;
  /** Whether what was deleted is gone from the files. An earlier run may have ended between the two. */
  #isErased = false;
  #saidIncomplete = false;
  #closed = false;

  constructor(parts: RetentionParts) {
    this.#parts = parts;
  }

  /** Purges now, and from then on every hour. Resolves when this purge is done or has failed. */
  start(): Promise<void> {
    this.#running ??= this.#purgeAndPlan().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** A purge that runs is given 3 s: the next start does what it leaves. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#timer?.[Symbol.dispose]();
    const { promise: timeUp, resolve } = Promise.withResolvers<void>();
    using _limit = this.#parts.clock.setTimer(CLOSE_LIMIT, resolve);
    await Promise.race([this.#running, timeUp]);
  }

  async #purgeAndPlan(): Promise<void> {
    const { clock, operations } = this.#parts;
    let delay = HOUR;
    try {
      await this.#purge();
    } catch (error) {
      delay = RETRY_DELAY;
      operations.write({ event: 'purge-failed', problem: asLiveletError(error).message });
    }
    this.#timer?.[Symbol.dispose]();
    if (!this.#closed) this.#timer = clock.setTimer(delay, () => void this.start());
  }

  async #purge(): Promise<void> {
    const { store, clock, operations } = this.#parts;
    const { numDeletedRows } = await store.db
      .deleteFrom('connection_log')
      .where('time', '<', Math.floor(clock.wallTime() - CONNECTION_LOG_LIFE))
      .executeTakeFirst();
    if (numDeletedRows > 0n) this.#isErased = false;
    if (this.#isErased) return;
    const remains = await store.eraseDeletedConnections();
    this.#isErased = true;
    if (remains === undefined || this.#saidIncomplete) return;
    this.#saidIncomplete = true;
    operations.write({ event: 'purge-incomplete', problem: remains });
  }
}
