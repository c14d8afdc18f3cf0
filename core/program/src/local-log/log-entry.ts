import { CAPABILITIES, ERROR_CODES, type ErrorCode } from '@livelet/core/wire';

/** Whole numbers up to this stand in a log: fewer digits than a session code has. */
const MAX_COUNT = 999_999_999;

/** What a field may hold: the value itself, or undefined for what isn't to be written. */
type Field<T> = (value: unknown) => T | undefined;

/** One of a few words. */
function word<const V extends string>(values: readonly V[]): Field<V> {
  return (value) => values.find((known) => known === value);
}

const flag: Field<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);
const count: Field<number> = (value) =>
  typeof value === 'number' && value >= 0 && value <= MAX_COUNT ? Math.round(value) : undefined;
/** `24.21.0`, without what a builder may add after it. */
const version: Field<string> = (value) =>
  typeof value === 'string' && /^v?\d{1,4}(\.\d{1,4}){2}$/.test(value) ? value : undefined;
const errorCode: Field<ErrorCode> = (value) =>
  typeof value === 'string' && Object.hasOwn(ERROR_CODES, value) ? (value as ErrorCode) : undefined;

const FIGURES = { seconds: count, sentKib: count, receivedKib: count, resumes: count, rttMs: count } as const;

/**
 * All that a local log can say. A field is one of a few words, a number or a flag: there is none that a code, a name, a
 * path or anything that people wrote would fit. What isn't here isn't written, whatever a caller passes.
 */
const ENTRIES = {
  started: {
    program: word(['operator', 'livelet']),
    version,
    node: version,
    platform: word(['linux', 'darwin', 'win32', 'freebsd']),
    arch: word(['x64', 'arm64', 'arm', 'ia32']),
    shell: word(['browser', 'electron']),
    capture: word(['x11', 'web']),
  },
  page: { state: word(['open', 'gone']) },
  view: {
    view: word([
      ...(['home', 'getting-code', 'waiting', 'connecting', 'session', 'ended'] as const),
      ...(['code', 'who', 'panel', 'keeping', 'unusable'] as const),
    ]),
    error: errorCode,
  },
  'session-started': {
    side: word(['operator', 'customer']),
    transport: word(['tls-tcp', 'websocket']),
    proxied: flag,
    why: word(['first', 'tcp-blocked', 'proxy-required', 'proxy-websocket-only']),
  },
  connection: { state: word(['connected', 'reconnecting']) },
  grant: {
    capability: word(CAPABILITIES),
    state: word(['none', 'asked', 'granted', 'denied', 'revoked', 'expired']),
    whose: word(['own', 'peer']),
  },
  'session-ended': {
    how: word(['ended-here', 'ended-by-peer', 'interrupted', 'failed']),
    reason: word(['person', 'refused', 'window-gone', 'shutdown', 'display-lost', 'failure']),
    error: errorCode,
    ...FIGURES,
  },
  'session-now': FIGURES,
  problem: { where: word(['window', 'plugin', 'archive', 'report', 'relay']), error: errorCode },
  report: { what: word(['sent', 'queued', 'saved', 'failed', 'cancelled']), error: errorCode },
  stopped: { error: errorCode },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Field<unknown>>>>>;

type Entries = typeof ENTRIES;

/** Something that happened in this program. */
export type LogEntry = {
  [E in keyof Entries]: { readonly event: E } & {
    readonly [F in keyof Entries[E]]?: Entries[E][F] extends Field<infer T> ? T | undefined : never;
  };
}[keyof Entries];

/** What of `entry` may be written: its event and the fields that fit. */
export function loggable(entry: LogEntry): Readonly<Record<string, unknown>> {
  const { event, ...given } = entry;
  if (!Object.hasOwn(ENTRIES, event)) return { event: 'unknown' };
  const fields: Readonly<Record<string, Field<unknown>>> = ENTRIES[event];
  const written = Object.entries(fields).flatMap(([name, field]) => {
    const value = field((given as Readonly<Record<string, unknown>>)[name]);
    return value === undefined ? [] : [[name, value]];
  });
  return { event, ...Object.fromEntries(written) };
}

/** One line of JSON. @param at ms since 1970 */
export function logLine(at: number, entry: LogEntry): string {
  return `${JSON.stringify({ at: new Date(at).toISOString(), ...loggable(entry) })}\n`;
}
