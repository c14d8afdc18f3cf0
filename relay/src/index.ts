export { type LogEntry, operationLog, type RelayLog } from './log.js';
export { type RelayHealth, type RelayOptions, type RunningRelay, startRelay } from './relay.js';
export { DEFAULT_SETTINGS, type RelaySettings } from './settings.js';
