import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { portPair } from '@livelet/compliance';
import {
  type Archive,
  type ArchiveItem,
  ChatArchive,
  createHostContainer,
  createIdentity,
  createSealKeys,
  type Deployment,
  handInAsCustomer,
  type Identity,
  LiveletError,
  openTranscriptPart,
  pluginFolder,
  type SealKeys,
  SessionArchive,
  signArchiveChoice,
  signDeployment,
  systemClock,
  systemRandom,
} from '@livelet/core';
import { connectedSessions, ManualClock } from '@livelet/core/test-support';
import test, { type ExecutionContext } from 'ava';
import { ContainerModule } from 'inversify';
import { ArchiveQueue } from '../src/archive-queue.js';
import { OperatorSettings } from '../src/operator-settings.js';
import { type TestRelay, testFolder, testRelay } from './fixture.js';

const ORGANISATION = createIdentity(systemRandom);
const KEYS = createSealKeys(systemRandom);
const OTHER_KEYS = createSealKeys(systemRandom);
const CANARY = 'canary-51c2';
const keyText = ({ publicKey }: { readonly publicKey: Uint8Array }): string =>
  Buffer.from(publicKey).toString('base64');
const withArchive = (deployment: Deployment, keys: SealKeys): Deployment =>
  signDeployment({ ...deployment, archiveKey: keyText(keys) }, ORGANISATION);
const placeOf = ({ deployment }: TestRelay, keys: SealKeys): Archive => ({
  relayUrl: deployment.relayUrl,
  deploymentId: deployment.deploymentId,
  pins: deployment.pins,
  archiveKey: keyText(keys),
});

interface Entry {
  readonly number: number;
  readonly owner: string;
}

async function kept({ api }: TestRelay): Promise<readonly Entry[]> {
  return ((await api.call('GET', '/archive')) as { entries: readonly Entry[] }).entries;
}

async function read({ api }: TestRelay, { number }: Entry, keys: SealKeys): Promise<string[]> {
  const part = openTranscriptPart(await api.download(`/archive/${number}`), keys);
  return part.messages.map(({ text }) => text);
}

/** Resolves once the settings show what `holds`. */
async function shows(
  settings: OperatorSettings,
  holds: (shown: OperatorSettings['shown']) => boolean,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = (): void => {
    if (holds(settings.shown)) resolve();
  };
  using _listening = settings.onChange(look);
  look();
  await promise;
}

interface SettingsMade {
  readonly settings: OperatorSettings;
  readonly stateDir: string;
}

async function open(
  t: ExecutionContext,
  deployment: Deployment,
  identity: Identity,
  stateDir?: string,
): Promise<SettingsMade> {
  const folder = stateDir ?? (await testFolder(t));
  const settings = await OperatorSettings.load({
    deployment,
    identity,
    name: () => 'Maria Rossi',
    stateDir: folder,
    clock: systemClock,
    random: systemRandom,
  });
  t.teardown(() => settings[Symbol.asyncDispose]());
  return { settings, stateDir: folder };
}

const CHAT = pluginFolder(import.meta.resolve('@livelet/plugin-chat/package.json'));

/** A whole session with the chat at both ends, in which the operator writes. What both ends kept is handed in. */
async function chat(t: ExecutionContext, settings: OperatorSettings, deployment: Deployment): Promise<void> {
  const items: ArchiveItem[] = [];
  const customer = new SessionArchive({
    deployment,
    identity: createIdentity(systemRandom),
    name: () => 'Anna',
    clock: systemClock,
    random: systemRandom,
    outbox: { put: (item) => items.push(item) },
  });
  const host = (archive: ChatArchive) =>
    createHostContainer({
      clock: systemClock,
      plugins: [{ folder: CHAT, role: 'participant' }],
      bindings: new ContainerModule(({ bind }) => {
        bind(ChatArchive).toConstantValue(archive);
      }),
    });
  await using left = await host(settings.chats);
  await using right = await host(customer);
  const pair = await connectedSessions({
    operator: { hello: left.hello() },
    customer: { hello: right.hello() },
  });
  const ours = await left.openSession(pair.operator);
  const theirs = await right.openSession(pair.customer);
  const { host: port, page } = portPair('plugin:livelet.chat:chat');
  const delivered = Promise.withResolvers<void>();
  page.onMessage(({ json }) => {
    const {
      type,
      open: isOpen,
      entry,
    } = json as { type: string; open?: boolean; entry?: { delivery: string } };
    if (type === 'state' && isOpen) page.post({ json: { type: 'send', text: CANARY } });
    if (entry?.delivery === 'delivered') delivered.resolve();
  });
  t.true(ours.connectPort(port));
  pair.customer.ownGrants.grant('chat');
  pair.operator.ownGrants.grant('chat');
  await delivered.promise;
  await ours[Symbol.asyncDispose]();
  await theirs[Symbol.asyncDispose]();
  await pair.customer.end('person');
  t.is(items.length, 1);
  for (const item of items)
    await handInAsCustomer(item, { clock: systemClock }, new AbortController().signal);
}

