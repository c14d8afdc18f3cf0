import { type Clock, systemClock } from '@livelet/core/wire';
import type { DestinationStream } from '@livelet/program';

/** All that the relay ever writes down about its sockets: no nameplate, no name, nothing of what they carry. */
export interface LogEntry {
  readonly event: 'started' | 'stopped' | 'allocated' | 'joined' | 'missed' | 'refused' | 'ended';
  /** Random, made for the log. */
  readonly session?: string;
  readonly source?: string;
  readonly transport?: 'websocket';
  /** `TLSv1.2` or `TLSv1.3`. */
  readonly tls?: string | undefined;
  /** Name of a CloseReason. */
  readonly reason?: string;
  readonly operatorToCustomer?: number;
  readonly customerToOperator?: number;
}

export interface RelayLog {
  write(entry: LogEntry): void;
}

/** One line of JSON for each event: `{"time":"2026-01-31T09:00:00.000Z","event":"joined",...}`. */
export function createRelayLog(destination: DestinationStream, clock: Clock = systemClock): RelayLog {
  return {
    write: (entry) => {
      const time = new Date(clock.wallTime()).toISOString();
      destination.write(`${JSON.stringify({ time, ...entry })}\n`);
    },
  };
}
