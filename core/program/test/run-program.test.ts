import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';

const PROGRAM = fileURLToPath(new URL('program-fixture.js', import.meta.url));

function run(
  t: ExecutionContext,
  args: string[],
  env: NodeJS.ProcessEnv = {},
): ChildProcess & { text: string } {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', ...env },
  });
  t.teardown(() => child.kill('SIGKILL'));
  const made = Object.assign(child, { text: '' });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      made.text += chunk;
    });
  }
  return made;
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  const [code] = await once(child, 'close', { signal: AbortSignal.timeout(30_000) });
  return code;
}

test('main gets its options and its end is the program’s', async (t) => {
  const child = run(t, ['--what', 'options'], { LIVELET_FIXTURE_NUMBER: '7' });
  t.is(await exitOf(child), 0);
  t.is(child.text, 'number 7 en\n');
});

test('a typed error is two sentences and an exit code', async (t) => {
  const child = run(t, ['--what', 'port'], { LANG: 'it_IT.UTF-8' });
  t.is(await exitOf(child), 4);
  t.is(
    child.text,
    'La porta 80 è usata da un altro programma. Ferma quel programma o scegli un’altra porta con --port.\n',
  );
});

test('a mistake of ours shows where it is', async (t) => {
  const child = run(t, ['--what', 'mistake']);
  t.is(await exitOf(child), 1);
  t.regex(child.text, /^The program stopped: internal\..*\n.*TypeError|LiveletError: .*\n +at /s);
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} aborts and the program ends in good order`, async (t) => {
    const child = run(t, ['--what', 'wait']);
    while (!child.text.includes('waiting')) await once(child.stdout ?? child, 'data');
    child.kill(signal);
    t.is(await exitOf(child), 0);
    t.is(child.text, 'waiting\nstopped\n');
  });
}

test('two different signals at once are one wish to end', async (t) => {
  const child = run(t, ['--what', 'wait']);
  while (!child.text.includes('waiting')) await once(child.stdout ?? child, 'data');
  child.kill('SIGINT');
  child.kill('SIGTERM');
  t.is(await exitOf(child), 0);
  t.is(child.text, 'waiting\nstopped\n');
});

test('a second signal ends a program that does not stop', async (t) => {
  const child = run(t, ['--what', 'hang']);
  while (!child.text.includes('hanging')) await once(child.stdout ?? child, 'data');
  child.kill('SIGINT');
  while (!child.text.includes('asked')) await once(child.stdout ?? child, 'data');
  child.kill('SIGINT');
  t.is(await exitOf(child), 1);
});

test('a handle left open does not keep the process', async (t) => {
  const child = run(t, ['--what', 'linger']);
  t.is(await exitOf(child), 0);
});

const COMMANDS: readonly [string[], number, RegExp][] = [
  [['count'], 0, /^counted to 3\n$/],
  [['count', '--up-to', '5'], 0, /^counted to 5\n$/],
  [['pet', 'feed', '--pet', 'dog'], 0, /^dog en\n$/],
  [['pet'], 0, /^ {2}pet feed {2}Feeds a pet\.\n$/],
  [['pet', '--help'], 0, /^ {2}pet feed {2}Feeds a pet\.\n$/],
  [['count', '--help'], 0, /^Usage: livelet-fixture count \[options\]\n\nCounts\.\n.*--up-to <number>/s],
  [['--help'], 0, /Commands \(each has --help\):\n {2}count {5}Counts\.\n {2}pet feed {2}Feeds a pet\.\n/],
  [['pet', 'wash'], 2, /^There is no command pet wash\. There are: count, pet feed\./],
  [['dance'], 2, /^There is no command dance\. There are: count, pet feed\./],
  [['count', '--number', '2'], 2, /^There is no option --number /],
  [['count', 'more'], 2, /^There is no option more /],
];
for (const [args, code, text] of COMMANDS) {
  test(`the command line: ${args.join(' ')}`, async (t) => {
    const child = run(t, args);
    t.is(await exitOf(child), code);
    t.regex(child.text, text);
  });
}

test('a command takes its options from the program’s variables and config file, which may name all options', async (t) => {
  const file = join(await mkdtemp(join(tmpdir(), 'livelet-program-test-')), 'config.json');
  t.teardown(() => rm(dirname(file), { recursive: true, force: true }));
  await writeFile(file, '{"number":2,"upTo":4,"pet":"fish"}');
  const child = run(t, ['pet', 'feed'], { LIVELET_FIXTURE_CONFIG: file });
  t.is(await exitOf(child), 0);
  t.is(child.text, 'fish en\n');
  const other = run(t, ['count'], { LIVELET_FIXTURE_CONFIG: file, LIVELET_FIXTURE_UP_TO: '9' });
  t.is(await exitOf(other), 0);
  t.is(other.text, 'counted to 9\n');
});
