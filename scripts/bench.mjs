// `npm run bench`: measures the product and prints the figures. See test/bench/bench.ts.
import { node, options, prepare, run } from './setup.mjs';

const { install, rest } = options();
await prepare('test', { install });
process.exitCode = await run(node, ['test/dist/bench/bench.js', ...rest]);
