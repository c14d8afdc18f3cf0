import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { portPair } from '@livelet/compliance';
import {
  type ByteStream,
  createHostContainer,
  type JsonValue,
  messageStream,
  RECORDING_MESSAGE,
  RECORDING_PATH,
  RecordingsFolder,
  systemClock,
} from '@livelet/core';
import { connectedSessions, settled } from '@livelet/core/test-support';
import test from 'ava';
import { ContainerModule } from 'inversify';
import type { RecorderToMenu } from '../src/page-protocol.js';
import { diskTest, sandbox, smallDisk } from './sandbox.js';
import { FORMAT, started } from './staged-recording.js';

const SERVED = { path: RECORDING_PATH, capability: 'record', priority: 'screen' } as const;

test('who is recorded and says the same for ever tells the operator’s page nothing new', async (t) => {
  await using stack = new AsyncDisposableStack();
  const folder = await sandbox(t);
  const recorder = stack.use(
    await createHostContainer({
      clock: systemClock,
      plugins: [{ folder: new URL('../../', import.meta.url), role: 'recorder' }],
      bindings: new ContainerModule(({ bind }) => {
        bind(RecordingsFolder).toConstantValue({ folder });
      }),
    }),
  );
  const pair = await connectedSessions({
    operator: { hello: recorder.hello() },
    customer: { hello: [{ id: 'livelet.recording', version: '0.1.0', services: [RECORDING_PATH] }] },
  });
  stack.defer(async () => void (await pair.customer.end('person')));
  const session = stack.use(await recorder.openSession(pair.operator));
  const asked = Promise.withResolvers<ByteStream>();
  pair.customer.pluginChannel({ serves: [SERVED], opens: [] }).accept(RECORDING_PATH, asked.resolve);
  const { host, page } = portPair('plugin:livelet.recording:record');
  const told: RecorderToMenu[] = [];
  page.onMessage(({ json }) => void told.push(json as unknown as RecorderToMenu));
  t.true(session.connectPort(host));
  const say = (type: string): void => page.post({ json: { type, sound: false } as JsonValue });
  pair.customer.ownGrants.grant('record');
  await settled();
  say('start');
  const messages = messageStream(await asked.promise, RECORDING_MESSAGE);
  const heard = messages[Symbol.asyncIterator]();
  const answer = async (times: number): Promise<void> => {
    const { value } = await heard.next();
    for (let time = 0; time < times; time++) await messages.send(value);
    await settled();
  };
  await answer(50);
  t.is(told.at(-1)?.phase, 'recording');
  say('pause');
  const before = told.length;
  await answer(50);
  t.is(told.at(-1)?.phase, 'paused');
  t.true(told.length <= before + 2, `${told.length - before}`);
});

diskTest('a disk that fills up ends the film as a whole, in what was kept free', async (t) => {
  const disk = await smallDisk(t, 600);
  const { hosted, menu, picture, frame } = await started(t, { folder: join(disk, 'films') });
  await frame();
  const { path = '' } = await menu.until((state) => state.path !== undefined);
  await writeFile(join(disk, 'other'), new Uint8Array(500 * 1024 * 1024));
  await hosted.clock.advance(2_000);
  picture.say({ type: 'frame', run: 1, number: 2, key: true, age: 0, ...FORMAT }, new Uint8Array(1000));
  const { last } = await menu.until((state) => state.last !== undefined);
  t.deepEqual(last, { whole: true, path, error: 'recording-disk-full' });
  // Its index, which players jump by.
  t.true((await readFile(path)).includes(Buffer.from('1c53bb6b', 'hex')));
});

for (const [what, remove] of [
  ['film', (path: string) => rm(path)],
  ['folder', (path: string) => rename(dirname(path), `${dirname(path)} elsewhere`)],
] as const) {
  test(`a ${what} that is gone meanwhile ends the recording, and nobody is told that it is there`, async (t) => {
    const { hosted, menu, picture, panel, frame } = await started(t);
    await frame();
    const { path = '' } = await menu.until((state) => state.path !== undefined);
    await remove(path);
    await hosted.clock.advance(2_000);
    picture.say({ type: 'frame', run: 1, number: 2, key: true, age: 0, ...FORMAT }, new Uint8Array(1000));
    const { last } = await menu.until((state) => state.last !== undefined);
    t.deepEqual(last, { whole: false, error: 'recording-unwritable' });
    await panel.until(({ state }) => state === 'off');
  });
}

test('a film that is gone at its end isn’t told to be there', async (t) => {
  const { menu, frame } = await started(t);
  await frame();
  const { path = '' } = await menu.until((state) => state.path !== undefined);
  await rm(path);
  menu.say({ type: 'stop' });
  const { last } = await menu.until((state) => state.last !== undefined);
  t.deepEqual(last, { whole: false, error: 'recording-unwritable' });
});
