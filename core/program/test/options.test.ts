import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveletError } from '@livelet/core';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { parseCommandLine } from '../src/command-line.js';
import {
  choiceOption,
  listOption,
  numberOption,
  type OptionSpec,
  switchOption,
  textOption,
} from '../src/index.js';
import { type OptionSources, readOptions } from '../src/read-options.js';

const specs = {
  port: numberOption({ about: 'port', from: 0, to: 65_535, fallback: 7443 }),
  stateDir: textOption({ about: 'folder', fallback: undefined }),
  install: switchOption({ about: 'install' }),
  shell: choiceOption({ about: 'shell', values: ['browser', 'electron'], fallback: 'browser' }),
  proxies: listOption({ about: 'proxies' }),
};

async function configFile(t: ExecutionContext, content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'livelet-options-test-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const file = join(folder, 'config.json');
  await writeFile(file, content);
  return file;
}

const none: OptionSources = {
  flags: {},
  environment: {},
  prefix: 'LIVELET_X',
  defaultConfig: '/nonexistent',
};

test('a flag wins over the environment, that over the config file, that over the default', async (t) => {
  const config = await configFile(t, '{"port": 3, "stateDir": "from-file", "install": true}');
  const environment = { LIVELET_X_PORT: '2', LIVELET_X_CONFIG: config };
  const flags = { port: '1' };
  t.is((await readOptions(specs, { ...none, flags, environment })).port, 1);
  t.is((await readOptions(specs, { ...none, environment })).port, 2);
  t.is((await readOptions(specs, { ...none, flags: { config } })).port, 3);
  t.is((await readOptions(specs, { ...none, defaultConfig: config })).port, 3);
  t.deepEqual(await readOptions(specs, none), {
    port: 7443,
    stateDir: undefined,
    install: false,
    shell: 'browser',
    proxies: [],
  });
  const mixed = await readOptions(specs, { ...none, flags: { port: '1' }, environment });
  t.like(mixed, { port: 1, stateDir: 'from-file', install: true });
});

test('an empty variable counts as unset', async (t) => {
  const values = await readOptions(specs, { ...none, environment: { LIVELET_X_PORT: '' } });
  t.is(values.port, 7443);
});

test('what is wrong is named with its source', async (t) => {
  const config = await configFile(t, '{"port": "80a"}');
  const unknown = await configFile(t, '{"prot": 80}');
  const cases: [Partial<OptionSources>, object][] = [
    [{ flags: { port: '-1' } }, { option: 'port', source: '--port', value: '-1' }],
    [{ flags: { stateDir: '' } }, { option: 'stateDir', source: '--state-dir' }],
    [
      { environment: { LIVELET_X_SHELL: 'qt' } },
      { source: 'LIVELET_X_SHELL', allowed: 'one of: browser, electron' },
    ],
    [{ defaultConfig: config }, { option: 'port', source: config, value: '80a' }],
    [{ defaultConfig: unknown }, { option: 'prot', source: unknown }],
  ];
  for (const [sources, data] of cases) {
    const error = await t.throwsAsync(readOptions(specs, { ...none, ...sources }), {
      instanceOf: LiveletError,
    });
    t.regex(error?.code ?? '', /^option-/);
    t.like(error?.data, data as Record<string, string>);
  }
});

test('a config file must be a JSON object, and exist when it is named', async (t) => {
  for (const content of ['', '{', '[]', 'null', '5', '"text"', ' '.repeat(70_000)]) {
    const defaultConfig = await configFile(t, content);
    const error = await t.throwsAsync(readOptions(specs, { ...none, defaultConfig }));
    t.like(error, { code: 'config-unreadable', data: { file: defaultConfig } });
  }
  const error = await t.throwsAsync(readOptions(specs, { ...none, flags: { config: '/nonexistent' } }));
  t.like(error, { code: 'config-unreadable', data: { problem: 'ENOENT' } });
});

const accepted: [OptionSpec<unknown>, unknown, unknown][] = [
  [specs.port, '0', 0],
  [specs.port, 65_535, 65_535],
  [specs.port, '65536', undefined],
  [specs.port, '1.5', undefined],
  [specs.port, '1e3', undefined],
  [specs.port, Number.NaN, undefined],
  [numberOption({ about: '', from: 0, to: 1, fraction: true, fallback: 1 }), '0.8', 0.8],
  [specs.install, true, true],
  [specs.install, 'false', false],
  [specs.install, 'yes', undefined],
  [specs.shell, 'electron', 'electron'],
  [specs.proxies, 'a, b', ['a', 'b']],
  [specs.proxies, ['a'], ['a']],
  [specs.proxies, 'a,,b', undefined],
  [specs.proxies, [1], undefined],
  [specs.proxies, Array(101).fill('a'), undefined],
  [specs.stateDir, 'x'.repeat(1001), undefined],
  [textOption({ about: '', pattern: /^[a-z]+$/, fallback: undefined }), 'A', undefined],
];
for (const [index, [spec, value, expected]] of accepted.entries()) {
  test(`value ${index}: ${JSON.stringify(value)?.slice(0, 30)} reads as ${JSON.stringify(expected)}`, (t) => {
    t.deepEqual(spec.read(value), expected);
  });
}

test('any JSON value reads as an allowed value or none, and never throws', (t) => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const port = specs.port.read(value);
      const list = specs.proxies.read(value);
      t.true(port === undefined || (Number.isInteger(port) && port >= 0 && port <= 65_535));
      t.true(list === undefined || list.every((entry) => typeof entry === 'string'));
    }),
  );
});

const definition = {
  name: 'livelet-x',
  version: '1.2.3',
  about: 'Tests options.',
  options: specs,
  prefix: 'LIVELET_X',
  defaultConfig: '/config.json',
};

test('flags are read, --help and --version are texts', (t) => {
  t.deepEqual(parseCommandLine(definition, ['--port', '1', '--install', '--state-dir=/a']), {
    flags: { port: '1', install: true, stateDir: '/a' },
  });
  t.deepEqual(parseCommandLine(definition, ['--version']), { print: '1.2.3\n' });
  const help = parseCommandLine(definition, ['--help']);
  t.true(
    'print' in help && help.print.includes('--state-dir <text>') && help.print.includes('LIVELET_X_PORT'),
  );
});

test('what commander refuses has our codes', (t) => {
  const cases: [string[], string, string][] = [
    [['--prot', '1'], 'option-unknown', '--prot'],
    [['-p', '1'], 'option-unknown', '-p'],
    [['--port'], 'option-invalid', '--port'],
    [['stray'], 'option-unknown', 'stray'],
  ];
  for (const [args, code, option] of cases) {
    t.like(
      t.throws(() => parseCommandLine(definition, args)),
      { code, data: { option } },
    );
  }
});
