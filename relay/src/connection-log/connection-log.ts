import { asLiveletError, type Clock } from '@livelet/core/wire';
import { CONNECTION_EVENTS, type LogEntry, type RelayLog } from '../log.js';
import type { Store } from '../store/open-store.js';
import type { ConnectionLogTable } from './connection-log-table.js';

/** How long an entry waits for company, ms. */
const BATCH_DELAY = 1000;
/** After the store was lost, ms. */
const RETRY_DELAY = 5000;
/** Rows of one statement: 9 values each, within the 32,766 values that SQLite takes. */
const BATCH_ROWS = 500;
/** Entries that wait, a few hundred bytes each; more are lost and counted. */
const MOST_WAITING = 20_000;
/** Entries an hour of ends that were refused: strangers can't fill the store. More are counted as lost. */
const REFUSALS_PER_HOUR = 5000;
const HOUR = 60 * 60 * 1000;
/** How long a relay that stops waits for the store, ms. */
const CLOSE_LIMIT = 3000;
/** Characters of a text: addresses and names are shorter. */
const MAX_TEXT = 64;

/** What strangers can cause without end. */
const REFUSALS: ReadonlySet<string> = new Set<LogEntry['event']>(['missed', 'refused']);
const KEPT: ReadonlySet<string> = new Set(CONNECTION_EVENTS);

export interface ConnectionLogParts {
  readonly store: Pick<Store, 'db'>;
  readonly clock: Clock;
  /** Where it says that entries were lost. */
  readonly operations: RelayLog;
}

/** Writes what happens to connections into the store, in batches. Never waits for it, and never grows without end. */
export class ConnectionLog implements RelayLog, AsyncDisposable {
  readonly #parts: ConnectionLogParts;
  #waiting: ConnectionLogTable[] = [];
  #lost = 0;
  #lostUnsaid = 0;
  #storeLost = false;
  #timer: Disposable | undefined;
  #writing: Promise<void> | undefined;
  #closed = false;
  #hour = { startedAt: Number.NEGATIVE_INFINITY, refusals: 0 };

  constructor(parts: ConnectionLogParts) {
    this.#parts = parts;
  }

  /** Entries that are not written yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Entries that will never be, since the start. */
  get lost(): number {
    return this.#lost;
  }

  write(entry: LogEntry): void {
    if (!KEPT.has(entry.event)) return;
    if (this.#closed || this.#waiting.length >= MOST_WAITING || this.#isOneRefusalMore(entry)) {
      this.#lose(1);
      return;
    }
    this.#waiting.push(row(entry, this.#parts.clock.wallTime()));
    if (this.#writing === undefined) this.#schedule(BATCH_DELAY);
  }

  /** Writes what waits; resolves also when the store is lost. */
  async flush(): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
      if (this.#waiting.length > 0) this.#schedule(RETRY_DELAY);
    });
    await this.#writing;
  }

  /** Takes no more entries; what can't be written within 3 s is lost. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const { promise: timeUp, resolve } = Promise.withResolvers<void>();
    using _limit = this.#parts.clock.setTimer(CLOSE_LIMIT, resolve);
    await Promise.race([this.flush(), timeUp]);
    this.#timer?.[Symbol.dispose]();
    this.#lose(this.#waiting.splice(0).length);
    this.#sayLost();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #isOneRefusalMore({ event }: LogEntry): boolean {
    if (!REFUSALS.has(event)) return false;
    const now = this.#parts.clock.now();
    if (now - this.#hour.startedAt >= HOUR) this.#hour = { startedAt: now, refusals: 0 };
    this.#hour.refusals += 1;
    return this.#hour.refusals > REFUSALS_PER_HOUR;
  }

  #schedule(delay: number): void {
    if (this.#closed) return;
    this.#timer ??= this.#parts.clock.setTimer(delay, () => void this.flush());
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, BATCH_ROWS);
      try {
        await this.#parts.store.db.insertInto('connection_log').values(batch).execute();
      } catch (cause) {
        const error = asLiveletError(cause);
        if (error.code === 'store-unavailable') {
          this.#say('store-lost', error.message);
          return;
        }
        // Whatever is wrong with these rows stays wrong.
        this.#lose(batch.length);
      }
      this.#say('store-back');
      this.#waiting.splice(0, batch.length);
    }
    this.#sayLost();
  }

  #lose(count: number): void {
    this.#lost += count;
    this.#lostUnsaid += count;
  }

  #sayLost(): void {
    if (this.#lostUnsaid > 0) this.#parts.operations.write({ event: 'log-lost', count: this.#lostUnsaid });
    this.#lostUnsaid = 0;
  }

  /** Once for each time that the store goes and comes back. */
  #say(event: 'store-lost' | 'store-back', problem?: string): void {
    const isLost = event === 'store-lost';
    if (isLost === this.#storeLost) return;
    this.#storeLost = isLost;
    this.#parts.operations.write(problem === undefined ? { event } : { event, problem });
  }
}

/** Only what the table names: a field that is added to `LogEntry` isn't kept by accident. */
function row(entry: LogEntry, time: number): ConnectionLogTable {
  const text = (value: string | undefined): string | null => value?.slice(0, MAX_TEXT) ?? null;
  return {
    time: Math.floor(time),
    event: entry.event,
    session: text(entry.session),
    source: text(entry.source),
    transport: text(entry.transport),
    tls: text(entry.tls),
    reason: text(entry.reason),
    operator_to_customer: entry.operatorToCustomer ?? null,
    customer_to_operator: entry.customerToOperator ?? null,
  };
}
