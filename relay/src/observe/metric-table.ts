/** What Prometheus reads: each metric's type, labels and meaning. The guide's table is held equal to this one. */
export const METRICS = {
  livelet_relay_events_total: {
    type: 'counter',
    labels: ['event', 'transport'],
    help: 'What happened to sockets, by event and way in',
  },
  livelet_relay_refusals_total: {
    type: 'counter',
    labels: ['reason', 'transport'],
    help: 'Sockets that got no place, by reason and way in',
  },
  livelet_relay_endings_total: {
    type: 'counter',
    labels: ['reason'],
    help: 'Codes and sessions that ended, by reason',
  },
  livelet_relay_bytes_total: {
    type: 'counter',
    labels: ['direction'],
    help: 'Bytes passed on in sessions that have ended',
  },
  livelet_relay_sessions: { type: 'gauge', labels: [], help: 'Joined pairs' },
  livelet_relay_waiting_codes: { type: 'gauge', labels: [], help: 'Codes that wait for a customer' },
  livelet_relay_waiting_resumes: {
    type: 'gauge',
    labels: [],
    help: 'Ends that wait for their other end after a drop',
  },
  livelet_relay_sockets: { type: 'gauge', labels: [], help: 'Open connections of every kind' },
  livelet_relay_event_loop_delay_seconds: {
    type: 'gauge',
    labels: ['quantile'],
    help: 'How late timers ran since the last scrape',
  },
  livelet_relay_resident_memory_bytes: { type: 'gauge', labels: [], help: 'Resident memory of the process' },
  livelet_relay_memory_share: {
    type: 'gauge',
    labels: [],
    help: 'Share of its memory that the process uses, 0 to 1',
  },
  livelet_relay_log_waiting: {
    type: 'gauge',
    labels: [],
    help: 'Connection log entries that wait to be written to the store',
  },
  livelet_relay_log_lost_total: {
    type: 'counter',
    labels: [],
    help: 'Connection log entries that could not be written',
  },
  livelet_relay_certificate_days_left: {
    type: 'gauge',
    labels: [],
    help: 'Days until the certificate ends; negative when it has',
  },
  livelet_relay_draining: {
    type: 'gauge',
    labels: [],
    help: '1 while the relay takes no new sessions because it is stopping',
  },
} as const satisfies Readonly<Record<string, MetricKind>>;

export type MetricName = keyof typeof METRICS;

interface MetricKind {
  readonly type: 'counter' | 'gauge';
  /** Every label has few, known values. */
  readonly labels: readonly string[];
  readonly help: string;
}
