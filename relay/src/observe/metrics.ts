import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Registry } from 'prom-client';
import type { LogEntry, RelayLog } from '../log.js';
import { METRICS, type MetricName } from './metric-table.js';

/** What the relay counts of itself, read at each scrape. */
export interface RelayFigures {
  /** Joined pairs. */
  readonly sessions: number;
  /** Codes that wait for a customer. */
  readonly codes: number;
  /** Ends that wait for their other end after a drop. */
  readonly resumes: number;
  /** Open connections of every kind. */
  readonly sockets: number;
  /** 0 to 1. */
  readonly memoryShare: number;
  /** Connection log entries not written yet. */
  readonly logWaiting: number;
  /** Connection log entries that could not be written, since the start. */
  readonly logLost: number;
  /** Wall time, ms; undefined: a proxy in front has the certificate. */
  readonly certificateEndsAt: number | undefined;
  readonly draining: boolean;
}

const DAY = 24 * 60 * 60 * 1000;
/** How often the event loop's delay is sampled, ms. */
const SAMPLING = 20;
/** Values of one label that are told apart; what comes after is counted as `other`. */
const MOST_VALUES = 64;

/** Counts what is logged, and tells Prometheus. Labels hold names of this code only: no address, no session. */
export class RelayMetrics implements RelayLog, Disposable {
  readonly #registry = new Registry();
  readonly #counters = new Map<MetricName, Counter>();
  readonly #gauges = new Map<MetricName, Gauge>();
  readonly #values = new Map<string, Set<string>>();
  readonly #delay = monitorEventLoopDelay({ resolution: SAMPLING });
  readonly #figures: () => RelayFigures;
  readonly #wallTime: () => number;

  /** @param wallTime ms since 1970 */
  constructor(figures: () => RelayFigures, wallTime: () => number) {
    this.#figures = figures;
    this.#wallTime = wallTime;
    for (const [key, { type, labels, help }] of Object.entries(METRICS)) {
      const name = key as MetricName;
      const parts = { name, help, labelNames: [...labels], registers: [this.#registry] };
      if (type === 'counter') this.#counters.set(name, new Counter(parts));
      else this.#gauges.set(name, new Gauge(parts));
    }
    this.#delay.enable();
  }

  /** Of `text`. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  write(entry: LogEntry): void {
    const { event, operatorToCustomer, customerToOperator } = entry;
    const transport = this.#known('transport', entry.transport ?? 'none');
    const reason = this.#known('reason', entry.reason ?? 'none');
    this.#count('livelet_relay_events_total', { event: this.#known('event', event), transport });
    if (event === 'ended') this.#count('livelet_relay_endings_total', { reason });
    else if (entry.reason !== undefined) this.#count('livelet_relay_refusals_total', { reason, transport });
    const bytes = { operatorToCustomer, customerToOperator };
    for (const [direction, count = 0] of Object.entries(bytes)) {
      if (count > 0) this.#count('livelet_relay_bytes_total', { direction }, count);
    }
  }

  /** Prometheus' text format. */
  async text(): Promise<string> {
    const figures = this.#figures();
    this.#set('livelet_relay_sessions', figures.sessions);
    this.#set('livelet_relay_waiting_codes', figures.codes);
    this.#set('livelet_relay_waiting_resumes', figures.resumes);
    this.#set('livelet_relay_sockets', figures.sockets);
    this.#set('livelet_relay_resident_memory_bytes', process.memoryUsage.rss());
    this.#set('livelet_relay_memory_share', figures.memoryShare);
    this.#set('livelet_relay_log_waiting', figures.logWaiting);
    const lost = this.#counters.get('livelet_relay_log_lost_total');
    lost?.reset();
    lost?.inc(figures.logLost);
    // Not a number where a proxy has the certificate: 0 would be an alarm.
    const { certificateEndsAt = Number.NaN } = figures;
    this.#set('livelet_relay_certificate_days_left', (certificateEndsAt - this.#wallTime()) / DAY);
    this.#set('livelet_relay_draining', figures.draining ? 1 : 0);
    this.#readDelay();
    return this.#registry.metrics();
  }

  [Symbol.dispose](): void {
    this.#delay.disable();
    this.#registry.clear();
  }

  #readDelay(): void {
    const seconds = (nanoseconds: number): number =>
      Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds / 1e9 - SAMPLING / 1000) : 0;
    const name = 'livelet_relay_event_loop_delay_seconds';
    this.#set(name, seconds(this.#delay.percentile(50)), { quantile: '0.5' });
    this.#set(name, seconds(this.#delay.percentile(99)), { quantile: '0.99' });
    this.#set(name, seconds(this.#delay.max), { quantile: '1' });
    this.#delay.reset();
  }

  #count(name: MetricName, labels: Readonly<Record<string, string>>, by = 1): void {
    this.#counters.get(name)?.inc(labels, by);
  }

  #set(name: MetricName, value: number, labels: Readonly<Record<string, string>> = {}): void {
    this.#gauges.get(name)?.set(labels, value);
  }

  /** So that no caller's mistake makes series without end. */
  #known(label: string, value: string): string {
    const values = this.#values.get(label) ?? new Set();
    this.#values.set(label, values);
    if (values.size < MOST_VALUES) values.add(value);
    return values.has(value) ? value : 'other';
  }
}
