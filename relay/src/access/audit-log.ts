import { createHash } from 'node:crypto';
import type { Clock } from '@livelet/core/wire';
import type { Kysely, Transaction } from 'kysely';
import type { Tables } from '../store/tables.js';

/** What somebody did. */
export interface AuditedAction {
  /** Id of an operator, or `relay`. */
  readonly actor: string;
  /** Such as `operator.revoked`. */
  readonly action: string;
  /** Flat facts: never a secret, never content. */
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

export interface AuditEntry extends AuditedAction {
  readonly seq: number;
  /** ms since 1970 */
  readonly time: number;
  readonly hash: string;
}

/** The newest entry: who keeps it elsewhere notices later when entries are missing at the end. */
export interface AuditHead {
  /** 0: nothing was ever written. */
  readonly seq: number;
  readonly hash: string;
}

export type AuditVerdict =
  | { readonly intact: true; readonly head: AuditHead }
  /** `seq` is the first entry that isn't as it was written, or is missing. */
  | { readonly intact: false; readonly seq: number };

/** Of the chain before its first entry. */
const NO_HASH = '0'.repeat(64);
/** Entries of one page. */
const PAGE = 500;

/**
 * What administrators did, in a chain of hashes: no entry can be changed, removed or moved without breaking it, but
 * for the newest ones, which only somebody who noted a later head misses.
 */
export class AuditLog {
  readonly #db: Kysely<Tables>;
  readonly #clock: Clock;

  constructor(db: Kysely<Tables>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** Writes an entry as part of what it is about. Two at a time: the second one's transaction fails. */
  async append(transaction: Transaction<Tables>, action: AuditedAction): Promise<void> {
    const head = await readHead(transaction);
    const unhashed = {
      seq: head.seq + 1,
      time: Math.floor(this.#clock.wallTime()),
      actor: action.actor,
      action: action.action,
      details: canonicalJson(action.details),
      previous: head.hash,
    };
    const row = { ...unhashed, hash: hashOf(unhashed) };
    await transaction.insertInto('audit_log').values(row).execute();
  }

  /** Details of what somebody did from `since` on, ms since 1970. */
  async done(
    transaction: Transaction<Tables>,
    actor: string,
    action: string,
    since: number,
  ): Promise<readonly AuditedAction['details'][]> {
    const rows = await transaction
      .selectFrom('audit_log')
      .select('details')
      .where('actor', '=', actor)
      .where('action', '=', action)
      .where('time', '>=', since)
      .execute();
    return rows.map(({ details }) => JSON.parse(details) as AuditedAction['details']);
  }

  head(): Promise<AuditHead> {
    return readHead(this.#db);
  }

  /** Newest first; the page after it begins before the last one's `seq`. */
  async list(before = Number.MAX_SAFE_INTEGER, limit = PAGE): Promise<readonly AuditEntry[]> {
    const rows = await this.#db
      .selectFrom('audit_log')
      .selectAll()
      .where('seq', '<', before)
      .orderBy('seq', 'desc')
      .limit(Math.min(limit, PAGE))
      .execute();
    return rows.map(({ seq, time, actor, action, details, hash }) => {
      return { seq, time, actor, action, details: JSON.parse(details) as AuditEntry['details'], hash };
    });
  }

  /**
   * Looks at the whole chain.
   * @param noted a head that was noted earlier: the chain must still hold it
   */
  async verify(noted: AuditHead = { seq: 0, hash: NO_HASH }): Promise<AuditVerdict> {
    let head: AuditHead = { seq: 0, hash: NO_HASH };
    for (;;) {
      const rows = await this.#db
        .selectFrom('audit_log')
        .selectAll()
        .where('seq', '>', head.seq)
        .orderBy('seq')
        .limit(PAGE)
        .execute();
      for (const row of rows) {
        const seq = head.seq + 1;
        const follows = row.seq === seq && row.previous === head.hash && row.hash === hashOf(row);
        if (!follows || (seq === noted.seq && row.hash !== noted.hash)) return { intact: false, seq };
        head = { seq, hash: row.hash };
      }
      if (rows.length < PAGE) break;
    }
    return head.seq < noted.seq ? { intact: false, seq: head.seq + 1 } : { intact: true, head };
  }
}

async function readHead(db: Kysely<Tables>): Promise<AuditHead> {
  const newest = await db
    .selectFrom('audit_log')
    .select(['seq', 'hash'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return newest ?? { seq: 0, hash: NO_HASH };
}

interface Hashed {
  readonly seq: number;
  readonly time: number;
  readonly actor: string;
  readonly action: string;
  readonly details: string;
  readonly previous: string;
}

/** SHA-256 over the entry as a JSON array, so that no two entries have the same bytes. */
function hashOf({ seq, time, actor, action, details, previous }: Hashed): string {
  const bytes = JSON.stringify([seq, time, actor, action, details, previous]);
  return createHash('sha256').update(bytes).digest('hex');
}

function canonicalJson(details: AuditedAction['details']): string {
  const sorted = Object.entries(details).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify(Object.fromEntries(sorted));
}
