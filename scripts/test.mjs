// `npm test`: everything that runs in under 10 minutes; `npm test -- --long` adds the long suites.
// `npm test -- <files>` runs only these compiled test files.

import { join } from 'node:path';
import { options, prepare, root, run } from './setup.mjs';

const { install, rest } = options();
const isLong = rest.includes('--long');
const files = rest.filter((word) => word !== '--long');
await prepare('test', { install });
const bin = join(root, 'node_modules/.bin');
process.exitCode =
  (await run(join(bin, 'biome'), ['check', '--error-on-warnings', '.'])) ||
  (await run(join(bin, 'c8'), [join(bin, 'ava'), ...files], {
    environment: isLong ? { LIVELET_LONG_TESTS: '1' } : {},
  }));
