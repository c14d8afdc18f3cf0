import { type Clock, systemClock } from '@livelet/core/wire';
import type { DestinationStream } from '@livelet/program';

/** What happens to one connection. These are kept for 30 days, in the connection log only. */
export const CONNECTION_EVENTS = ['allocated', 'joined', 'resumed', 'missed', 'refused', 'ended'] as const;
export type ConnectionEvent = (typeof CONNECTION_EVENTS)[number];

/** What happens to the relay itself: lines for whoever runs it, without anybody's address. */
export const OPERATION_EVENTS = [
  'started',
  'draining',
  'stopped',
  'certificate-reloaded',
  'certificate-refused',
  'store-lost',
  'store-back',
  'log-lost',
  'purge-failed',
  'purge-incomplete',
  'deployment-outdated',
  'failed',
] as const;
export type OperationEvent = (typeof OPERATION_EVENTS)[number];

/**
 * All that the relay ever writes down about its sockets: no nameplate, no name, nothing of what they carry. `dropped`
 * is a socket that was cut without an answer: so many may come that they are only counted.
 */
export interface LogEntry {
  readonly event: ConnectionEvent | OperationEvent | 'dropped';
  /** Random, made for the log. */
  readonly session?: string;
  readonly source?: string;
  readonly transport?: 'websocket' | 'tls-tcp';
  /** `TLSv1.2` or `TLSv1.3`. */
  readonly tls?: string | undefined;
  /** Name of a CloseReason. */
  readonly reason?: string;
  /** Bytes of frames passed on. */
  readonly operatorToCustomer?: number;
  readonly customerToOperator?: number;
  /** Of an operation: what went wrong. */
  readonly problem?: string;
  /** Of `log-lost`: entries. */
  readonly count?: number;
}

export interface RelayLog {
  write(entry: LogEntry): void;
}

/** Each entry goes to each of them. */
export function fanOut(...logs: readonly RelayLog[]): RelayLog {
  return {
    write: (entry) => {
      for (const log of logs) log.write(entry);
    },
  };
}

const OPERATIONS: ReadonlySet<string> = new Set(OPERATION_EVENTS);

/** One line of JSON for each event of the relay itself: `{"time":"2026-01-31T09:00:00.000Z","event":"started"}`. */
export function operationLog(destination: DestinationStream, clock: Clock = systemClock): RelayLog {
  return {
    write: ({ event, problem, count }) => {
      if (!OPERATIONS.has(event)) return;
      const time = new Date(clock.wallTime()).toISOString();
      destination.write(`${JSON.stringify({ time, event, problem, count })}\n`);
    },
  };
}
