import { type DestinationStream, type Logger, pino } from 'pino';

export type { DestinationStream, Logger } from 'pino';

/** From the quietest to the most talkative. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Where log lines go: a private file that is appended to, or standard error. Nothing is lost when the process ends. */
export function logDestination(file: string | undefined): DestinationStream {
  return file === undefined
    ? pino.destination({ dest: 2, sync: true })
    : pino.destination({ dest: file, sync: true, mkdir: true, mode: 0o600 });
}

/** One JSON line for each entry. */
export function createLogger(level: LogLevel, destination: DestinationStream): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}