test.serial('by default the own relay keeps the chats, from both ends', async (t) => {
  const relay = await testRelay(t);
  const deployment = withArchive(relay.deployment, KEYS);
  const { settings } = await open(t, deployment, relay.identity);
  t.deepEqual(settings.shown.archive, {
    by: new URL(deployment.relayUrl).host,
    isChosen: false,
    canChoose: true,
  });
  await chat(t, settings, deployment);
  await shows(settings, ({ waiting }) => waiting.waiting === 0);
  const entries = await kept(relay);
  t.deepEqual(entries.map(({ owner }) => owner.split(':')[0]).sort(), ['operator', 'session']);
  for (const entry of entries) t.deepEqual(await read(relay, entry, KEYS), [CANARY]);
});

test.serial(
  'when another relay is chosen, the first one receives nothing and the other one all',
  async (t) => {
    const first = await testRelay(t);
    const second = await testRelay(t);
    // On the way to the first one stands somebody who counts.
    let asked = 0;
    const counter = createServer((socket) => {
      asked += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    t.teardown(() => counter.close());
    await once(counter, 'listening');
    const relayUrl = `wss://127.0.0.1:${(counter.address() as AddressInfo).port}`;
    const deployment = withArchive({ ...first.deployment, relayUrl }, KEYS);
    const { settings, stateDir } = await open(t, deployment, first.identity);
    const choice = JSON.stringify(signArchiveChoice(placeOf(second, OTHER_KEYS), 1, ORGANISATION));
    await settings.chooseArchive(choice);
    t.like(settings.shown.archive, { by: new URL(second.url).host, isChosen: true });
    // The other relay's administrator lets this operator in.
    const { token } = (await second.api.call('POST', '/invitations', {
      name: 'Maria',
      role: 'operator',
    })) as {
      token: string;
    };
    await settings.enrolAtArchive(token);
    await chat(t, settings, deployment);
    await shows(settings, ({ waiting }) => waiting.waiting === 0);
    const entries = await kept(second);
    t.deepEqual(entries.map(({ owner }) => owner.split(':')[0]).sort(), ['operator', 'session']);
    for (const entry of entries) {
      t.deepEqual(await read(second, entry, OTHER_KEYS), [CANARY]);
      await t.throwsAsync(read(second, entry, KEYS), { code: 'sealed-malformed' });
    }
    t.is(asked, 0);
    t.deepEqual(await kept(first), []);
    // The next start follows it too, and so does going back.
    const { settings: again } = await open(t, deployment, first.identity, stateDir);
    t.like(again.shown.archive, { isChosen: true });
    await again.resetArchive();
    t.like(again.shown.archive, { by: new URL(relayUrl).host, isChosen: false });
    await first.close();
    for (const file of await readdir(first.stateDir, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue;
      const bytes = await readFile(join(file.parentPath, file.name));
      t.false(bytes.includes(CANARY), file.name);
    }
  },
);

test.serial('a choice that nobody of the organisation signed changes nothing', async (t) => {
  const relay = await testRelay(t);
  const deployment = withArchive(relay.deployment, KEYS);
  const { settings, stateDir } = await open(t, deployment, relay.identity);
  const before = settings.shown;
  const place = placeOf(relay, OTHER_KEYS);
  const bad = [JSON.stringify(signArchiveChoice(place, 1, relay.identity)), '{}', 'no JSON'];
  for (const choice of bad) {
    await t.throwsAsync(settings.chooseArchive(choice), { code: 'archive-choice-refused' });
  }
  t.deepEqual(settings.shown, before);
  t.false((await readdir(stateDir)).includes('archive-choice.json'));
  // One that was changed on the disk keeps nothing, rather than going back to where chats weren't to go.
  await writeFile(join(stateDir, 'archive-choice.json'), bad[0] ?? '');
  const { settings: again } = await open(t, deployment, relay.identity, stateDir);
  t.deepEqual(again.shown.archive, { isChosen: false, canChoose: true, problem: 'archive-choice-refused' });
});

const item = (
  archive: Archive,
  id: string,
  envelope = new Uint8Array(1024 + 98).with(0, 1).with(1, 1),
): ArchiveItem => ({
  archive,
  id: id.padEnd(43, '_'),
  envelope,
});

test.serial('parts wait on disk for a relay that is away, and the next start sends them', async (t) => {
  const relay = await testRelay(t);
  const folder = join(await testFolder(t), 'queue');
  const place = placeOf(relay, KEYS);
  const away = { ...place, relayUrl: 'wss://127.0.0.1:1' };
  const clock = new ManualClock(Date.now());
  const states: ArchiveQueue['state'][] = [];
  const queue = new ArchiveQueue({
    folder,
    identity: relay.identity,
    clock,
    changed: () => states.push(queue.state),
  });
  queue.put(item(away, 'a'));
  queue.put(item(place, 'b'));
  queue.put(item(away, 'c'));
  await queue[Symbol.asyncDispose]();
  const files = await readdir(folder);
  t.true(files.length >= 2);
  for (const file of files) t.is((await stat(join(folder, file))).mode & 0o777, 0o600);
  t.is((await stat(folder)).mode & 0o777, 0o700);
  // The relay is back at its place.
  for (const file of files) {
    const bytes = await readFile(join(folder, file));
    const line = bytes.indexOf('\n');
    const moved = Buffer.concat([Buffer.from(JSON.stringify(place)), bytes.subarray(line)]);
    await writeFile(join(folder, file), moved, { mode: 0o600 });
  }
  const sent = Promise.withResolvers<void>();
  await using again = new ArchiveQueue({
    folder,
    identity: relay.identity,
    clock: systemClock,
    changed: () => again.state.waiting === 0 && sent.resolve(),
  });
  await sent.promise;
  t.is((await kept(relay)).length, 3);
  t.deepEqual(await readdir(folder), []);
  t.is(again.state.lost, 0);
});

test.serial('what can never be sent is dropped and counted, and holds nothing up', async (t) => {
  const relay = await testRelay(t);
  const folder = join(await testFolder(t), 'queue');
  await mkdir(folder);
  await writeFile(join(folder, `${'x'.repeat(43)}.sealed`), 'not ours');
  await writeFile(join(folder, `${'y'.repeat(43)}.sealed.0a1b`), 'half a file');
  await writeFile(join(folder, 'README'), 'somebody else’s');
  const done = Promise.withResolvers<void>();
  await using queue = new ArchiveQueue({
    folder,
    identity: relay.identity,
    clock: systemClock,
    changed: () => queue.state.waiting === 0 && queue.state.lost === 2 && done.resolve(),
  });
  const place = placeOf(relay, KEYS);
  queue.put(item(place, 'malformed', new Uint8Array(5)));
  queue.put(item(place, 'good'));
  await done.promise;
  t.is((await kept(relay)).length, 1);
  t.deepEqual(await readdir(folder), ['README']);
});

test.serial('what has gathered goes out in bursts, as a relay counts connections', async (t) => {
  const relay = await testRelay(t);
  const folder = join(await testFolder(t), 'queue');
  const clock = new ManualClock(Date.now());
  const states = new EventTarget();
  const changed = (): void => void states.dispatchEvent(new Event('changed'));
  const place = placeOf(relay, KEYS);
  const gathering = new ArchiveQueue({
    folder,
    identity: relay.identity,
    clock,
    changed,
    proxy: async () => {
      throw new LiveletError('proxy-unreachable');
    },
  });
  for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) gathering.put(item(place, id));
  await gathering[Symbol.asyncDispose]();
  t.is(gathering.state.waiting, 7);
  await using queue = new ArchiveQueue({ folder, identity: relay.identity, clock, changed });
  const waits = (): number => queue.state.waiting;
  while (waits() !== 2) await once(states, 'changed');
  t.is((await kept(relay)).length, 5);
  await clock.advance(29_999);
  t.is(waits(), 2);
  await clock.advance(1);
  while (waits() !== 0) await once(states, 'changed');
  t.is((await kept(relay)).length, 7);
});
