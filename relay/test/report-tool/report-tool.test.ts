import { readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
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
      'reports/saved/note.txt\nreports/saved/log.txt\nreports/saved/picture.jpeg\n',
    );
    t.false((await readFile(file('reports/saved/note.txt'), 'utf8')).includes('\u001b'));
    t.is((await stat(file('reports/saved/note.txt'))).mode & 0o777, 0o600);
    t.deepEqual([...(await readFile(file('reports/saved/picture.jpeg')))], [0xff, 0xd8, 0xff]);
    await writeFile(file('next.sealed'), sealReport({ items: ITEMS.slice(0, 1) }, key, systemRandom));
    t.is((await run('open', '--file', 'next.sealed')).out, 'reports/next/note.txt\n');
    await rename(file('next.sealed'), file('saved.sealed'));
    t.is((await run('open', '--file', 'saved.sealed')).out, 'reports/saved.2/note.txt\n');
    const first = await readdir(file('reports/saved'));
    t.deepEqual(first.toSorted(), ['log.txt', 'note.txt', 'picture.jpeg'], 'what another left stays');

    await submitReport(envelope, { clock: systemClock, deployment: relay.deployment }, SIGNAL);
    t.regex((await run('list')).out, /^1 \S+Z \d+ bytes\n$/);
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
  const keyless = await run('open', '--file', 'nothing');
  t.is(keyless.status, 7);
  t.regex(
    keyless.problem,
    /^The organisation’s key organisation\/support\.key can’t be used: it isn’t there\./,
  );
  t.regex(keyless.problem, /A new key opens nothing/);
  await run('keys');
  const missing = await run('open', '--file', 'nothing');
  t.is(missing.status, 2);
  t.regex(missing.problem, /^The file nothing can’t be read: it isn’t there\. Check its name with --file/);
  const other = await desk(t, relay, 'report');
  const theirs = /supportKey: (.{44})/.exec((await other.run('keys')).out)?.[1] ?? '';
  const key = Uint8Array.from(Buffer.from(theirs, 'base64'));
  await writeFile(file('theirs'), sealReport({ items: ITEMS }, key, systemRandom));
  t.regex(
    (await run('open', '--file', 'theirs')).problem,
    /can’t be opened \(theirs\): it is damaged or cut short/,
  );
  await writeFile(file('short'), 'cut');
  t.regex(
    (await run('open', '--file', 'short')).problem,
    /can’t be opened \(short\): it is damaged or cut short/,
  );
  await writeFile(file('odd'), sealEnvelope('report', Buffer.from('{}'), key, systemRandom));
  t.not((await other.run('open', '--file', file('odd'))).status, 0);
  await t.throwsAsync(stat(file('reports')), { code: 'ENOENT' });

  const own = /supportKey: (.{44})/.exec((await run('keys')).out)?.[1] ?? '';
  const ours = sealReport(
    { items: ITEMS.slice(0, 1) },
    Uint8Array.from(Buffer.from(own, 'base64')),
    systemRandom,
  );
  for (const envelope of [sealReport({ items: ITEMS }, key, systemRandom), ours]) {
    await submitReport(envelope, { clock: systemClock, deployment: relay.deployment }, SIGNAL);
  }
  const fetched = await run('fetch', '--numbers', '1,2');
  t.is(fetched.status, 1);
  t.is(fetched.out, 'reports/report-2/note.txt\n', 'what can’t be opened keeps no other from being read');
  t.regex(fetched.problem, /can’t be opened \(--numbers 1\)/);
});
