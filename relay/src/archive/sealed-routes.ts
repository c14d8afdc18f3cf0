import { LiveletError } from '@livelet/core/wire';
import type { AuditLog } from '../access/audit-log.js';
import type { Changes } from '../access/changes.js';
import { readNumber } from '../api/read-call.js';
import type { ApiAnswer, Route } from '../api/route.js';
import type { SealedStore } from './sealed-store.js';

export interface SealedRoutesParts {
  readonly store: SealedStore;
  readonly changes: Changes;
  readonly audit: AuditLog;
}

/**
 * What an administrator asks of a kind of sealed things: a page of what is there (`GET <path>?after=<number>`, with
 * `&whole` its envelopes too), one of them as it came, and to delete one, which is audited. The relay reads none of them.
 * @param name in the audit log, such as `chat`
 */
export function sealedRoutes(path: string, name: string, parts: SealedRoutesParts): readonly Route[] {
  const { store, changes, audit } = parts;
  const admin = { who: 'admin', maxBody: 0 } as const;
  return [
    {
      ...admin,
      method: 'GET',
      path,
      handle: async ({ query }): Promise<ApiAnswer> => {
        const after = readNumber(query, 'after', 0);
        const entries = query.has('whole') ? await wholeEntries(store, after) : await store.list(after);
        return { status: 200, json: { entries, usage: await store.usage() } };
      },
    },
    {
      ...admin,
      method: 'GET',
      path: `${path}/:number`,
      handle: async ({ params }): Promise<ApiAnswer> => {
        const bytes = await store.read(readEntry(params));
        if (bytes === undefined) throw new LiveletError('entry-unknown');
        return { status: 200, bytes };
      },
    },
    {
      ...admin,
      method: 'DELETE',
      path: `${path}/:number`,
      handle: async ({ params, caller }): Promise<ApiAnswer> => {
        const number = readEntry(params);
        await changes.make(async (transaction) => {
          await store.delete(transaction, number);
          const action = { actor: caller?.operator ?? '', action: `${name}.deleted`, details: { number } };
          await audit.append(transaction, action);
        });
        return { status: 204 };
      },
    },
  ];
}

async function wholeEntries(store: SealedStore, after: number): Promise<readonly unknown[]> {
  const page = await store.listWhole(after);
  return page.map(({ envelope, ...entry }) => ({
    ...entry,
    envelope: Buffer.from(envelope).toString('base64'),
  }));
}

function readEntry({ number = '' }: Readonly<Record<string, string>>): number {
  if (!/^\d{1,15}$/.test(number)) throw new LiveletError('entry-unknown');
  return Number(number);
}
