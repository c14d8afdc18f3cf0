import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { ExitCode } from '@livelet/program';
import test, { type ExecutionContext } from 'ava';
import { DEADLINE, testFolder, testRelay } from './fixture.js';

const PROGRAM = fileURLToPath(new URL('../../bin/livelet-operator.js', import.meta.url));

interface Ended {
  readonly status: number | null;
  readonly output: string;
  readonly complaint: string;
}

/** Runs the program to its end, in a home of its own. */
async function run(t: ExecutionContext, args: readonly string[], environment = {}): Promise<Ended> {
  const home = await testFolder(t);
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { PATH: process.env.PATH, HOME: home, LANG: 'en_GB.UTF-8', ...environment },
    signal: AbortSignal.timeout(DEADLINE),
  });
  const [output, complaint, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { status, output, complaint };
}

test('--help says what there is', async (t) => {
  const { status, output } = await run(t, ['--help']);
  t.is(status, ExitCode.ok);
  for (const option of [
    'deployment',
    'enrolment-token-file',
    'name',
    'shell',
    'no-open',
    'state-dir',
    'locale',
  ]) {
    t.true(output.includes(`--${option}`), option);
  }
});

test('a wrong option, variable or config key is refused by its name', async (t) => {
  const unknown = await run(t, ['--colour', 'red']);
  t.is(unknown.status, ExitCode.usage);
  t.regex(unknown.complaint, /--colour/);

  const shell = await run(t, [], { LIVELET_OPERATOR_SHELL: 'netscape' });
  t.is(shell.status, ExitCode.usage);
  t.regex(shell.complaint, /netscape[\s\S]*browser, electron/);

  const config = join(await testFolder(t), 'config.json');
  await writeFile(config, '{"deploiment":"x"}');
  const key = await run(t, ['--config', config]);
  t.is(key.status, ExitCode.usage);
  t.regex(key.complaint, /deploiment/);
});

test('a missing or wrong deployment file', async (t) => {
  const missing = await run(t, ['--deployment', '/nowhere/deployment.json']);
  t.is(missing.status, ExitCode.usage);
  t.regex(missing.complaint, /\/nowhere\/deployment\.json/);

  const file = join(await testFolder(t), 'deployment.json');
  await writeFile(file, '{"relayUrl":"wss://relay.example","pinns":[]}');
  const wrong = await run(t, ['--deployment', file], { LANG: 'it_IT.UTF-8' });
  t.is(wrong.status, ExitCode.usage);
  t.regex(wrong.complaint, /file di distribuzione.*pinns/);
});

test('a token file that is open to others, or empty', async (t) => {
  const { deploymentFile } = await testRelay(t);
  const folder = await testFolder(t);
  const withToken = (file: string): Promise<Ended> =>
    run(t, ['--deployment', deploymentFile, '--enrolment-token-file', file]);

  const open = join(folder, 'open');
  await writeFile(open, 'x'.repeat(43), { mode: 0o644 });
  t.is((await withToken(open)).status, ExitCode.keyFile);
  const empty = join(folder, 'empty');
  await writeFile(empty, '\n', { mode: 0o600 });
  t.is((await withToken(empty)).status, ExitCode.keyFile);
});

test('the Electron shell without Electron', async (t) => {
  const { status, complaint } = await run(t, ['--shell', 'electron']);
  t.is(status, ExitCode.window);
  t.regex(complaint, /Electron/);
});

test('no display for its window', async (t) => {
  const { deploymentFile } = await testRelay(t);
  const { status, complaint } = await run(t, ['--deployment', deploymentFile]);
  t.is(status, ExitCode.window);
  t.regex(complaint, /can’t open its own window\. Set DISPLAY .* --no-open /);
});

test('it prints the address of its page, and ends in good order when told to', async (t) => {
  const { deploymentFile } = await testRelay(t);
  const home = await testFolder(t);
  // A token that was used is gone.
  const files = ['--deployment', deploymentFile, '--enrolment-token-file', join(home, 'none')];
  const child = spawn(process.execPath, [PROGRAM, ...files, '--no-open'], {
    env: { PATH: process.env.PATH, HOME: home },
    signal: AbortSignal.timeout(DEADLINE),
  });
  const complaint = text(child.stderr);
  child.stdout.setEncoding('utf8');
  const [line] = await Promise.race([once(child.stdout, 'data'), complaint.then((said) => [said])]);
  t.regex(line, /^http:\/\/127\.0\.0\.1:\d+\/\S*#\S+\n$/);
  child.kill('SIGTERM');
  const [status] = await once(child, 'exit');
  t.is(status, ExitCode.ok, await complaint);
});
