/** Sessions through a real relay over real sockets that fail, ten of each kind. */
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  allocateNameplate,
  type ByteStream,
  connectSession,
  createIdentity,
  createSecret,
  type Deployment,
  joinNameplate,
  resumeRendezvous,
  type SessionChannel,
  systemClock,
  systemRandom,
} from '@livelet/core';
import { type EnrolledOperator, enrolledOperator } from '@livelet/core/test-support';
import { type RelaySettings, type RunningRelay, startRelay } from '@livelet/relay';
import test, { type ExecutionContext } from 'ava';
import { type FailingProxy, type Fault, startFailingProxy } from '../fixtures/failing-proxy.js';

/** All ends come from one address. */
const GENEROUS: Partial<RelaySettings> = {
  socketsPerMinute: 100_000,
  unattachedPerSource: 10_000,
  claimsPerMinute: 100_000,
  claimsPerHour: 100_000,
  codesPerOperator: 1_000,
};
const SESSIONS = 10;
const FILE = { path: '/test/files/1', priority: 'files', capability: 'send-files' } as const;

interface Relay extends EnrolledOperator {
  readonly deployment: Deployment;
  restart(): Promise<void>;
}

async function relay(t: ExecutionContext): Promise<Relay> {
  const stateDir = await mkdtemp(join(tmpdir(), 'livelet-resume-'));
  t.teardown(() => rm(stateDir, { recursive: true, force: true }));
  const start = (port: number): Promise<RunningRelay> =>
    startRelay({ host: '127.0.0.1', port, stateDir, settings: GENEROUS });
  let running = await start(0);
  t.teardown(() => running.close());
  const { deployment } = running;
  return {
    deployment,
    ...(await enrolledOperator(running)),
    restart: async () => {
      await running.close();
      running = await start(Number(new URL(deployment.relayUrl).port));
    },
  };
}

interface Pair {
  readonly operator: SessionChannel;
  readonly customer: SessionChannel;
  /** Of the operator's way, and the customer's. */
  readonly proxies: readonly [FailingProxy, FailingProxy];
}

async function pair(t: ExecutionContext, { deployment, api, identity }: Relay): Promise<Pair> {
  const proxied = async (): Promise<[FailingProxy, Deployment]> => {
    const proxy = await startFailingProxy(Number(new URL(deployment.relayUrl).port));
    t.teardown(() => proxy[Symbol.asyncDispose]());
    return [proxy, { ...deployment, relayUrl: `wss://127.0.0.1:${proxy.port}` }];
  };
  const [[operatorProxy, operatorsWay], [customerProxy, customersWay]] = [await proxied(), await proxied()];
  const allocation = await api.authorized((authorization) =>
    allocateNameplate({ deployment: operatorsWay, authorization }),
  );
  const { nameplate } = allocation;
  const common = {
    code: { nameplate, secret: createSecret(systemRandom, 6) },
    deploymentId: deployment.deploymentId,
    clock: systemClock,
    random: systemRandom,
    signal: new AbortController().signal,
  };
  const [there, here] = await Promise.all([
    joinNameplate({ deployment: customersWay, nameplate }),
    allocation.joined,
  ]);
  const [operator, customer] = await Promise.all([
    connectSession({
      ...common,
      transport: here,
      side: 'operator',
      identity,
      name: 'Ada',
      hello: [],
      redial: (handle, signal) =>
        api.authorized((authorization) =>
          resumeRendezvous({ deployment: operatorsWay, handle, authorization, signal }),
        ),
    }),
    connectSession({
      ...common,
      transport: there,
      side: 'customer',
      identity: createIdentity(systemRandom),
      name: 'Bruno',
      hello: [{ id: 'test', version: '1.0.0', services: [FILE.path] }],
      redial: (handle, signal) => resumeRendezvous({ deployment: customersWay, handle, signal }),
    }),
  ]);
  t.teardown(() => Promise.all([operator.end('shutdown'), customer.end('shutdown')]));
  return { operator, customer, proxies: [operatorProxy, customerProxy] };
}

