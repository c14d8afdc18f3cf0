import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { LocalLog, type LogEntry } from '../src/index.js';

const AT = Date.UTC(2026, 0, 2, 3, 4, 5);
const clock = { wallTime: () => AT };

async function temporary(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'livelet-log-test-'));
  t.teardown(() => rm(folder, { recursive: true }));
  return join(folder, 'logs');
}

test('an entry is one line of JSON on disk at once, for its owner only', async (t) => {
  const folder = await temporary(t);
  const log = new LocalLog({ folder, clock });
  log.add({ event: 'session-ended', how: 'interrupted', error: 'peer-silent', seconds: 61.4, resumes: 2 });
  const file = join(folder, 'events.log');
  t.is(
    await readFile(file, 'utf8'),
    '{"at":"2026-01-02T03:04:05.000Z","event":"session-ended","how":"interrupted","error":"peer-silent","seconds":61,"resumes":2}\n',
  );
  t.is((await stat(file)).mode & 0o777, 0o600);
  t.is((await stat(folder)).mode & 0o777, 0o700);
});

test('what is not on the list is not written, whatever a caller passes', async (t) => {
  const folder = await temporary(t);
  const log = new LocalLog({ folder, clock });
  const canaries = [
    { event: 'view', view: 'session', peer: 'Anna CANARY' },
    { event: 'view', view: 'CANARY' },
    { event: 'CANARY', view: 'home' },
    { event: 'started', version: '1.2.3-CANARY', program: '/home/CANARY' },
    { event: 'problem', error: 'CANARY', where: 'window', path: '/home/CANARY' },
    { event: 'session-ended', seconds: 482917056183, reason: 'CANARY' },
    { event: 'session-started', proxied: 'CANARY', proxy: 'CANARY:3128' },
    { event: '__proto__', CANARY: 'CANARY' },
  ] as unknown as readonly LogEntry[];
  for (const entry of canaries) log.add(entry);
  const text = await log.read(1_000_000);
  t.false(text.includes('CANARY'), text);
  t.false(text.includes('482917056183'));
  t.is(text.split('\n').length, canaries.length + 1);
});

test('old lines go: three files of a bounded size, and the newest lines are read in order', async (t) => {
  const folder = await temporary(t);
  const log = new LocalLog({ folder, clock, fileBytes: 1000 });
  for (let seconds = 0; seconds < 100; seconds++) log.add({ event: 'session-ended', seconds });
  t.deepEqual((await readdir(folder)).sort(), ['events.1.log', 'events.2.log', 'events.log']);
  for (const name of await readdir(folder)) {
    t.true((await stat(join(folder, name))).size <= 1000);
    t.is((await stat(join(folder, name))).mode & 0o777, 0o600);
  }
  const seconds = (text: string): number[] =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).seconds);
  const all = seconds(await log.read(1_000_000));
  t.is(all.at(-1), 99);
  t.deepEqual(
    all,
    all.map((_, index) => 100 - all.length + index),
  );
  const last = await log.read(500);
  t.true(last.length <= 500);
  t.is(seconds(last).at(-1), 99);
});

test('a log that cannot be written stops nothing, and a link is not followed', async (t) => {
  const folder = await temporary(t);
  const elsewhere = `${folder}-elsewhere`;
  await writeFile(elsewhere, 'mine');
  const log = new LocalLog({ folder: elsewhere, clock });
  log.add({ event: 'stopped' });
  t.is(log.lost, 1);
  const linked = new LocalLog({ folder, clock });
  linked.add({ event: 'stopped' });
  await rm(join(folder, 'events.log'));
  await symlink(elsewhere, join(folder, 'events.log'));
  linked.add({ event: 'stopped' });
  t.is(linked.lost, 1);
  t.is(await readFile(elsewhere, 'utf8'), 'mine');
});

for (const name of ['events.log', 'events.1.log']) {
  test(`a pipe in the place of ${name} keeps nobody waiting, and takes nothing`, async (t) => {
    const folder = await temporary(t);
    new LocalLog({ folder, clock }).add({ event: 'stopped' });
    const pipe = join(folder, name);
    await rm(pipe, { force: true });
    execFileSync('mkfifo', [pipe]);
    const log = new LocalLog({ folder, clock });
    log.add({ event: 'stopped' });
    t.is(log.lost, name === 'events.log' ? 1 : 0);
    // Of each read one thread would wait; there are few.
    const texts = await Promise.all(Array.from({ length: 8 }, () => log.read(1000)));
    t.is(texts.at(-1)?.split('\n').length, name === 'events.log' ? 1 : 3);
  });
}

test('a pipe in the place of the log takes nothing while somebody listens either', async (t) => {
  const folder = await temporary(t);
  new LocalLog({ folder, clock }).add({ event: 'stopped' });
  const pipe = join(folder, 'events.log');
  await rm(pipe);
  execFileSync('mkfifo', [pipe]);
  // Its own end is there before it says so; it ends by what is written last.
  const listener = spawn('sh', ['-c', 'exec 3<>"$0"; echo listening; head -n 1 <&3', pipe]);
  t.teardown(() => listener.kill());
  let heard = '';
  listener.stdout.on('data', (text: Buffer) => {
    heard += text;
  });
  await once(listener.stdout, 'data');
  const log = new LocalLog({ folder, clock });
  log.add({ event: 'stopped' });
  t.is(log.lost, 1);
  await writeFile(pipe, 'over\n');
  await once(listener, 'close');
  t.is(heard, 'listening\nover\n');
});
