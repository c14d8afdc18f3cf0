import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import test from 'ava';
import { root } from '../fixtures/program.js';

type Import = readonly [file: string, specifier: string];

/** A diagnostic of Biome's reporter `json`. */
interface Diagnostic {
  readonly category: string;
  readonly location: { readonly path: string; readonly start: { readonly line: number } };
}

const statement = (specifier: string, at: number): string =>
  `import { thing as thing${at} } from '${specifier}';`;
const name = (file: string, specifier: string): string => `${file} ${specifier}`;

/** Lints all imports as if each stood in its file, in a tree of its own; the restricted ones. */
async function findRefused(imports: readonly Import[]): Promise<ReadonlySet<string>> {
  const tree = await mkdtemp(join(tmpdir(), 'livelet-layers-'));
  try {
    for (const config of ['biome.json', '.gitignore']) await cp(join(root, config), join(tree, config));
    const files = new Map<string, Import[]>();
    for (const each of imports) files.set(each[0], [...(files.get(each[0]) ?? []), each]);
    for (const [file, lines] of files) {
      await mkdir(join(tree, dirname(file)), { recursive: true });
      await writeFile(
        join(tree, file),
        lines.map(([, specifier], at) => statement(specifier, at)).join('\n'),
      );
    }
    const biome = spawn(
      join(root, 'node_modules/.bin/biome'),
      ['lint', '--reporter=json', '--max-diagnostics=none', '.'],
      { cwd: tree, stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const ended = once(biome, 'close');
    const { diagnostics } = JSON.parse(await text(biome.stdout)) as { diagnostics: readonly Diagnostic[] };
    await ended;
    return new Set(
      diagnostics
        .filter(({ category }) => category.endsWith('noRestrictedImports'))
        .map(({ location: { path, start } }) => name(path, files.get(path)?.[start.line - 1]?.[1] ?? '')),
    );
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}

const refused: readonly Import[] = [
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
const allowed: readonly Import[] = [
  ['core/src/transport/websocket.ts', 'node:tls'],
  ['plugins/chat/src/participant.ts', '@livelet/core'],
  ['hosts/operator/src/composition.ts', '@livelet/plugin-chat'],
  ['hosts/window/src/electron/shell.ts', 'electron'],
  ['core/program/src/files.ts', 'node:fs'],
  ['core/program/src/files.ts', '@livelet/core/wire'],
  ['relay/src/rendezvous/splice.ts', '@livelet/core/wire'],
  ['relay/console/main.ts', '@livelet/window/page'],
];
let found: ReadonlySet<string>;
test.before(async () => {
  found = await findRefused([...refused, ...allowed]);
});

for (const [file, specifier] of refused) {
  test(`${file} may not import ${specifier}`, (t) => {
    t.true(found.has(name(file, specifier)));
  });
}
for (const [file, specifier] of allowed) {
  test(`${file} may import ${specifier}`, (t) => {
    t.false(found.has(name(file, specifier)));
  });
}
