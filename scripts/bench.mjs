// `npm run bench`: measures the product and prints the figures. See test/bench/bench.ts.
// `npm run bench:relay`: the relay alone, beside references. See test/bench/relay/bench-relay.ts.
import { node, options, prepare, run } from './setup.mjs';

const { install, rest } = options();
const isRelay = rest[0] === 'relay';
await prepare('bench', { install });
process.exitCode = await run(
  node,
  isRelay
    ? ['test/dist/bench/relay/bench-relay.js', ...rest.slice(1)]
    : ['test/dist/bench/bench.js', ...rest],
);
