// A relay as its own process: real sockets, a real store, its limits at their defaults unless the test says otherwise.
import { ALLOCATE, identityFromSeed, signRequest, systemClock, systemRandom } from '@livelet/core';
import { startRelay } from '../../src/index.js';
import type { LogEntry } from '../../src/log.js';
import { seedOperators } from '../seed-operators.js';
import type { Memory, VictimMessage } from './victim.js';

const { stateDir, settings } = JSON.parse(process.argv[2] ?? '{}');
const operator = identityFromSeed(new Uint8Array(32).fill(7));
await seedOperators({ stateDir }, { ...operator, role: 'admin' });

// The test may be over before the last word.
const tell = (message: VictimMessage): void => void process.send?.(message, undefined, {}, () => {});
const log = { write: (entry: LogEntry): void => tell({ entry }) };
const relay = await startRelay({ host: '127.0.0.1', port: 0, stateDir, settings, log });

const memory = (): Memory => {
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heapUsed, external };
};
const request = { ...ALLOCATE, deploymentId: relay.deployment.deploymentId };
const authorization = (): string => signRequest(operator, request, systemClock.wallTime(), systemRandom);
process.on('disconnect', () => process.exit());
process.on('message', (what) => tell({ answer: what === 'memory' ? memory() : authorization() }));
tell({ port: relay.port });
