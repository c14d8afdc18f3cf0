import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { createIdentity, relayApi, systemRandom } from '@livelet/core';
import test, { type ExecutionContext } from 'ava';
import { startRelay } from '../../src/index.js';
import { temporaryFolder } from '../relay-fixture.js';

const PROGRAM = fileURLToPath(new URL('../../../bin/livelet-relay.js', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** A relay that nobody is enrolled at, and a terminal beside it. */
async function desk(t: ExecutionContext): Promise<{
  readonly relay: Awaited<ReturnType<typeof startRelay>>;
  readonly folder: string;
  readonly key: string;
  admin(words: string, options?: readonly string[], environment?: object): Promise<Ended>;
}> {
  const folder = await temporaryFolder(t);
  const settings = { socketsPerMinute: 1000 };
  const relay = await startRelay({ host: '127.0.0.1', port: 0, stateDir: join(folder, 'relay'), settings });
  t.teardown(() => relay.close());
  const key = join(folder, 'admin.key');
  const admin = async (words: string, options: readonly string[] = [], environment = {}): Promise<Ended> => {
    const access = ['--deployment', relay.deploymentFile, '--identity', key];
    const args = ['admin', ...words.split(' '), ...access, ...options];
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      env: { PATH: process.env.PATH, HOME: folder, LANG: 'en_GB.UTF-8', ...environment },
      signal: AbortSignal.timeout(60_000),
    });
    const ended = once(child, 'close');
    const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { code, output, errors };
  };
  return { relay, folder, key, admin };
}

test('from the first administrator to the audit log', async (t) => {
  const { relay, folder, key, admin } = await desk(t);
  const firstToken = join(folder, 'first.token');
  await writeFile(firstToken, await readFile(relay.firstAdminFile), { mode: 0o600 });

  const early = await admin('operators');
  t.deepEqual([early.code, early.output], [7, ''], early.errors);
  const enrolled = await admin('enrol', ['--token-file', firstToken, '--name', 'Anna']);
  t.deepEqual(enrolled, { code: 0, output: `enrolled: Anna, admin\nkey: ${key}\n`, errors: '' });
  t.is((await stat(key)).mode & 0o777, 0o600);
  const again = await admin('enrol', ['--token-file', firstToken], { LANG: 'it_IT.UTF-8' });
  t.is(again.code, 1);
  t.regex(again.errors, /^Il token di registrazione è sconosciuto, già usato o scaduto\. /);

  const invited = await admin('invite', ['--name', 'Maria Rossi']);
  t.regex(invited.output, /^[\w-]{43}\n$/);
  t.is(invited.errors, 'Give it to Maria Rossi only. It is good once, for 7 days.\n');
  const file = join(folder, 'luca.token');
  t.is((await admin('invite', ['--name', 'Luca', '--out', file])).output, '');
  t.is((await stat(file)).mode & 0o777, 0o600);
  t.regex(await readFile(file, 'utf8'), /^[\w-]{43}\n$/);
  const [luca = ''] = (await admin('invitations')).output.split(' ', 1);
  t.is((await admin('cancel', ['--invitation', luca])).code, 0);
  t.regex((await admin('invitations')).output, /^[0-9a-f]{12} {2}operator {2}\S+Z {2}Maria Rossi\n$/);

  const { deployment } = relay;
  const maria = relayApi({ deployment, identity: createIdentity(systemRandom) });
  await maria.call('POST', '/enrol', { token: invited.output.trim() });
  await maria.call('GET', '/me');
  const lines = (await admin('operators')).output.trimEnd().split('\n');
  t.is(lines.length, 2);
  t.regex(lines[1] ?? '', /^[0-9a-f]{12} {2}operator {2}\S+Z {2}([0-9a-f]{4} ){8} Maria Rossi$/);

  t.is((await admin('role', ['--operator', 'Maria Rossi', '--role', 'admin'])).code, 0);
  t.like(await maria.call('GET', '/me'), { role: 'admin' });
  t.is((await admin('organisation', ['--name', 'Bianchi srl'])).code, 0);
  t.is((await admin('revoke', ['--operator', 'Maria Rossi'])).code, 0);
  await t.throwsAsync(maria.call('GET', '/me'), { code: 'operator-revoked' });
  t.regex((await admin('operators', [], { LANG: 'it_IT.UTF-8' })).output, /revocato \S+Z/);

  const noReason = await admin('log');
  t.is(noReason.code, 2);
  t.regex(noReason.errors, /--reason/);
  t.is((await admin('log', ['--reason', 'a test'])).code, 0);
  const head = await admin('audit-verify');
  t.regex(head.output, /^10:[0-9a-f]{64}\n$/);
  t.is((await admin('audit-verify', ['--noted', head.output.trim()])).code, 0);
  const other = await admin('audit-verify', ['--noted', `11:${'0'.repeat(64)}`]);
  t.is(other.code, 1);
  t.regex(other.errors, /^The audit log is not the one that was written, from entry 11 on\./);
  t.is((await admin('invitations')).output, '');
  const audit = (await admin('audit')).output.trimEnd().split('\n');
  t.like(JSON.parse(audit[0] ?? ''), { action: 'connection-log.read', details: { reason: 'a test' } });
  t.is(audit.length, 10);

  t.is(
    (await admin('history')).output,
    'session,operator,operator_name,started,ended,duration_seconds,note\r\n',
  );
  t.deepEqual(JSON.parse((await admin('history', ['--format', 'json'])).output), { sessions: [] });
  const { host } = new URL(relay.url);
  const page = (await admin('console')).output;
  t.true(page.startsWith(`https://${host}/admin/#`), page);
});

