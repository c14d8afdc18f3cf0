import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Archive,
  type ArchiveItem,
  createIdentity,
  createSealKeys,
  type Identity,
  sealEnvelope,
  signArchiveGrant,
  systemClock,
  systemRandom,
} from '@livelet/core';
import { enrolledOperator } from '@livelet/core/test-support';
import { type RunningRelay, startRelay } from '@livelet/relay';
import test, { type ExecutionContext } from 'ava';
import { ChatOutbox } from '../src/chat-outbox.js';

const KEYS = createSealKeys(systemRandom);
const NEVER = new AbortController().signal;
const SESSION = 'ab'.repeat(16);

interface World {
  readonly relay: RunningRelay;
  readonly place: Archive;
  readonly operator: Identity;
  kept(): Promise<number>;
}

async function world(t: ExecutionContext): Promise<World> {
  const stateDir = await mkdtemp(join(tmpdir(), 'livelet-test-'));
  t.teardown(() => rm(stateDir, { recursive: true, force: true }));
  const relay = await startRelay({
    host: '127.0.0.1',
    port: 0,
    stateDir,
    settings: { socketsPerMinute: 10_000 },
  });
  t.teardown(() => relay.close());
  const { identity, api } = await enrolledOperator(relay);
  const { relayUrl, deploymentId, pins } = relay.deployment;
  const archiveKey = Buffer.from(KEYS.publicKey).toString('base64');
  const kept = async (): Promise<number> =>
    ((await api.call('GET', '/archive')) as { entries: readonly unknown[] }).entries.length;
  return { relay, place: { relayUrl, deploymentId, pins, archiveKey }, operator: identity, kept };
}

function part(
  { place, operator }: Pick<World, 'place' | 'operator'>,
  id: string,
  maxBytes = 100_000,
): ArchiveItem {
  const right = { session: SESSION, maxBytes, notAfter: Date.now() + 60_000 };
  return {
    archive: place,
    id: id.padEnd(43, '_'),
    envelope: sealEnvelope('chat', new Uint8Array(10), KEYS.publicKey, systemRandom),
    grant: signArchiveGrant(operator, right, place.deploymentId),
  };
}

test.serial('what is put in arrives, and the receipt has it', async (t) => {
  const there = await world(t);
  using outbox = new ChatOutbox({ clock: systemClock });
  t.is(outbox.handedIn, undefined);
  t.is(outbox.waitsFor, undefined);
  for (const id of ['a', 'b', 'a']) outbox.put(part(there, id));
  t.is(outbox.waitsFor, '127.0.0.1');
  await outbox.finish(NEVER);
  t.is(await there.kept(), 2);
  t.deepEqual(outbox.handedIn, { by: '127.0.0.1', whole: true });
  t.is(outbox.waitsFor, undefined);
});

test.serial('what the archive refuses is lost, and holds nothing up', async (t) => {
  const there = await world(t);
  using outbox = new ChatOutbox({ clock: systemClock });
  const stranger = createIdentity(systemRandom);
  outbox.put(part({ ...there, operator: stranger }, 'a'));
  outbox.put(part(there, 'b'));
  await outbox.finish(NEVER);
  t.is(await there.kept(), 1);
  t.deepEqual(outbox.handedIn, { by: '127.0.0.1', whole: false });
});

test.serial('an archive that is away costs one attempt at the end; nothing is left behind', async (t) => {
  const there = await world(t);
  await there.relay.close();
  using outbox = new ChatOutbox({ clock: systemClock });
  outbox.put(part(there, 'a'));
  await outbox.finish(NEVER);
  t.deepEqual(outbox.handedIn, { by: '127.0.0.1', whole: false });
});

test.serial('an archive that never answers is left when the time is up', async (t) => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  t.teardown(() => silent.close());
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const archiveKey = Buffer.from(KEYS.publicKey).toString('base64');
  const place = { relayUrl: `wss://127.0.0.1:${port}`, deploymentId: 'acme', pins: [], archiveKey };
  using outbox = new ChatOutbox({ clock: systemClock });
  const timeUp = new AbortController();
  const connected = once(silent, 'connection');
  outbox.put(part({ place, operator: createIdentity(systemRandom) }, 'a'));
  await connected;
  const finished = outbox.finish(timeUp.signal);
  timeUp.abort();
  await finished;
  t.deepEqual(outbox.handedIn, { by: '127.0.0.1', whole: false });
});
