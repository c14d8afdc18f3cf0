import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';

const plugin = fileURLToPath(new URL('../..', import.meta.url));
/** Each folder imports only from those before it; the modules of pages and `index.ts` are free to take all. */
const ORDER = [
  'src/picture',
  'src/x-display',
  'src/web-display',
  'src/change',
  'src/tiles',
  'src/pace',
  'src/video',
  'src/source',
  'src/viewer',
  'src/demo',
];
const files = globSync('{src,ui,test}/**/*.ts', { cwd: plugin });
const read = (path: string): string => readFileSync(join(plugin, path), 'utf8');

test('no folder of src needs one that needs it', (t) => {
  const folders = new Set(files.map(dirname).filter((folder) => folder.startsWith('src/')));
  t.deepEqual([...folders].sort(), ORDER.toSorted());
  for (const file of files.filter((path) => ORDER.includes(dirname(path)))) {
    for (const [, target = ''] of read(file).matchAll(/ from '(\.[^']+)'/g)) {
      const folder = relative(plugin, dirname(join(plugin, dirname(file), target)));
      t.true(ORDER.indexOf(folder) >= 0, `${file} imports ${target}`);
      t.true(ORDER.indexOf(folder) <= ORDER.indexOf(dirname(file)), `${file} imports ${target}`);
    }
  }
});

test('the pages name folders and files that there are', (t) => {
  const names = new Set(files.map((path) => basename(path)));
  const folders = new Set(files.map(dirname));
  const root = join(plugin, '../..');
  for (const page of ['plugins/capture/README.md', 'docs/screen.md', 'docs/web-capture.md']) {
    const text = readFileSync(join(root, page), 'utf8');
    const named = [...text.matchAll(/`([\w./-]+)`/g)].map(([, name = '']) => name);
    for (const name of named.filter((each) => /^(src|ui)\//.test(each))) {
      t.true(files.includes(name) || folders.has(name), `${page}: ${name}`);
    }
    for (const name of named.filter((each) => /^[\w-]+\.ts$/.test(each))) {
      const contract = globSync(`core/src/contracts/${name}`, { cwd: root });
      t.true(names.has(name) || contract.length > 0, `${page}: ${name}`);
    }
  }
});
