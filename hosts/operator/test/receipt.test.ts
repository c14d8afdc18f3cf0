import { execFile } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createIdentity, receiptAccount, type SignedReceipt, signReceipt, systemRandom } from '@livelet/core';
import { createBrowserShell } from '@livelet/window';
import test from 'ava';
import { runOperator } from '../src/operator.js';
import { joinAsCustomer, reached, testFolder, testRelay } from './fixture.js';

const PROGRAM = fileURLToPath(new URL('../../bin/livelet-receipt.js', import.meta.url));

interface Ran {
  readonly status: number;
  readonly out: string;
}

async function receipt(...words: readonly string[]): Promise<Ran> {
  const env = { PATH: process.env.PATH, HOME: '/nonexistent', LANG: 'C' };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, ...words], { env });
    return { status: 0, out: stdout };
  } catch (error) {
    const { code, stdout } = error as { readonly code: number; readonly stdout: string };
    return { status: code, out: stdout };
  }
}

test.serial('what the operator saw is kept, signed; the two ends’ receipts are compared', async (t) => {
  const relay = await testRelay(t);
  const stateDir = await testFolder(t);
  await using shell = createBrowserShell({ open: false });
  const operator = await runOperator({
    deployment: relay.deployment,
    identity: relay.identity,
    name: 'Maria Rossi',
    stateDir,
    shell,
  });
  t.teardown(() => operator[Symbol.asyncDispose]());
  operator.console.newCode();
  const { code } = await reached(operator.console, 'waiting');
  const identity = createIdentity(systemRandom);
  const customer = await joinAsCustomer(t, relay, code, { identity, name: 'Anna Bianchi' });
  await reached(operator.console, 'session');
  customer.ownGrants.grant('view');
  await reached(operator.console, 'session', ({ grants }) => grants.some(({ state }) => state === 'granted'));
  operator.console.end();
  await customer.ended;
  await reached(operator.console, 'ended');
  const theirs = signReceipt(receiptAccount(customer, identity, 'Anna Bianchi'), identity);
  await operator[Symbol.asyncDispose]();

  const folder = join(stateDir, 'receipts');
  const names = (await readdir(folder)).sort();
  t.is(names.length, 2);
  const file = join(folder, names[0] ?? '');
  t.is((await stat(file)).mode & 0o777, 0o600);
  const text = await readFile(join(folder, names[1] ?? ''), 'utf8');
  t.regex(text, /Helper: Maria Rossi \[/);
  t.regex(text, /allowed: see your screen \(decided by the helped person\)/);

  const alone = await receipt('verify', '--file', file);
  t.is(alone.status, 0);
  t.true(alone.out.startsWith(text.trimEnd()));
  t.regex(alone.out, /Signed and unchanged, by Maria Rossi \[/);
  t.regex(alone.out, /Signed by one end only/);

  const other = join(stateDir, 'theirs.json');
  await writeFile(other, JSON.stringify(theirs));
  const both = await receipt('verify', '--file', file, '--other', other);
  t.regex(both.out, /Signed by both ends of one session\.\nBoth tell the same decisions\.\n$/);
  t.is(both.status, 0);

  const { account } = theirs;
  const silent = { ...account, entries: account.entries.filter(({ kind }) => kind !== 'granted') };
  await writeFile(other, JSON.stringify(signReceipt(silent, identity)));
  const less = await receipt('verify', '--file', file, '--other', other);
  t.regex(less.out, /Told by one end only \(operator\): view granted/);
  t.is(less.status, 1);

  const kept = JSON.parse(await readFile(file, 'utf8')) as SignedReceipt;
  const changed = { ...kept, account: { ...kept.account, startedAt: 0 } };
  await writeFile(other, JSON.stringify(changed));
  const forged = await receipt('verify', '--file', other);
  t.regex(forged.out, /NOT what was signed by Maria Rossi/);
  t.is(forged.status, 1);

  await writeFile(other, '{}');
  t.is((await receipt('verify', '--file', other)).status, 1);
  t.is((await receipt()).status, 2);
});
