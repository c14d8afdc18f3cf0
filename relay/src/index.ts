export { type LogEntry, operationLog, type RelayLog } from './log.js';
export { type RelayHealth, type RunningRelay, startRelay } from './relay.js';
export type { RelayOptions } from './relay-options.js';
export { DEFAULT_SETTINGS, type RelaySettings } from './settings.js';
