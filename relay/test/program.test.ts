import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Allocation, allocateNameplate, type LiveletError, parseDeployment } from '@livelet/core';
import { enrolledOperator } from '@livelet/core/test-support';
import test, { type ExecutionContext } from 'ava';
import { temporaryFolder } from './relay-fixture.js';

const BIN = fileURLToPath(new URL('../../bin/livelet-relay.js', import.meta.url));

interface Finished {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

interface Program {
  readonly child: ChildProcess;
  /** Resolves at the first line on standard output that contains `text`. */
  line(text: string): Promise<void>;
  readonly finished: Promise<Finished>;
}

function relayProgram(t: ExecutionContext, args: readonly string[], env: NodeJS.ProcessEnv = {}): Program {
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  let output = '';
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  return {
    child,
    line: async (text) => {
      while (!output.includes(text))
        await once(child.stdout, 'data', { signal: AbortSignal.timeout(20_000) });
    },
    finished: once(child, 'close').then(([code]) => ({ code, output, errors })),
  };
}

async function runningRelay(t: ExecutionContext): Promise<Program & { stateDir: string; port: string }> {
  const stateDir = await temporaryFolder(t);
  const program = relayProgram(t, ['--host', '127.0.0.1', '--port', '0', '--state-dir', stateDir]);
  await program.line('first administrator:');
  const deployment = parseDeployment(await readFile(join(stateDir, 'deployment.json'), 'utf8'));
  return { ...program, stateDir, port: new URL(deployment.relayUrl).port };
}

test('--help names every option, the precedence and the exit codes', async (t) => {
  const { code, output, errors } = await relayProgram(t, ['--help']).finished;
  t.is(code, 0);
  t.is(errors, '');
  for (const text of [
    '--port <number>',
    '[7443]',
    '--state-dir',
    'LIVELET_RELAY_PORT',
    '--idle-ms',
    'Exit status',
  ]) {
    t.true(output.includes(text), text);
  }
});

test('bad options are named, with their source and what is allowed', async (t) => {
  const folder = await temporaryFolder(t);
  const config = join(folder, 'relay.json');
  await writeFile(config, '{"prot": 7443}');
  const cases: [args: string[], env: NodeJS.ProcessEnv, expected: RegExp][] = [
    [['--port', '99999'], {}, /port can’t be “99999” \(from --port\).*from 0 to 65535/s],
    [[], { LIVELET_RELAY_PORT: 'x' }, /port can’t be “x” \(from LIVELET_RELAY_PORT\)/],
    [['--prot', '1'], {}, /no option --prot \(from the command line\)/],
    [['--config', config], {}, /no option prot \(from .*relay\.json\)/],
    [['--config', join(folder, 'none.json')], {}, /none\.json can’t be read: it isn’t there/],
    [['--port', '99999'], { LANG: 'it_IT.UTF-8' }, /L’opzione port non può essere “99999”/],
  ];
  for (const [args, env, expected] of cases) {
    const { code, output, errors } = await relayProgram(t, args, env).finished;
    t.is(code, 2, errors);
    t.is(output, '');
    t.regex(errors, expected);
  }
});

test('a port in use is said, with its own exit code', async (t) => {
  const { port } = await runningRelay(t);
  const stateDir = await temporaryFolder(t);
  const second = relayProgram(t, ['--host', '127.0.0.1', '--port', port, '--state-dir', stateDir]);
  const { code, errors } = await second.finished;
  t.is(code, 4);
  t.true(errors.startsWith(`Port ${port} is in use by another program.`), errors);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} says goodbye and leaves nothing`, async (t) => {
    const { child, stateDir, finished } = await runningRelay(t);
    const deployment = parseDeployment(await readFile(join(stateDir, 'deployment.json'), 'utf8'));
    const { api } = await enrolledOperator({
      deployment,
      firstAdminFile: join(stateDir, 'first-admin.token'),
    });
    const allocate = (): Promise<Allocation> =>
      api.authorized((authorization) => allocateNameplate({ deployment, authorization }));
    const { joined } = await allocate();
    child.kill(signal);
    const error = await t.throwsAsync(joined);
    t.is((error as LiveletError).data.closeCode, 4013);
    const { code, errors } = await finished;
    t.is(code, 0, errors);
    const events = errors
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).event);
    t.deepEqual(events, ['started', 'draining', 'stopped']);
    const files = (await readdir(stateDir)).sort();
    t.deepEqual(files, ['certificate.key', 'certificate.pem', 'deployment.json', 'store']);
    const kept = (await readdir(join(stateDir, 'store'))).sort();
    t.deepEqual(kept, ['connections.db', 'lock', 'relay.db']);
    await t.throwsAsync(readlink(`/proc/${child.pid}/exe`), { code: 'ENOENT' });
    const refused = await t.throwsAsync(allocate());
    t.is((refused as LiveletError).code, 'relay-unreachable');
  });
}

test('settings come from a config file', async (t) => {
  const stateDir = await temporaryFolder(t);
  const config = join(stateDir, 'relay.json');
  await writeFile(
    config,
    JSON.stringify({ host: '127.0.0.1', port: 0, codeLifetimeMs: 12_345, region: 'EU' }),
  );
  const program = relayProgram(t, ['--state-dir', stateDir], { LIVELET_RELAY_CONFIG: config });
  await program.line('first administrator:');
  const deployment = parseDeployment(await readFile(join(stateDir, 'deployment.json'), 'utf8'));
  t.is(deployment.region, 'EU');
  const { api } = await enrolledOperator({ deployment, firstAdminFile: join(stateDir, 'first-admin.token') });
  const before = Date.now();
  const { expiresAt } = await api.authorized((authorization) =>
    allocateNameplate({ deployment, authorization }),
  );
  t.true(expiresAt - before >= 12_345 && expiresAt - Date.now() <= 12_345);
});
