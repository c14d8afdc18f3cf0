// Builds what changed: TypeScript to dist/, then the pages and plugin panels into dist/site/ for the browser.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const typescript = spawnSync(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '-b', ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
if (typescript.status !== 0) process.exit(typescript.status ?? 1);

/** A page is `index.html` beside `main.ts`; a panel is what a manifest's `ui` names. */
const pages = globSync('hosts/*/pages/index.html', { cwd: root }).map((html) => {
  const host = join(root, dirname(html), '..');
  return { source: join(host, 'pages'), compiled: join(host, 'dist/pages'), site: join(host, 'dist/site') };
});
const relay = join(root, 'relay');
pages.push({
  source: join(relay, 'console'),
  compiled: join(relay, 'dist/console-page'),
  site: join(relay, 'dist/console'),
});
for (const { source, compiled, site } of pages) {
  mkdirSync(site, { recursive: true });
  cpSync(join(source, 'index.html'), join(site, 'index.html'));
  await bundle(join(compiled, 'main.js'), join(site, 'main.js'));
}
cpSync(join(relay, 'console/icon.svg'), join(relay, 'dist/console/icon.svg'));
for (const file of globSync('plugins/*/{,*-}manifest.json', { cwd: root })) {
  const plugin = join(root, dirname(file));
  const manifest = JSON.parse(readFileSync(join(root, file), 'utf8'));
  const modules = Object.values(manifest.roles).flatMap((role) => (role.ui ?? []).map((part) => part.module));
  // Beside what a manifest names: what its pieces start in threads of their own.
  for (const thread of globSync('dist/ui/*-{worker,worklet}.js', { cwd: plugin })) {
    modules.push(thread.replace('dist/ui/', 'dist/site/'));
  }
  for (const module of new Set(modules)) {
    await bundle(join(plugin, module.replace('dist/site/', 'dist/ui/')), join(plugin, module));
  }
}

async function bundle(entry, outfile) {
  if (!existsSync(entry)) throw new Error(`nothing to bundle at ${entry}`);
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    target: 'chrome120',
    minify: true,
    sourcemap: true,
    legalComments: 'linked',
    loader: { '.svg': 'text', '.css': 'css' },
    logLevel: 'warning',
  });
}
