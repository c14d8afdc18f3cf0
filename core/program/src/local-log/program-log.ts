import { join } from 'node:path';
import type { Clock, Deployment, ErrorCode, ProxyFinder, ReportSource } from '@livelet/core/wire';
import { ReportQueue } from '../report-outbox.js';
import { LocalLog } from './local-log.js';
import type { LogEntry } from './log-entry.js';
import { hostReportSource } from './report-source.js';

type Entry<E extends LogEntry['event']> = Extract<LogEntry, { event: E }>;
type Grant = Pick<Entry<'grant'>, 'capability' | 'state'>;
interface Listened<T> {
  onChange(listener: (value: T) => void): Disposable;
}

/** What of a session is logged; a SessionChannel of core fits. */
export interface LoggedSession {
  readonly side: NonNullable<Entry<'session-started'>['side']>;
  /** ms since 1970 */
  readonly startedAt: number;
  readonly ended: Promise<{
    readonly how: NonNullable<Entry<'session-ended'>['how']>;
    readonly reason?: NonNullable<Entry<'session-ended'>['reason']>;
    readonly error?: { readonly code: ErrorCode };
  }>;
  readonly ownGrants: Listened<Grant>;
  readonly peerGrants: Listened<Grant>;
  onConnection(
    listener: (connection: { readonly state: NonNullable<Entry<'connection'>['state']> }) => void,
  ): Disposable;
  statistics(): {
    readonly route: { readonly kind: string; readonly proxy?: string; readonly why: string };
    readonly rttMs: number | undefined;
    readonly bytesSent: number;
    readonly bytesReceived: number;
    readonly resumes: number;
  };
}

export interface ProgramLogOptions {
  /** Holds the log and what waits to be sent; made when missing. */
  readonly stateDir: string;
  readonly deployment: Deployment;
  readonly clock: Clock;
  readonly proxy?: ProxyFinder | undefined;
  readonly program: NonNullable<Entry<'started'>['program']>;
  readonly version: string;
  readonly shell: NonNullable<Entry<'started'>['shell']>;
  readonly capture?: Entry<'started'>['capture'];
}

/** What a program with windows writes down of itself, and what it tells when a person reports a problem. */
export class ProgramLog implements AsyncDisposable {
  readonly reports: ReportSource;
  readonly #log: LocalLog;
  readonly #outbox: ReportQueue;
  readonly #clock: Clock;
  /** Facts of the session that stands, or of the last one. */
  #session: () => readonly LogEntry[] = () => [];

  constructor(options: ProgramLogOptions) {
    const { stateDir, deployment, clock, proxy, program, version, shell, capture } = options;
    this.#clock = clock;
    this.#log = new LocalLog({ folder: join(stateDir, 'logs'), clock });
    this.#outbox = new ReportQueue({ folder: join(stateDir, 'reports'), deployment, clock, proxy });
    const started = {
      event: 'started',
      program,
      version,
      node: process.version,
      platform: process.platform as Entry<'started'>['platform'],
      arch: process.arch as Entry<'started'>['arch'],
      shell,
      capture,
    } as const;
    const session = (): readonly LogEntry[] => this.#session();
    this.reports = hostReportSource({
      deployment,
      log: this.#log,
      outbox: this.#outbox,
      program: started,
      session,
    });
    this.#log.add(started);
  }

  /** Sends reports that wait from before. Nothing waits that a person hasn't sent. */
  start(): void {
    this.#outbox.start();
  }

  add(entry: LogEntry): void {
    this.#log.add(entry);
  }

  /** `open` as it is, with the sessions that it opens in the log. */
  opening<
    S extends LoggedSession,
    T extends { readonly absent: ReadonlyMap<string, { readonly code: ErrorCode }> },
  >(open: (session: S) => Promise<T>): (session: S) => Promise<T> {
    return async (session) => {
      this.#follow(session);
      const hosted = await open(session);
      for (const { code } of hosted.absent.values())
        this.add({ event: 'problem', where: 'plugin', error: code });
      return hosted;
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.add({ event: 'stopped' });
    await this.#outbox[Symbol.asyncDispose]();
  }

  #follow(session: LoggedSession): void {
    const { side, ended } = session;
    const { kind, proxy, why } = session.statistics().route;
    const started = {
      event: 'session-started',
      side,
      transport: kind as Entry<'session-started'>['transport'],
      proxied: proxy !== undefined,
      why: why as Entry<'session-started'>['why'],
    } as const;
    this.add(started);
    const watched = new DisposableStack();
    const grants =
      (whose: 'own' | 'peer') =>
      ({ capability, state }: Grant) =>
        this.add({ event: 'grant', capability, state, whose });
    watched.use(session.ownGrants.onChange(grants('own')));
    watched.use(session.peerGrants.onChange(grants('peer')));
    watched.use(
      session.onConnection(({ state }) => {
        this.add({ event: 'connection', state });
        if (state === 'connected') this.#outbox.retry();
      }),
    );
    const figures = (): Pick<
      Entry<'session-now'>,
      'seconds' | 'sentKib' | 'receivedKib' | 'resumes' | 'rttMs'
    > => {
      const { bytesSent, bytesReceived, resumes, rttMs } = session.statistics();
      const seconds = (this.#clock.wallTime() - session.startedAt) / 1000;
      return { seconds, sentKib: bytesSent / 1024, receivedKib: bytesReceived / 1024, resumes, rttMs };
    };
    this.#session = () => [started, { event: 'session-now', ...figures() }];
    void ended.then(({ how, reason, error }) => {
      watched.dispose();
      const end = { event: 'session-ended', how, reason, error: error?.code, ...figures() } as const;
      this.add(end);
      this.#session = () => [started, end];
      // The customer's program goes soon, and may never be started again.
      this.#outbox.retry();
    });
  }
}
