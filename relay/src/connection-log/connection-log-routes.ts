import { LiveletError } from '@livelet/core/wire';
import type { AuditLog } from '../access/audit-log.js';
import type { Changes } from '../access/changes.js';
import { readJson } from '../api/read-call.js';
import type { Caller, Route } from '../api/route.js';
import type { Store } from '../store/open-store.js';
import { readConnectionLog } from './read-connection-log.js';

/** Bytes of a request: a reason of 500 characters and the filters. */
const MAX_BODY = 4096;

export interface ConnectionLogRouteParts {
  readonly store: Store;
  readonly changes: Changes;
  readonly audit: AuditLog;
}

/**
 * `POST /connection-log {reason, from?, until?, session?, source?, limit?, offset?}` -> `{entries}`. The reason is in
 * the body, because proxies write down addresses of requests.
 */
export function connectionLogRoutes({ store, changes, audit }: ConnectionLogRouteParts): Route[] {
  return [
    {
      method: 'POST',
      path: '/connection-log',
      who: 'admin',
      maxBody: MAX_BODY,
      handle: async ({ body, caller }) => {
        const asked = readJson(body);
        const reading = {
          store,
          admin: (caller as Caller).operator,
          reason: text(asked, 'reason') ?? '',
          session: text(asked, 'session'),
          source: text(asked, 'source'),
          from: number(asked, 'from'),
          until: number(asked, 'until'),
          limit: number(asked, 'limit'),
          offset: number(asked, 'offset'),
        };
        // Entries of the audit log are made one after the other.
        const entries = await changes.inTurn(() =>
          readConnectionLog({
            ...reading,
            onRead: (transaction, { admin, ...details }) =>
              audit.append(transaction, {
                actor: admin,
                action: 'connection-log.read',
                details: { ...details },
              }),
          }),
        );
        return { status: 200, json: { entries } };
      },
    },
  ];
}

function text(asked: Readonly<Record<string, unknown>>, field: string): string | undefined {
  const value = asked[field];
  if (value === undefined || typeof value === 'string') return value;
  throw new LiveletError('request-invalid', field, { data: { field } });
}

function number(asked: Readonly<Record<string, unknown>>, field: string): number | undefined {
  const value = asked[field];
  if (value === undefined || typeof value === 'number') return value;
  throw new LiveletError('request-invalid', field, { data: { field } });
}
