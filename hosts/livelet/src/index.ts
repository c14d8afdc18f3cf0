export { type LiveletOptions, type RunningLivelet, runLivelet } from './livelet.js';
export type { LiveletExit } from './livelet-run.js';
export * from './page-protocol.js';
