import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import test from 'ava';
import { root } from '../fixtures/program.js';

const HOST = 'plugins/recording/src/recording.ts';
const PAGE = 'plugins/recording/ui/stage-recorder.ts';
const CONSENT = ['plugins/recording/src/recording-permission.ts', 'plugins/recording/src/recorded-person.ts'];

const imported = (name: string, from: string): string => `import { ${name} } from '${from}'; ${name}();`;

/** Code that would let a recording leave the computer, and where it is refused. */
const REFUSED: readonly (readonly [file: string, code: string])[] = [
  ...[HOST, PAGE, ...CONSENT].flatMap((file) =>
    [
      ...['node:net', 'node:tls', 'node:https', 'node:http2', 'node:dgram', 'node:child_process', 'ws'],
      ...['@livelet/relay', '@livelet/core/wire', '@livelet/plugin-file-transfer', '@livelet/window/page'],
    ].map((from) => [file, imported('thing', from)] as const),
  ),
  ...['PluginChannel', 'messageStream', 'dialTls', 'relayApi', 'connectSession'].map(
    (name) => [HOST, imported(name, '@livelet/core')] as const,
  ),
  [PAGE, imported('encodeViewerMessage', '@livelet/core/page')],
  ...['UrlSource', 'BufferTarget'].map((name) => [HOST, imported(name, 'mediabunny')] as const),
  ...['fetch', 'WebSocket', 'XMLHttpRequest', 'RTCPeerConnection', 'navigator'].flatMap((name) =>
    [HOST, PAGE, ...CONSENT].map((file) => [file, `export const used = ${name};`] as const),
  ),
];

/** What it is made of. */
const ALLOWED: readonly (readonly [file: string, code: string])[] = [
  [HOST, imported('open', 'node:fs/promises')],
  [HOST, imported('recordedNote', '@livelet/core')],
  [HOST, imported('Output', 'mediabunny')],
  [HOST, imported('Timeline', './timeline.js')],
  [PAGE, imported('run', '../src/page-protocol.js')],
  ...CONSENT.map((file) => [file, imported('PluginChannel', '@livelet/core')] as const),
];

interface Diagnostic {
  readonly category: string;
  readonly location: { readonly path: string; readonly start: { readonly line: number } };
}

/** Lints all of the code, each line in its file, in a tree of its own. @returns what is refused */
async function refusedOf(
  planted: readonly (readonly [file: string, code: string])[],
): Promise<readonly (readonly [file: string, code: string])[]> {
  const tree = await mkdtemp(join(tmpdir(), 'livelet-layers-'));
  try {
    for (const config of ['biome.json', '.gitignore']) await cp(join(root, config), join(tree, config));
    for (const file of new Set(planted.map(([path]) => path))) {
      const lines = planted.filter(([path]) => path === file).map(([, code]) => code);
      await mkdir(join(tree, dirname(file)), { recursive: true });
      await writeFile(join(tree, file), `${lines.join('\n')}\n`);
    }
    const refused = new Set(
      (await lint(tree)).map(({ location: { path, start } }) => `${path} ${start.line}`),
    );
    return planted.filter((wanted) => {
      const [file] = wanted;
      const line = planted.filter(([path]) => path === file).indexOf(wanted) + 1;
      return refused.has(`${file} ${line}`);
    });
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}

async function lint(tree: string): Promise<readonly Diagnostic[]> {
  const words = ['lint', '--reporter=json', '--max-diagnostics=none', '.'];
  const biome = spawn(join(root, 'node_modules/.bin/biome'), words, {
    cwd: tree,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(biome, 'close');
  const { diagnostics } = JSON.parse(await text(biome.stdout)) as { diagnostics: readonly Diagnostic[] };
  await ended;
  return diagnostics.filter(({ category }) => /noRestricted(Imports|Globals)$/.test(category));
}

test('nothing in the plugin of recordings can send one anywhere', async (t) => {
  t.deepEqual(await refusedOf(REFUSED), REFUSED);
});

test('it has what it is made of', async (t) => {
  t.deepEqual(await refusedOf(ALLOWED), []);
});
