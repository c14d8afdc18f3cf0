import { LiveletError } from '@livelet/core/wire';
import { readJson, readNumber } from '../api/read-call.js';
import type { ApiCall, Caller, Route } from '../api/route.js';
import { type BilledSession, toCsv } from './history-export.js';
import type { Operators } from './operators.js';
import { HISTORY_PAGE, type HistoryFilter, MAX_NOTE, type SessionHistory } from './session-history.js';

/** Sessions of one export; a longer time is exported in parts. */
const MAX_EXPORT = 20_000;
/** Bytes of a note's JSON: each character may be escaped. */
const MAX_NOTE_BODY = 8 * 1024;

export interface HistoryParts {
  readonly history: SessionHistory;
  readonly operators: Operators;
}

/** What operators held: their own for operators, everybody's for administrators. */
export function historyRoutes({ history, operators }: HistoryParts): Route[] {
  const named = async (filter: HistoryFilter): Promise<readonly BilledSession[]> => {
    const entries = await history.list(filter);
    return entries.map((entry) => ({
      ...entry,
      operatorName: operators.byId(entry.operator)?.name ?? '',
    }));
  };
  const all = async (filter: HistoryFilter, signal: AbortSignal): Promise<readonly BilledSession[]> => {
    const sessions: BilledSession[] = [];
    for (let page = await named(filter); ; page = await named({ ...filter, after: sessions.at(-1)?.id })) {
      signal.throwIfAborted();
      sessions.push(...page);
      if (sessions.length > MAX_EXPORT) throw new LiveletError('message-too-large');
      if (page.length < HISTORY_PAGE) return sessions;
    }
  };
  return [
    {
      method: 'GET',
      path: '/history',
      who: 'operator',
      maxBody: 0,
      handle: async (call) => ({ status: 200, json: { sessions: await named(readFilter(call)) } }),
    },
    {
      method: 'GET',
      path: '/history/export',
      who: 'operator',
      maxBody: 0,
      handle: async (call) => {
        const sessions = await all(readFilter(call), call.signal);
        if (call.query.get('format') !== 'csv') return { status: 200, json: { sessions } };
        const headers = { 'content-type': 'text/csv; charset=utf-8; header=present' };
        return { status: 200, bytes: Buffer.from(toCsv(sessions)), headers };
      },
    },
    {
      method: 'PUT',
      path: '/history/:id/note',
      who: 'operator',
      maxBody: MAX_NOTE_BODY,
      handle: async ({ caller, params, body }) => {
        const { note } = readJson(body);
        if (typeof note !== 'string' || note.length > MAX_NOTE) {
          throw new LiveletError('request-invalid', 'a note', { data: { field: 'note' } });
        }
        // Terminals obey them, databases don't take all of them, and nobody means them.
        const text = note.toWellFormed().replace(/(?![\n\t])\p{Cc}/gu, '');
        await history.setNote(params.id ?? '', (caller as Caller).operator, text);
        return { status: 204 };
      },
    },
  ];
}

/** Operators see their own, whatever they ask for. */
function readFilter({ caller, query }: ApiCall): HistoryFilter {
  const operator = caller?.role === 'admin' ? (query.get('operator') ?? undefined) : caller?.operator;
  return {
    operator,
    from: readNumber(query, 'from', undefined),
    to: readNumber(query, 'to', undefined),
    after: query.get('after') ?? undefined,
  };
}