test('what an administrator gets wrong is said, with an exit code', async (t) => {
  const { relay, key, admin } = await desk(t);
  await admin('enrol', ['--token-file', relay.firstAdminFile]);
  const unknown = await admin('revoke', ['--operator', 'nobody']);
  t.is(unknown.code, 1);
  t.regex(unknown.errors, /^The relay knows no such entry\./);
  const last = await admin('revoke', ['--operator', 'Administrator']);
  t.regex(last.errors, /^There would be no administrator left\./);
  t.is((await admin('invite')).code, 2);
  t.is((await admin('revoke', ['--operator', 'x', '--role', 'admin'])).code, 2);
  await chmod(key, 0o644);
  t.is((await admin('operators')).code, 7);
  await relay.close();
  await chmod(key, 0o600);
  t.is((await admin('operators')).code, 3);
});

test('a lost key: the rights are taken away while the relay is stopped, and it takes a first administrator again', async (t) => {
  const { relay, folder, key, admin } = await desk(t);
  await admin('enrol', ['--token-file', relay.firstAdminFile]);
  const stateDir = join(folder, 'relay');
  const reset = async (): Promise<Ended> => {
    const child = spawn(process.execPath, [PROGRAM, 'admin', 'reset', '--state-dir', stateDir], {
      env: { PATH: process.env.PATH, HOME: folder, LANG: 'en_GB.UTF-8' },
      signal: AbortSignal.timeout(60_000),
    });
    const ended = once(child, 'close');
    const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { code, output, errors };
  };
  t.not((await reset()).code, 0, 'the relay runs');
  await admin('invite', ['--name', 'Thief', '--role', 'admin', '--out', join(folder, 'thief.token')]);
  await relay.close();
  const done = await reset();
  t.is(done.code, 0, done.errors);
  await rm(key);
  const port = Number(new URL(relay.url).port);
  const again = await startRelay({ host: '127.0.0.1', port, stateDir });
  t.teardown(() => again.close());
  t.is((await admin('enrol', ['--token-file', again.firstAdminFile])).code, 0);
  t.is((await admin('invitations')).output, '');
  const audit = (await admin('audit')).output.trimEnd().split('\n');
  t.like(JSON.parse(audit[2] ?? ''), {
    actor: 'relay',
    action: 'admins.reset',
    details: { revoked: 1, invitations: 1 },
  });
});
