import { LiveletError } from '@livelet/core/wire';
import type { Transaction } from 'kysely';
import type { Store } from '../store/open-store.js';
import type { Tables } from '../store/tables.js';
import type { ConnectionLogTable } from './connection-log-table.js';

/** Characters of a reason. */
const MAX_REASON = 500;
/** Rows of one page. */
const MAX_PAGE = 1000;
/** Rows before a page. */
const MAX_OFFSET = 10_000_000;
const MAX_FILTER = 64;

/** One row, without what it doesn't have. */
export interface ConnectionLogEntry {
  /** ms since 1970 */
  readonly time: number;
  readonly event: string;
  readonly session?: string | undefined;
  readonly source?: string | undefined;
  readonly transport?: string | undefined;
  readonly tls?: string | undefined;
  readonly reason?: string | undefined;
  readonly operatorToCustomer?: number | undefined;
  readonly customerToOperator?: number | undefined;
}

/** Which rows, newest first. */
export interface ConnectionLogQuery {
  /** ms since 1970, inclusive. */
  readonly from?: number | undefined;
  /** Exclusive: with the time of the first page it keeps later pages in step. */
  readonly until?: number | undefined;
  readonly session?: string | undefined;
  readonly source?: string | undefined;
  /** @default 100, at most 1,000 */
  readonly limit?: number | undefined;
  /** @default 0 */
  readonly offset?: number | undefined;
}

export interface ConnectionLogReading extends ConnectionLogQuery {
  readonly store: Pick<Store, 'db'>;
  /** Who reads: an operator's id. */
  readonly admin: string;
  /** Why, in the reader's words: 1 to 500 characters. It is kept in the audit log for good. */
  readonly reason: string;
  /** Writes down that the log was read, in the same transaction: no row is given out before that is committed. */
  readonly onRead: (transaction: Transaction<Tables>, read: ConnectionLogRead) => Promise<void>;
}

/**
 * What is written down about a reading. Which filters were set, not the address or session they named: that would
 * outlive the log itself.
 */
export interface ConnectionLogRead {
  readonly admin: string;
  readonly reason: string;
  readonly filters: string;
  readonly rows: number;
}

/**
 * The only way to read the connection log.
 * @throws `request-invalid` (data: field) without a reason or for a value out of its bounds, `store-unavailable`
 */
export async function readConnectionLog(
  reading: ConnectionLogReading,
): Promise<readonly ConnectionLogEntry[]> {
  const { store, admin, onRead } = reading;
  const { from, until, session, source, limit = 100, offset = 0 } = reading;
  const reason = reading.reason.trim();
  const bounds: Readonly<Record<string, boolean>> = {
    admin: isText(admin, MAX_FILTER),
    reason: isText(reason, MAX_REASON),
    from: from === undefined || Number.isSafeInteger(from),
    until: until === undefined || Number.isSafeInteger(until),
    session: session === undefined || isText(session, MAX_FILTER),
    source: source === undefined || isText(source, MAX_FILTER),
    limit: isCount(limit, 1, MAX_PAGE),
    offset: isCount(offset, 0, MAX_OFFSET),
  };
  const field = Object.keys(bounds).find((name) => !bounds[name]);
  if (field !== undefined) throw new LiveletError('request-invalid', field, { data: { field } });
  return store.db.transaction().execute(async (transaction) => {
    let query = transaction.selectFrom('connection_log').selectAll();
    if (from !== undefined) query = query.where('time', '>=', from);
    if (until !== undefined) query = query.where('time', '<', until);
    if (session !== undefined) query = query.where('session', '=', session);
    if (source !== undefined) query = query.where('source', '=', source);
    // All columns that can tell two rows apart, so that pages neither repeat nor skip.
    const order = ['session', 'event', 'source', 'reason'] as const;
    query = query.orderBy('time', 'desc');
    for (const column of order) query = query.orderBy(column);
    const rows = await query.limit(limit).offset(offset).execute();
    const filters = Object.entries({ from, until, session, source }).filter(
      ([, value]) => value !== undefined,
    );
    const names = filters.map(([name]) => name).join(' ');
    await onRead(transaction, { admin, reason, filters: names, rows: rows.length });
    return rows.map(entryOf);
  });
}

function entryOf(row: ConnectionLogTable): ConnectionLogEntry {
  return {
    time: row.time,
    event: row.event,
    session: row.session ?? undefined,
    source: row.source ?? undefined,
    transport: row.transport ?? undefined,
    tls: row.tls ?? undefined,
    reason: row.reason ?? undefined,
    operatorToCustomer: row.operator_to_customer ?? undefined,
    customerToOperator: row.customer_to_operator ?? undefined,
  };
}

function isText(value: string, longest: number): boolean {
  return value.length > 0 && value.length <= longest;
}

function isCount(value: number, from: number, to: number): boolean {
  return Number.isInteger(value) && value >= from && value <= to;
}
