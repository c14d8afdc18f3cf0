import { execFile } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  createIdentity,
  type Identity,
  type ReceiptAccount,
  receiptAccount,
  type SessionChannel,
  type SignedReceipt,
  signReceipt,
  systemRandom,
} from '@livelet/core';
import { createBrowserShell } from '@livelet/window';
import test, { type ExecutionContext } from 'ava';
import { type RunningOperator, runOperator } from '../src/operator.js';
import { joinAsCustomer, reached, testFolder, testRelay } from './fixture.js';

const PROGRAM = fileURLToPath(new URL('../../bin/livelet-receipt.js', import.meta.url));

interface Ran {
  readonly status: number;
  readonly out: string;
  readonly problem: string;
}

async function receipt(...words: readonly string[]): Promise<Ran> {
  const env = { PATH: process.env.PATH, HOME: '/nonexistent', LANG: 'C' };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, ...words], { env });
    return { status: 0, out: stdout, problem: '' };
  } catch (error) {
    const { code, stdout, stderr } = error as Record<'stdout' | 'stderr', string> & { readonly code: number };
    return { status: code, out: stdout, problem: stderr };
  }
}

const MARIA = 'Maria Rossi';

interface Played {
  readonly stateDir: string;
  /** The operator's, `.json` and `.txt`. */
  readonly files: readonly [string, string];
  readonly customer: SessionChannel;
  readonly identity: Identity;
}

/** One session of an operator who notes something during and after it. */
async function played(
  t: ExecutionContext,
  play: (customer: SessionChannel, operator: RunningOperator) => Promise<void>,
): Promise<Played> {
  const relay = await testRelay(t);
  const stateDir = await testFolder(t);
  await using shell = createBrowserShell({ open: false });
  const operator = await runOperator({
    deployment: relay.deployment,
    identity: relay.identity,
    name: MARIA,
    stateDir,
    shell,
  });
  t.teardown(() => operator[Symbol.asyncDispose]());
  operator.console.newCode();
  const { code } = await reached(operator.console, 'waiting');
  const identity = createIdentity(systemRandom);
  const customer = await joinAsCustomer(t, relay, code, { identity, name: 'Anna Bianchi' });
  await reached(operator.console, 'session');
  operator.console.note('Printer.');
  await play(customer, operator);
  await Promise.all([customer.ended, reached(operator.console, 'ended')]);
  operator.console.note('Printer.\nRing again on Monday.');
  await operator[Symbol.asyncDispose]();
  const folder = join(stateDir, 'receipts');
  const [json = '', text = '', ...more] = (await readdir(folder)).sort();
  t.deepEqual(more, []);
  return { stateDir, files: [join(folder, json), join(folder, text)], customer, identity };
}

async function grantAndEnd(customer: SessionChannel, { console }: RunningOperator): Promise<void> {
  customer.ownGrants.grant('view');
  await reached(console, 'session', ({ grants }) => grants.some(({ state }) => state === 'granted'));
  console.end();
}

test.serial(
  'what the operator saw is kept with both signatures; the two ends’ receipts are compared',
  async (t) => {
    const { stateDir, files, customer, identity } = await played(t, grantAndEnd);
    const [file, textFile] = files;
    t.is((await stat(file)).mode & 0o777, 0o600);
    const text = await readFile(textFile, 'utf8');
    t.regex(text, /Helper: Maria Rossi \[/);
    t.regex(text, /allowed: see the screen \(decided by the helped person\)/);
    t.regex(text, /Own notes, not sent to the other end:\nPrinter\.\nRing again on Monday\.\n$/);

    const alone = await receipt('verify', '--file', file);
    t.is(alone.status, 0);
    t.true(alone.out.startsWith(text.trimEnd()));
    t.regex(alone.out, /Signed and unchanged, by Maria Rossi \[/);
    t.regex(alone.out, /Both ends signed who was there.*\n$/);

    const theirs = signReceipt(receiptAccount(customer), identity);
    t.notRegex(JSON.stringify(theirs), /Monday|Printer/);
    const other = join(stateDir, 'theirs.json');
    await writeFile(other, JSON.stringify(theirs));
    const both = await receipt('verify', '--file', file, '--other', other);
    t.regex(both.out, /Signed by both ends of one session\.\nBoth tell the same decisions\.\n$/);
    t.is(both.status, 0);

    const { account } = theirs;
    const silent = { ...account, entries: account.entries.filter(({ kind }) => kind !== 'granted') };
    await writeFile(other, JSON.stringify(signReceipt(silent, identity)));
    const less = await receipt('verify', '--file', file, '--other', other);
    t.regex(less.out, /Told by one end only \(the helper’s\): allowed: see the screen/);
    t.regex(
      less.out,
      /^NOT what was signed by Anna Bianchi \[.*\] \(the helped person\)\n.*\nNOT what was signed by Anna/s,
    );
    t.is(less.status, 1);

    const kept = JSON.parse(await readFile(file, 'utf8')) as SignedReceipt;
    const forgeries: readonly ((account: ReceiptAccount) => object)[] = [
      () => ({ startedAt: 0 }),
      () => ({ ownNotes: 'Anna agreed to everything.' }),
      ({ agreed: { customer: _, ...agreed } }) => ({ agreed: { ...agreed, missing: 'lost' } }),
    ];
    for (const forge of forgeries) {
      await writeFile(
        other,
        JSON.stringify({ ...kept, account: { ...kept.account, ...forge(kept.account) } }),
      );
      const forged = await receipt('verify', '--file', other);
      t.regex(
        forged.out,
        /^NOT what was signed by Maria Rossi \[.*\n\n.*\nNOT what was signed by Maria Rossi/s,
      );
      t.is(forged.status, 1);
    }
    for (const [content, problem] of [
      ['{}', 'something else is in it'],
      ['{"account":', 'it isn’t JSON'],
    ] as const) {
      await writeFile(other, content);
      const unlike = await receipt('verify', '--file', file, '--other', other);
      t.is(unlike.status, 1);
      t.true(
        unlike.problem.startsWith(`The file ${other} is no signed receipt: ${problem}. Name the whole .json`),
      );
    }
    const missing = await receipt('verify', '--file', join(stateDir, 'none'));
    t.is(missing.status, 2);
    t.regex(missing.problem, /none can’t be read: it isn’t there\. Check its name with --file/);
    t.is((await receipt()).status, 2);
    t.regex((await receipt('verfy')).problem, /^There is no command verfy\. There are: verify\./);
  },
);

test.serial('a session that was refused has a receipt with both signatures', async (t) => {
  const { files } = await played(t, async (customer) => void (await customer.end('refused')));
  const verified = await receipt('verify', '--file', files[0]);
  t.regex(verified.out, /Both ends signed who was there/);
  t.is(verified.status, 0);
});

test('its help, and its command’s, show how to compare two receipts', async (t) => {
  const example = '--file receipt.json --other theirs.json\n';
  for (const words of [['--help'], ['verify', '--help']]) {
    const { out } = await receipt(...words);
    t.true(out.includes(`\nExample:\n  livelet-receipt verify ${example}`), out);
  }
});
