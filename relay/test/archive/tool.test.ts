import { readFile, stat, writeFile } from 'node:fs/promises';
import {
  createIdentity,
  handInAsCustomer,
  handInAsOperator,
  parseArchiveChoice,
  parseDeployment,
  systemClock,
  systemRandom,
} from '@livelet/core';
import test from 'ava';
import { type LogEntry, startRelay } from '../../src/index.js';
import { OPERATOR, testRelay } from '../relay-fixture.js';
import { chatEnds } from './archive-fixture.js';
import { desk } from './desk-fixture.js';

const SIGNAL = new AbortController().signal;

test.serial('keys are made for their owner only, and the deployment is signed with them', async (t) => {
  const relay = await testRelay(t);
  const { file, run } = await desk(t, relay);
  t.is((await run('init')).status, 0);
  for (const key of ['organisation.key', 'archive.key', 'support.key']) {
    t.is((await stat(file(`organisation/${key}`))).mode & 0o777, 0o600, key);
  }
  const signed = parseDeployment(await readFile(file('organisation/deployment.json'), 'utf8'));
  t.like(signed, { ...relay.deployment });
  t.truthy(signed.organisationKey && signed.archiveKey && signed.supportKey);
  // Once more: the same keys, and another organisation's file is refused.
  await run('init', '--deployment', 'organisation/deployment.json');
  t.deepEqual(parseDeployment(await readFile(file('organisation/deployment.json'), 'utf8')), signed);
  const other = await run('init', '--deployment', 'organisation/deployment.json', '--out', 'other');
  t.is(other.status, 2);
  const taken = await run(
    'init',
    '--deployment',
    'organisation/deployment.json',
    '--out',
    'other',
    '--replace',
  );
  t.is(taken.status, 0);
  const theirs = parseDeployment(await readFile(file('other/deployment.json'), 'utf8'));
  t.not(theirs.organisationKey, signed.organisationKey);
  t.is((await run('choose', '--archive', 'organisation/deployment.json')).status, 0);
  const choice = parseArchiveChoice(await readFile(file('archive-choice.json'), 'utf8'), signed);
  t.is(choice.relayUrl, relay.url);
  t.is((await run('choose')).status, 2, 'a deployment without an archive key is no archive');
});

test.serial('kept chats are listed, searched, exported and deleted', async (t) => {
  const relay = await testRelay(t);
  const { file, run } = await desk(t, relay);
  await run('init');
  const deployment = parseDeployment(await readFile(file('organisation/deployment.json'), 'utf8'));
  const ends = chatEnds(deployment);
  ends.write('operator', 'Buongiorno');
  ends.write('customer', 'La fattura 12 manca');
  ends.close();
  for (const item of ends.operator.items) {
    await handInAsOperator(item, { clock: systemClock, identity: OPERATOR }, SIGNAL);
  }
  for (const item of ends.customer.items) await handInAsCustomer(item, { clock: systemClock }, SIGNAL);

  const listed = await run('list');
  t.regex(
    listed.out,
    /^\d{4}-.*Z Clara Bruni and Bianchi srl: 2 messages, told by operator and customer, 2244 bytes, parts 1,2\n$/,
  );
  t.is((await run('search', '--text', 'FATTURA')).out, listed.out);
  t.is((await run('search', '--text', 'bolletta')).out, '');
  t.is((await run('list', '--until', '2020-01-01')).out, '');
  const sealed = await run('list', '--keys', 'nowhere');
  t.regex(sealed.out, /^1 .*Z operator \w+ 1122 bytes\n2 .*Z a customer of operator \w+ 1122 bytes\n$/);
  t.false(sealed.out.includes('Rossi'));
  t.is((await run('search', '--keys', 'nowhere', '--text', 'x')).status, 7);
  t.is((await run('export', '--format', 'json', '--out', 'chats.json')).status, 0);
  t.is((await stat(file('chats.json'))).mode & 0o777, 0o600);
  t.like(JSON.parse(await readFile(file('chats.json'), 'utf8')), {
    0: { messages: { 1: { text: 'La fattura 12 manca' } } },
  });
  t.true((await run('export', '--text', 'fattura')).out.includes('Bianchi srl: La fattura 12 manca'));
  t.is((await run('delete')).status, 2);
  t.is((await run('delete', '--numbers', '1,2')).out, '1 deleted\n2 deleted\n');
  t.is((await run('list')).out, '');
});

test.serial('what it is not for is said', async (t) => {
  const relay = await testRelay(t);
  const { run, file } = await desk(t, relay);
  t.is((await run()).status, 2);
  t.is((await run('--help')).status, 0);
  t.is((await run('steal')).status, 2);
  const stranger = Buffer.from(createIdentity(systemRandom).secretKey.subarray(0, 32)).toString('base64');
  await writeFile(file('admin.key'), stranger, { mode: 0o600 });
  t.regex((await run('list')).problem, /\S/);
  t.not((await run('list')).status, 0);
});

test.serial(
  'a relay leaves a signed deployment file as it is, and says what is outdated in it',
  async (t) => {
    const relay = await testRelay(t);
    const { file, run } = await desk(t, relay);
    await run('init');
    const signed = await readFile(file('organisation/deployment.json'), 'utf8');
    const { stateDir } = relay;
    await relay.close();
    const start = async (text: string): Promise<readonly LogEntry[]> => {
      const entries: LogEntry[] = [];
      await writeFile(relay.deploymentFile, text);
      const log = { write: (entry: LogEntry) => void entries.push(entry) };
      await using _again = await startRelay({ host: '127.0.0.1', port: 0, stateDir, region: 'EU', log });
      t.is(await readFile(relay.deploymentFile, 'utf8'), text);
      return entries.filter(({ event }) => event === 'deployment-outdated');
    };
    t.deepEqual(await start(signed), [
      { event: 'deployment-outdated', problem: 'relayUrl' },
      { event: 'deployment-outdated', problem: 'region' },
    ]);
    const altered = signed.replace(/"relayUrl": "[^"]*"/, '"relayUrl": "wss://elsewhere.example"');
    await t.throwsAsync(start(altered), { code: 'deployment-invalid' });
  },
);
