// `npm test`: every ordinary test, in about 13 minutes; `npm test -- --long` adds the long suites, `--coverage` says how
// much of the code they ran, for a third more of the processor's time.
// `npm test -- <files>` runs only these compiled test files.

import { join } from 'node:path';
import { options, prepare, root, run } from './setup.mjs';

const { install, rest } = options();
const isLong = rest.includes('--long');
const files = rest.filter((word) => word !== '--long' && word !== '--coverage');
await prepare('test', { install });
const bin = join(root, 'node_modules/.bin');
const ava = [join(bin, 'ava'), ...files];
const isCounted = rest.includes('--coverage');
const [command, ...words] = isCounted ? [join(bin, 'c8'), ...ava] : ava;
process.exitCode =
  (await run(join(bin, 'biome'), ['check', '--error-on-warnings', '.'])) ||
  (await run(command, words, {
    environment: {
      ...(isLong && { LIVELET_LONG_TESTS: '1' }),
      // Hundreds of processes load the same modules. What coverage counts is told less exactly of compiled ones.
      ...(!isCounted && { NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compiled') }),
    },
  }));
