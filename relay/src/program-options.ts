import {
  choiceOption,
  listOption,
  numberOption,
  type OptionSpec,
  stateDirectory,
  switchOption,
  textOption,
} from '@livelet/program';
import { LOOPBACK, PINNING } from './relay-options.js';
import { DEFAULT_SETTINGS, type RelaySettings } from './settings.js';

const HOUR = 60 * 60 * 1000;
const MIB = 1024 * 1024;

/** How each setting is described, and its largest value. */
const SETTINGS: Readonly<Record<keyof RelaySettings, readonly [about: string, to: number]>> = {
  unattachedMs: ['time a socket may take to find its place, ms', HOUR],
  headersMs: ['time for each step on the way in: proxy header, TLS, headers, ms', HOUR],
  requestMs: ['time for an HTTP request and its answer, ms', HOUR],
  bodyMs: ['time in which bodyBytes of a request’s body come, or what is left of it, ms', HOUR],
  bodyBytes: ['bytes of a request’s body that come in bodyMs', MIB],
  headersBytes: ['size of a request’s headers, bytes', MIB],
  frameBytes: ['size of one message, bytes', MIB],
  fragments: ['fragments of one message', 1000],
  socketsPerMinute: ['new sockets of one source in a minute', 1_000_000],
  unattachedPerSource: ['sockets of one source without a place', 1_000_000],
  unattached: ['sockets without a place, of all sources', 1_000_000],
  networkTimes: ['times as much as one source that an IPv6 /48 may do', 65_536],
  claimsPerMinute: ['nameplates one source may try in a minute; misses count twice', 1_000_000],
  claimsPerHour: ['the same in an hour', 1_000_000],
  banMs: ['ban of a source that tries more, doubled each time, ms', 24 * HOUR],
  longestBanMs: ['the longest ban, ms', 24 * HOUR],
  sources: ['sources remembered at once', 10_000_000],
  codesPerOperator: ['waiting codes of one operator', 1000],
  codeLifetimeMs: ['life of a code, ms', 24 * HOUR],
  nameplateRestMs: ['time before a nameplate is given out again, ms', 24 * HOUR],
  resumeWaitMs: ['time an end waits for the other one after a drop, ms', HOUR],
  resumesPerSource: ['ends of one source that wait so', 1_000_000],
  resumes: ['ends that wait so; half of the places are for operators', 1_000_000],
  pingMs: ['time between pings, ms', HOUR],
  idleMs: ['silence after which a socket is closed, ms', HOUR],
  sessionMs: ['longest session, ms', 30 * 24 * HOUR],
  bufferBytes: ['bytes waiting for a slow receiver before its sender is paused', 1024 * MIB],
  stalledMs: ['time after which a receiver that takes nothing is closed, ms', HOUR],
  memoryShare: ['share of the memory above which no session starts', 1],
  drainMs: ['time that sessions get to end when the relay stops, ms', HOUR],
  archiveItems: ['sealed parts of kept chats', 1_000_000_000],
  archiveBytes: ['bytes of kept chats', 1024 * 1024 * MIB],
  reportItems: ['problem reports', 1_000_000],
  reportBytes: ['bytes of problem reports', 1024 * 1024 * MIB],
  reportsPerHour: ['problem reports of one source in an hour', 1_000_000],
};

function settingOption(name: keyof RelaySettings): OptionSpec<number> {
  const [about, to] = SETTINGS[name];
  const fraction = name === 'memoryShare';
  return numberOption({
    about,
    from: fraction ? 0 : 1,
    to,
    fraction,
    fallback: DEFAULT_SETTINGS[name],
    group: 'Limits:',
  });
}

const settingNames = Object.keys(SETTINGS) as (keyof RelaySettings)[];

const SETTING_OPTIONS = Object.fromEntries(
  settingNames.map((name) => [name, settingOption(name)]),
) as Readonly<Record<keyof RelaySettings, OptionSpec<number>>>;

/** What `livelet-relay` understands on its command line, in its environment and in its config file. */
export const PROGRAM_OPTIONS = {
  port: numberOption({ about: 'port to listen on', from: 0, to: 65_535, fallback: 7443 }),
  host: textOption({
    about: 'address to listen on; all if not given',
    placeholder: 'address',
    fallback: undefined,
  }),
  socketPath: textOption({
    about: 'unix socket to listen on, in place of host and port; with behind-tls-proxy',
    placeholder: 'file',
    fallback: undefined,
  }),
  behindTlsProxy: switchOption({
    about: 'a proxy in front ends TLS; listen on a private address, let only trusted proxies in',
  }),
  tlsCertificate: textOption({
    about:
      'certificate with its chain, PEM, read again when it changes; made in the state folder if not given',
    placeholder: 'file',
    fallback: undefined,
  }),
  tlsKey: textOption({ about: 'its key, PEM', placeholder: 'file', fallback: undefined }),
  pinning: choiceOption({
    about: 'whether hosts accept this key only; auto: unless a public authority stands behind it',
    values: PINNING,
    fallback: 'auto',
  }),
  stateDir: textOption({
    about: 'folder of certificate, store and deployment file',
    placeholder: 'folder',
    fallback: stateDirectory('livelet-relay', process.env),
  }),
  publicUrl: textOption({
    about: 'by which hosts reach it, wss://name:port; made of host and port if not given',
    placeholder: 'url',
    pattern: /^(wss|https):\/\/[^/@?#]+\/?$/,
    allowed: 'wss://name:port',
    fallback: undefined,
  }),
  region: textOption({
    about: 'where it stands, such as EU',
    pattern: /^[\p{L}\p{N} ._-]{1,64}$/u,
    allowed: 'at most 64 letters, digits, spaces, dots and dashes',
    fallback: undefined,
  }),
  deploymentId: textOption({
    about: 'name of the deployment; random at first start if not given',
    placeholder: 'id',
    pattern: /^[A-Za-z0-9._-]{1,64}$/,
    allowed: '1 to 64 of A-Z a-z 0-9 . _ -',
    fallback: undefined,
  }),
  databaseUrl: textOption({
    about:
      'PostgreSQL for the store, instead of files in the state folder; other users see a flag, so better as variable',
    placeholder: 'url',
    pattern: /^postgres(ql)?:\/\/./,
    allowed: 'postgres://user:password@host:port/database',
    fallback: undefined,
    secret: true,
  }),
  trustedProxies: listOption({
    about: 'addresses and subnets whose PROXY header and X-Forwarded-For are believed',
  }),
  metricsFrom: listOption({
    about: 'addresses and subnets that may read /metrics',
    fallback: LOOPBACK,
  }),
  adminFrom: listOption({
    about: 'addresses and subnets that get the web console at /admin/',
    fallback: LOOPBACK,
  }),
  ...SETTING_OPTIONS,
};