async function opened({ operator, customer }: Pair): Promise<readonly [ByteStream, ByteStream]> {
  const serving = customer.pluginChannel({ serves: [FILE], opens: [] });
  const accepted = new Promise<ByteStream>((resolve) => void serving.accept(FILE.path, resolve));
  customer.ownGrants.grant(FILE.capability);
  const near = await operator.pluginChannel({ serves: [], opens: [FILE] }).open(FILE.path);
  return [near, await accepted];
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function hashOf(stream: ByteStream): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest('hex');
}

/** Bytes both ways while `fail` does its worst; then the end. */
async function carries(t: ExecutionContext, ends: Pair, fail: () => Promise<void> | void): Promise<void> {
  const [near, far] = await opened(ends);
  const [up, down] = [randomBytes(3_000_000), randomBytes(400_000)];
  const hashes = Promise.all([hashOf(far), hashOf(near)]);
  const failing = fail();
  const written = [near.write(up), far.write(down)];
  near.closeWrite();
  far.closeWrite();
  await Promise.all([failing, ...written]);
  t.deepEqual(await hashes, [digest(up), digest(down)]);
  const { operator, customer } = ends;
  t.is(operator.statistics().resumes, customer.statistics().resumes);
  t.is((await operator.end('person')).how, 'ended-here');
  t.is((await customer.ended).how, 'ended-by-peer');
  t.is(operator.receipt.interruptions.length, operator.statistics().resumes);
}

async function tenTimes(t: ExecutionContext, once: (at: Relay) => Promise<void>): Promise<void> {
  t.timeout(300_000);
  const at = await relay(t);
  await Promise.all(Array.from({ length: SESSIONS }, () => once(at)));
}

const FAULTS: Readonly<Record<string, () => Fault>> = {
  'cut at a random byte': () => ({ kind: 'cut', after: randomInt(1, 1_500_000) }),
  'reset at once': () => ({ kind: 'cut', after: 1 }),
  'cut while it resumes': () => ({ kind: 'cut', after: randomInt(1, 4_000) }),
};

for (const [what, fault] of Object.entries(FAULTS)) {
  test(`a line that is ${what}, on either side, loses nothing`, (t) =>
    tenTimes(t, async (at) => {
      const ends = await pair(t, at);
      const proxy = ends.proxies[randomInt(0, 2)] as FailingProxy;
      let again = what.includes('resumes') ? 3 : 0;
      ends.operator.onConnection(({ state }) => {
        if (state === 'reconnecting' && again-- > 0) proxy.fail(fault());
      });
      await carries(t, ends, () => proxy.fail(fault()));
      t.true(ends.operator.statistics().resumes > 0);
    }));
}

test('a line on which nothing moves any more is left for another, and loses nothing', (t) =>
  tenTimes(t, async (at) => {
    const ends = await pair(t, at);
    const proxy = ends.proxies[randomInt(0, 2)] as FailingProxy;
    const resumed = new Promise<void>((resolve) => {
      ends.operator.onConnection(({ state }) => {
        if (state === 'connected') resolve();
      });
    });
    await carries(t, ends, async () => {
      proxy.fail({ kind: 'stall', after: randomInt(1, 1_500_000) });
      await resumed;
      proxy.release();
    });
  }));

test('a line that gives one byte at a time loses nothing', (t) =>
  tenTimes(t, async (at) => {
    const ends = await pair(t, at);
    const proxy = ends.proxies[randomInt(0, 2)] as FailingProxy;
    await carries(t, ends, () => proxy.fail({ kind: 'trickle', bytes: 100_000 }));
  }));

test('a relay that is restarted is met again by all, and nothing is lost', async (t) => {
  t.timeout(300_000);
  const at = await relay(t);
  const all = await Promise.all(Array.from({ length: SESSIONS }, () => pair(t, at)));
  const restart = Promise.all(
    all.map(({ operator }) => new Promise<void>((resolve) => void operator.onConnection(() => resolve()))),
  );
  const carrying = all.map((ends) => carries(t, ends, () => restart.then(() => undefined)));
  await at.restart();
  await Promise.all(carrying);
  t.true(all.every(({ operator }) => operator.statistics().resumes > 0));
});
