/** What tests of the core, of plugins and of hosts run on: a clock and a network that do only what they are told. */
export { HeldBackTable } from '../src/composition/held-back-table.js';
export * from './captured-egress.js';
export * from './connected-sessions.js';
export * from './enrolled-operator.js';
export * from './free-port.js';
export * from './manual-clock.js';
export * from './process-memory.js';
export * from './seeded-random.js';
export * from './settled.js';
export type { Lane } from './simulated-lane.js';
export * from './simulated-network.js';
export * from './simulated-relay.js';
export * from './tiny-proxy.js';
