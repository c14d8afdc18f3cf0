import { MAX_TRANSPORT_FRAME } from '@livelet/core/wire';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const KIB = 1024;

/** Every limit of the relay. Times in ms, sizes in bytes. */
export interface RelaySettings {
  /** From a socket's first packet to its place in a session (or, for an operator, to a code). @default 10_000 */
  readonly unattachedMs: number;
  /** For each step before that: a proxy's header, the TLS handshake, a request's headers. @default 5_000 */
  readonly headersMs: number;
  /** For an HTTP request and its answer, or each part of it that came in its `bodyMs`. @default 30_000 */
  readonly requestMs: number;
  /** In which at least `bodyBytes` of a request's body come, or what is left of it. @default 10_000 */
  readonly bodyMs: number;
  /** @default 8 KiB */
  readonly bodyBytes: number;
  /** @default 8 KiB */
  readonly headersBytes: number;
  /** Of one message, all its fragments together. @default 66 KiB */
  readonly frameBytes: number;
  /** Of one message. @default 16 */
  readonly fragments: number;
  /** New sockets of one source in a minute; above twice as many they are dropped without an answer. @default 20 */
  readonly socketsPerMinute: number;
  /** Sockets of one source that have no place yet. @default 10 */
  readonly unattachedPerSource: number;
  /** Sockets without a place at once, of all sources; the one that waits longest makes room. @default 5_000 */
  readonly unattached: number;
  /** How many times as much as one source all of an IPv6 /48 may do. @default 8 */
  readonly networkTimes: number;
  /** Nameplates that one source may try; a miss counts twice. @default 10 */
  readonly claimsPerMinute: number;
  /** @default 60 */
  readonly claimsPerHour: number;
  /** A source that tries more may try none for this long, twice as long each further time. @default 1 min */
  readonly banMs: number;
  /** @default 10 min */
  readonly longestBanMs: number;
  /** Sources remembered at once; of more the one that was quiet longest is forgotten. @default 100_000 */
  readonly sources: number;
  /** Waiting codes of one operator. @default 5 */
  readonly codesPerOperator: number;
  /** @default 10 min */
  readonly codeLifetimeMs: number;
  /** How long a nameplate isn't given out again. @default 10 min */
  readonly nameplateRestMs: number;
  /** How long an end waits for the other one after a drop. @default 2 min */
  readonly resumeWaitMs: number;
  /** Ends of one source that wait so. @default 50 */
  readonly resumesPerSource: number;
  /** Ends that wait so, of all sources. @default 10_000 */
  readonly resumes: number;
  /** @default 20_000 */
  readonly pingMs: number;
  /** Without a byte; noticed with the next ping. @default 60_000 */
  readonly idleMs: number;
  /** @default 12 h */
  readonly sessionMs: number;
  /** Bytes waiting for a slow receiver, in each direction, above which its sender is paused. @default 1 MiB */
  readonly bufferBytes: number;
  /** A receiver that takes nothing for this long while its sender is paused is closed. @default 10_000 */
  readonly stalledMs: number;
  /** Of the memory this process may use; above it no new session starts. @default 0.8 */
  readonly memoryShare: number;
  /** Time that sessions get to end when the relay is told to stop. @default 10_000 */
  readonly drainMs: number;
  /** Sealed parts of kept chats, and their bytes together. @default 1_000_000 */
  readonly archiveItems: number;
  /** @default 20 GiB */
  readonly archiveBytes: number;
  /** Problem reports, and their bytes together. @default 1_000 */
  readonly reportItems: number;
  /** @default 4 GiB */
  readonly reportBytes: number;
  /** Problem reports that one source may hand in. @default 10 */
  readonly reportsPerHour: number;
}

/** The defaults that the fields name. */
export const DEFAULT_SETTINGS: RelaySettings = {
  unattachedMs: 10 * SECOND,
  headersMs: 5 * SECOND,
  requestMs: 30 * SECOND,
  bodyMs: 10 * SECOND,
  bodyBytes: 8 * KIB,
  headersBytes: 8 * KIB,
  frameBytes: MAX_TRANSPORT_FRAME,
  fragments: 16,
  socketsPerMinute: 20,
  unattachedPerSource: 10,
  unattached: 5_000,
  networkTimes: 8,
  claimsPerMinute: 10,
  claimsPerHour: 60,
  banMs: MINUTE,
  longestBanMs: 10 * MINUTE,
  sources: 100_000,
  codesPerOperator: 5,
  codeLifetimeMs: 10 * MINUTE,
  nameplateRestMs: 10 * MINUTE,
  resumeWaitMs: 2 * MINUTE,
  resumesPerSource: 50,
  resumes: 10_000,
  pingMs: 20 * SECOND,
  idleMs: MINUTE,
  sessionMs: 12 * 60 * MINUTE,
  bufferBytes: KIB * KIB,
  stalledMs: 10 * SECOND,
  memoryShare: 0.8,
  drainMs: 10 * SECOND,
  archiveItems: 1_000_000,
  archiveBytes: 20 * KIB * KIB * KIB,
  reportItems: 1_000,
  reportBytes: 4 * KIB * KIB * KIB,
  reportsPerHour: 10,
};
