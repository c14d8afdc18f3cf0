import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import test from 'ava';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Lints `import` as if it stood in `file`; true when the lint refuses it as a restricted import. */
async function isRefused(file: string, specifier: string): Promise<boolean> {
  const biome = spawn('node_modules/.bin/biome', ['lint', `--stdin-file-path=${file}`], { cwd: root });
  let report = '';
  for (const stream of [biome.stdout, biome.stderr]) stream.on('data', (chunk) => (report += chunk));
  biome.stdin.end(`import { thing } from '${specifier}';\n\nthing();\n`);
  const [status] = await once(biome, 'close');
  return status !== 0 && report.includes('noRestrictedImports');
}

const refused: readonly (readonly [file: string, specifier: string])[] = [
  ['core/src/channel/rpc.ts', 'node:fs'],
  ['core/src/channel/rpc.ts', 'electron'],
  ['core/src/channel/rpc.ts', '@livelet/operator'],
  ['core/src/transport/websocket.ts', '@livelet/relay'],
  ['plugins/chat/src/participant.ts', '@livelet/plugin-capture'],
  ['plugins/chat/src/participant.ts', '@livelet/livelet'],
  ['plugins/chat/ui/chat-panel.ts', '@livelet/window/page'],
  ['hosts/window/src/browser/shell.ts', 'electron'],
  ['hosts/window/src/window.ts', '@livelet/plugin-chat'],
  ['hosts/operator/src/main.ts', '@livelet/plugin-chat'],
  ['hosts/operator/pages/main.ts', '@livelet/plugin-chat'],
  ['relay/src/splice.ts', '@livelet/core'],
  ['relay/src/splice.ts', '@livelet/operator'],
];
for (const [file, specifier] of refused) {
  test(`${file} may not import ${specifier}`, async (t) => {
    t.true(await isRefused(file, specifier));
  });
}

const allowed: readonly (readonly [file: string, specifier: string])[] = [
  ['core/src/transport/websocket.ts', 'node:tls'],
  ['plugins/chat/src/participant.ts', '@livelet/core'],
  ['hosts/operator/src/composition.ts', '@livelet/plugin-chat'],
  ['hosts/window/src/electron/shell.ts', 'electron'],
  ['relay/src/splice.ts', '@livelet/core/wire'],
];
for (const [file, specifier] of allowed) {
  test(`${file} may import ${specifier}`, async (t) => {
    t.false(await isRefused(file, specifier));
  });
}
