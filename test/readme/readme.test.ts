import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test from 'ava';
import { root } from '../fixtures/program.js';

/** Below the project's folder, so that examples find what their readers would install. */
const folder = join(root, 'test/dist/readme-examples');
const packages = globSync('**/package.json', { cwd: root, exclude: ['**/node_modules', '**/dist'] })
  .map(dirname)
  .filter((path) => path !== '.');

const readme = (path: string): string => readFileSync(join(root, path, 'README.md'), 'utf8');

function examples(path: string): readonly string[] {
  return [...readme(path).matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
}

test.after.always(() => rm(folder, { recursive: true, force: true }));

for (const path of packages) {
  test(`${path}/README.md has an example and says what is not protected`, (t) => {
    t.true(examples(path).length > 0);
    t.regex(readme(path), /^## What it does not protect against$/m);
  });
}

test('every example compiles as it stands', async (t) => {
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (const path of packages) {
    for (const [index, code] of examples(path).entries()) {
      const file = `${path.replaceAll('/', '-')}-${index + 1}.ts`;
      await writeFile(join(folder, file), code);
      files.push(file);
    }
  }
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: '../../../tsconfig.base.json',
      compilerOptions: {
        noEmit: true,
        composite: false,
        incremental: false,
        lib: ['es2024', 'esnext.disposable', 'dom', 'dom.iterable'],
      },
      files,
    }),
  );
  const compiler = spawn(join(root, 'node_modules/.bin/tsc'), ['-p', folder, '--pretty', 'false']);
  let report = '';
  for (const stream of [compiler.stdout, compiler.stderr]) stream.on('data', (chunk) => (report += chunk));
  const [status] = await once(compiler, 'close');
  t.is(report, '');
  t.is(status, 0);
});

/** As NOTICE calls them. */
const NAMED = /^(MIT|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|Unlicense)$/;

test('what runs with Livelet is under the licences that NOTICE names', (t) => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { readonly license?: string; readonly dev?: boolean; readonly link?: boolean }>;
  };
  const others = Object.entries(packages)
    .filter(([path, { dev, link, license = '' }]) => {
      return path.includes('node_modules/') && !dev && !link && !NAMED.test(license);
    })
    .map(([path]) => path.replace(/^.*node_modules\//, ''))
    // libvips and what it is linked into, and mediabunny, as NOTICE says; x11, of the tests, has its licence in its README only.
    .filter((name) => !name.startsWith('@img/sharp-') && !['x11', 'mediabunny'].includes(name));
  t.deepEqual(others, []);
});
