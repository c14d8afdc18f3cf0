import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import {
  type ReportItem,
  sealEnvelope,
  sealReport,
  submitReport,
  systemClock,
  systemRandom,
} from '@livelet/core';
import test from 'ava';
import { desk } from '../archive/desk-fixture.js';
import { testRelay } from '../relay-fixture.js';

const SIGNAL = new AbortController().signal;
const ITEMS: readonly ReportItem[] = [
  { id: 'note', text: 'It stopped.\u001b[2J' },
  { id: 'log', text: '{"event":"started"}\n' },
  { id: 'picture', type: 'image/jpeg', picture: '/9j/' },
];

test.serial(
  'a key is made once, and what is sealed to it is opened from a file and from the relay',
  async (t) => {
    const relay = await testRelay(t);
    const { file, run } = await desk(t, relay, 'report');
    const made = await run('keys');
    const supportKey = /^supportKey: (.{44})\n$/.exec(made.out)?.[1] ?? '';
    t.is((await run('keys')).out, made.out);
    t.is((await stat(file('organisation/support.key'))).mode & 0o777, 0o600);

    const key = Uint8Array.from(Buffer.from(supportKey, 'base64'));
    const envelope = sealReport({ items: ITEMS }, key, systemRandom);
    await writeFile(file('saved.sealed'), envelope);
    t.is(
      (await run('open', '--file', 'saved.sealed')).out,
      'reports/report/note.txt\nreports/report/log.txt\nreports/report/picture.jpeg\n',
    );
    t.false((await readFile(file('reports/report/note.txt'), 'utf8')).includes('\u001b'));
    t.is((await stat(file('reports/report/note.txt'))).mode & 0o777, 0o600);
    t.deepEqual([...(await readFile(file('reports/report/picture.jpeg')))], [0xff, 0xd8, 0xff]);
    await writeFile(file('next.sealed'), sealReport({ items: ITEMS.slice(0, 1) }, key, systemRandom));
    await run('open', '--file', 'next.sealed');
    t.deepEqual(await readdir(file('reports/report')), ['note.txt'], 'nothing of the one before');

    await submitReport(envelope, { clock: systemClock, deployment: relay.deployment }, SIGNAL);
    t.regex((await run('list')).out, /^1 .*Z anonymous \d+ bytes\n$/);
    t.true((await run('fetch', '--numbers', '1')).out.startsWith('reports/report-1/note.txt\n'));
    t.is(await readFile(file('reports/report-1/log.txt'), 'utf8'), '{"event":"started"}\n');
    t.is((await run('delete', '--numbers', '1')).out, '1 deleted\n');
    t.is((await run('list')).out, '');
  },
);

test.serial('what it is not for is said, and nothing is written', async (t) => {
  const relay = await testRelay(t);
  const { file, run } = await desk(t, relay, 'report');
  t.is((await run()).status, 2);
  t.is((await run('steal')).status, 2);
  t.is((await run('--help')).status, 0);
  t.not((await run('open', '--file', 'nothing')).status, 0);
  await run('keys');
  t.not((await run('open', '--file', 'nothing')).status, 0);
  const other = await desk(t, relay, 'report');
  const theirs = /supportKey: (.{44})/.exec((await other.run('keys')).out)?.[1] ?? '';
  const key = Uint8Array.from(Buffer.from(theirs, 'base64'));
  await writeFile(file('theirs'), sealReport({ items: ITEMS }, key, systemRandom));
  t.regex((await run('open', '--file', 'theirs')).problem, /\S/);
  await writeFile(file('odd'), sealEnvelope('report', Buffer.from('{}'), key, systemRandom));
  t.not((await other.run('open', '--file', file('odd'))).status, 0);
  await t.throwsAsync(stat(file('reports')), { code: 'ENOENT' });
});
