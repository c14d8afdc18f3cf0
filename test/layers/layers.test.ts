import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'ava';
import { root } from '../fixtures/program.js';

/** Lints `import` as if it stood in `file`, in a tree of its own; true when it is refused as a restricted import. */
async function isRefused(file: string, specifier: string): Promise<boolean> {
  const tree = await mkdtemp(join(tmpdir(), 'livelet-layers-'));
  try {
    for (const name of ['biome.json', '.gitignore']) await cp(join(root, name), join(tree, name));
    await mkdir(join(tree, dirname(file)), { recursive: true });
    await writeFile(join(tree, file), `import { thing } from '${specifier}';\n\nthing();\n`);
    const biome = spawn(join(root, 'node_modules/.bin/biome'), ['lint', file], { cwd: tree });
    let report = '';
    for (const stream of [biome.stdout, biome.stderr]) {
      stream.on('data', (chunk) => {
        report += chunk;
      });
    }
    const [status] = await once(biome, 'close');
    return status !== 0 && report.includes('noRestrictedImports');
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}

const refused: readonly (readonly [file: string, specifier: string])[] = [
  ['core/src/channel/rpc.ts', 'node:fs'],
  ['core/src/channel/rpc.ts', 'electron'],
  ['core/src/channel/rpc.ts', '@livelet/operator'],
  ['core/src/transport/websocket.ts', '@livelet/relay'],
  ['core/src/access/relay-api.ts', 'node:http'],
  ['core/src/sealed/envelope.ts', 'node:crypto'],
  ['core/program/src/files.ts', '@livelet/core'],
  ['core/program/src/files.ts', '@livelet/relay'],
  ['core/program/src/files.ts', '@livelet/window'],
  ['plugins/chat/src/participant.ts', '@livelet/plugin-capture'],
  ['plugins/chat/src/participant.ts', '@livelet/livelet'],
  ['plugins/chat/ui/chat-panel.ts', '@livelet/window/page'],
  ['hosts/window/src/browser/shell.ts', 'electron'],
  ['hosts/window/src/window.ts', '@livelet/plugin-chat'],
  ['hosts/operator/src/main.ts', '@livelet/plugin-chat'],
  ['hosts/operator/pages/main.ts', '@livelet/plugin-chat'],
  ['relay/src/rendezvous/splice.ts', '@livelet/core'],
  ['relay/src/rendezvous/splice.ts', '@livelet/operator'],
  ['relay/src/rendezvous/splice.ts', '@livelet/window/page'],
  ['relay/console/main.ts', '@livelet/window'],
  ['relay/console/main.ts', '@livelet/operator'],
  ['relay/console/main.ts', 'node:fs'],
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
  ['core/program/src/files.ts', 'node:fs'],
  ['core/program/src/files.ts', '@livelet/core/wire'],
  ['relay/src/rendezvous/splice.ts', '@livelet/core/wire'],
  ['relay/console/main.ts', '@livelet/window/page'],
];
for (const [file, specifier] of allowed) {
  test(`${file} may import ${specifier}`, async (t) => {
    t.false(await isRefused(file, specifier));
  });
}
