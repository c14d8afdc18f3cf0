import { LiveletError } from '@livelet/core/wire';
import type { AuditLog } from '../access/audit-log.js';
import type { Changes } from '../access/changes.js';
import { readJson } from '../api/read-call.js';
import type { ApiAnswer, ApiCall, Caller, Route } from '../api/route.js';
import type { Store } from '../store/open-store.js';
import { readConnectionLog } from './read-connection-log.js';

/** A reason and five filters. */
const MAX_BODY = 4 * 1024;

export interface ConnectionLogParts {
  readonly store: Pick<Store, 'db'>;
  readonly changes: Changes;
  readonly audit: AuditLog;
}

/** `POST /connection-log`, with a reason and, if wanted, filters: each reading stands in the audit log. */
export function connectionLogRoutes(parts: ConnectionLogParts): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/connection-log',
      who: 'admin',
      maxBody: MAX_BODY,
      handle: (call) => read(parts, call),
    },
  ];
}

async function read({ store, changes, audit }: ConnectionLogParts, call: ApiCall): Promise<ApiAnswer> {
  const asked = readJson(call.body);
  const text = (name: string): string | undefined => {
    const value = asked[name];
    if (value === undefined || typeof value === 'string') return value;
    throw new LiveletError('request-invalid', name, { data: { field: name } });
  };
  const number = (name: string): number | undefined => {
    const value = asked[name];
    if (value === undefined || typeof value === 'number') return value;
    throw new LiveletError('request-invalid', name, { data: { field: name } });
  };
  const { operator: admin } = call.caller as Caller;
  const reading = {
    store,
    admin,
    reason: text('reason') ?? '',
    session: text('session'),
    source: text('source'),
    from: number('from'),
    until: number('until'),
    limit: number('limit'),
    offset: number('offset'),
  };
  // In turn, because two entries at a time can't both be the audit log's next.
  const rows = await changes.inTurn(() =>
    readConnectionLog({
      ...reading,
      onRead: (transaction, { reason, filters, rows: count }) =>
        audit.append(transaction, {
          actor: admin,
          action: 'connection-log.read',
          details: { reason, filters, rows: count },
        }),
    }),
  );
  return { status: 200, json: { entries: rows } };
}
