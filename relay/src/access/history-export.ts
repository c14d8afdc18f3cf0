import { csv } from '../csv.js';
import type { HistoryEntry } from './session-history.js';

/** A session with its operator's name, as companies bill it. */
export interface BilledSession extends HistoryEntry {
  readonly operatorName: string;
}

const COLUMNS = [
  'session',
  'operator',
  'operator_name',
  'started',
  'ended',
  'duration_seconds',
  'note',
] as const;

/** RFC 4180: a header, CRLF after each record, times in ISO 8601 (UTC), seconds rounded up. */
export function toCsv(sessions: readonly BilledSession[]): string {
  const records = sessions.map(({ id, operator, operatorName, started, ended, durationMs, note }) => [
    id,
    operator,
    operatorName,
    isoTime(started),
    ended === undefined ? '' : isoTime(ended),
    durationMs === undefined ? '' : String(Math.ceil(durationMs / 1000)),
    note,
  ]);
  return csv([COLUMNS, ...records]);
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}
