import type { Deployment, ReportSource } from '@livelet/core/wire';
import { asLiveletError } from '@livelet/core/wire';
import type { LocalLog } from './local-log.js';
import { type LogEntry, loggable } from './log-entry.js';

/** Of the log, what a report takes: the last days. Bytes. */
const LOG_BYTES = 96 * 1024;

export interface HostReportOptions {
  readonly deployment: Deployment;
  readonly log: LocalLog;
  readonly outbox: ReportSource['outbox'];
  /** What this program is. */
  readonly program: Extract<LogEntry, { event: 'started' }>;
  /** The session that stands, or the last one. */
  readonly session: () => readonly LogEntry[];
}

/** What a host gives to problem reports: only what may stand in its log. */
export function hostReportSource(options: HostReportOptions): ReportSource {
  const { deployment, log, outbox, program, session } = options;
  const { supportKey } = deployment;
  return {
    supportKey: supportKey === undefined ? undefined : Uint8Array.from(Buffer.from(supportKey, 'base64')),
    relay: new URL(deployment.relayUrl).hostname,
    outbox,
    gather: async () => [
      { id: 'program', text: factsText(program) },
      { id: 'session', text: session().map(factsText).join('\n\n') },
      { id: 'log', text: await log.read(LOG_BYTES) },
    ],
    note: (what, error) =>
      log.add({
        event: 'report',
        what,
        ...(error === undefined ? {} : { error: asLiveletError(error).code }),
      }),
  };
}

/** What an entry of the log says, a line for each fact. */
function factsText(entry: LogEntry): string {
  return Object.entries(loggable(entry))
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}
