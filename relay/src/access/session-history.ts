import { randomBytes } from 'node:crypto';
import { type Clock, LiveletError } from '@livelet/core/wire';
import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables.js';
import type { SessionHistoryTable } from './access-tables.js';

/** Characters of a note. */
export const MAX_NOTE = 500;
/** Entries of one page. */
export const HISTORY_PAGE = 200;
/** A session that comes back this soon after its end is the same one, ms: it was only cut. */
const RESUMED_WITHIN = 120_000 + 10_000;

/** A session that an operator held. */
export interface HistoryEntry {
  readonly id: string;
  readonly operator: string;
  /** ms since 1970 */
  readonly started: number;
  /** Missing while it runs, and for good when the relay was killed before its end. */
  readonly ended?: number;
  readonly running?: true;
  readonly durationMs?: number;
  readonly note: string;
}

/** Which entries are wanted. */
export interface HistoryFilter {
  readonly operator?: string | undefined;
  /** Started at or after, and before: ms since 1970. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Only what comes after the entry with this id in the list's order. */
  readonly after?: string | undefined;
}

/** What a joined pair tells the history. */
export interface SessionRecorder {
  /** A session of `operator` begins; `resumed`: it was cut and comes back. Call `end` once when it is over. */
  begin(operator: string, resumed?: boolean): { end(): void };
}

/** Who held a session when: companies bill by it. Nothing of the customer is in it but what a note says. */
export class SessionHistory implements SessionRecorder, AsyncDisposable {
  readonly #db: Kysely<Tables>;
  readonly #clock: Clock;
  readonly #onFailure: (error: unknown) => void;
  readonly #running = new Set<string>();
  /** Writes happen in order. */
  #written: Promise<void> = Promise.resolve();

  constructor(db: Kysely<Tables>, clock: Clock, onFailure: (error: unknown) => void) {
    this.#db = db;
    this.#clock = clock;
    this.#onFailure = onFailure;
  }

  begin(operator: string, resumed = false): { end(): void } {
    const started = Math.floor(this.#clock.wallTime());
    let id = randomBytes(8).toString('hex');
    this.#write(async () => {
      const same = resumed ? await this.#cut(operator, started) : undefined;
      this.#running.add(same ?? id);
      if (same === undefined) {
        const row = { id, operator, started, ended: null, note: '' };
        await this.#db.insertInto('session_history').values(row).execute();
      } else {
        id = same;
        await this.#db.updateTable('session_history').set({ ended: null }).where('id', '=', id).execute();
      }
    });
    const end = (): void => {
      const ended = Math.floor(this.#clock.wallTime());
      this.#write(async () => {
        this.#running.delete(id);
        await this.#db.updateTable('session_history').set({ ended }).where('id', '=', id).execute();
      });
    };
    return { end };
  }

  /** Latest first, at most HISTORY_PAGE. */
  async list(filter: HistoryFilter): Promise<readonly HistoryEntry[]> {
    await this.#written;
    const { operator, from, to, after } = filter;
    const last = after === undefined ? undefined : await this.#row(after);
    let query = this.#db.selectFrom('session_history').selectAll();
    if (operator !== undefined) query = query.where('operator', '=', operator);
    if (from !== undefined) query = query.where('started', '>=', from);
    if (to !== undefined) query = query.where('started', '<', to);
    if (last !== undefined) {
      query = query.where(({ and, eb, or }) =>
        or([
          eb('started', '<', last.started),
          and([eb('started', '=', last.started), eb('id', '<', last.id)]),
        ]),
      );
    }
    const rows = await query.orderBy('started', 'desc').orderBy('id', 'desc').limit(HISTORY_PAGE).execute();
    return rows.map((row) => this.#toEntry(row));
  }

  /** @throws `entry-unknown`, also when it is another operator's */
  async setNote(id: string, operator: string, note: string): Promise<void> {
    await this.#written;
    const { numUpdatedRows } = await this.#db
      .updateTable('session_history')
      .set({ note })
      .where('id', '=', id)
      .where('operator', '=', operator)
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) throw new LiveletError('entry-unknown');
  }

  /** Resolves when everything is written. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#written;
  }

  /** The operator's session that was cut a moment ago, or that a killed relay left without an end. */
  async #cut(operator: string, now: number): Promise<string | undefined> {
    const rows = await this.#db
      .selectFrom('session_history')
      .select('id')
      .where('operator', '=', operator)
      .where(({ eb, or }) => or([eb('ended', 'is', null), eb('ended', '>=', now - RESUMED_WITHIN)]))
      .orderBy('started', 'desc')
      .limit(HISTORY_PAGE)
      .execute();
    return rows.find(({ id }) => !this.#running.has(id))?.id;
  }

  async #row(id: string): Promise<SessionHistoryTable> {
    const row = await this.#db
      .selectFrom('session_history')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined) throw new LiveletError('entry-unknown');
    return row;
  }

  #write(work: () => Promise<void>): void {
    this.#written = this.#written.then(work).catch(this.#onFailure);
  }

  #toEntry({ id, operator, started, ended, note }: SessionHistoryTable): HistoryEntry {
    const entry = { id, operator, started, note };
    if (ended === null) return this.#running.has(id) ? { ...entry, running: true } : entry;
    // A clock that was set back must not make a bill negative.
    return { ...entry, ended, durationMs: Math.max(0, ended - started) };
  }
}
