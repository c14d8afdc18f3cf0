import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import {
  type ArchiveItem,
  createIdentity,
  createSealKeys,
  handInAsCustomer,
  handInAsOperator,
  relayApi,
  sealEnvelope,
  signArchiveGrant,
  submitReport,
  systemClock,
  systemRandom,
  verifyArchiveGrant,
} from '@livelet/core';
import { SeededRandom } from '@livelet/core/test-support';
import test, { type ExecutionContext } from 'ava';
import type { SealedEntry } from '../../src/archive/sealed-store.js';
import { readChats } from '../../src/archive-tool/read-chats.js';
import { OPERATOR } from '../relay-fixture.js';
import { type ArchiveWorld, archiveWorld, breakingWay, chatEnds } from './archive-fixture.js';

const SIGNAL = new AbortController().signal;
const WAY = { clock: systemClock };
const ALL = { since: 0, until: Number.POSITIVE_INFINITY };
const CANARY = 'canary-7f3a-città';

function onEachEngine(
  name: string,
  body: (t: ExecutionContext, world: ArchiveWorld) => Promise<void>,
  options: Parameters<typeof archiveWorld>[2] = {},
): void {
  for (const engine of ['sqlite', 'postgresql'] as const) {
    test(`${name} (${engine})`, async (t) => body(t, await archiveWorld(t, engine, options)));
  }
}

const asOperator = (item: ArchiveItem, identity = OPERATOR): Promise<void> =>
  handInAsOperator(item, { ...WAY, identity }, SIGNAL);
const asCustomer = (item: ArchiveItem): Promise<void> => handInAsCustomer(item, WAY, SIGNAL);
const entries = async ({ api }: ArchiveWorld, path = '/archive'): Promise<readonly SealedEntry[]> =>
  ((await api.call('GET', path)) as { entries: readonly SealedEntry[] }).entries;

/** Every file below a folder holds none of it. */
async function holdsNo(t: ExecutionContext, folder: string, text: string): Promise<void> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const plain = files.filter((file) => file.isFile());
  t.true(plain.length > 0);
  for (const file of plain) {
    const bytes = await readFile(join(file.parentPath, file.name));
    for (const encoding of ['utf8', 'utf16le'] as const) {
      t.false(bytes.includes(Buffer.from(text, encoding)), file.name);
    }
    t.false(bytes.includes(Buffer.from(text).toString('base64').slice(0, 12)), file.name);
  }
}

onEachEngine('both ends hand in, and only the key holder reads it', async (t, world) => {
  const { relay, deployment, api, keys } = world;
  const ends = chatEnds(deployment);
  ends.write('operator', `Hello, ${CANARY}`);
  ends.write('customer', 'my code is 1234');
  ends.close();
  for (const item of ends.operator.items) await asOperator(item);
  for (const item of ends.customer.items) await asCustomer(item);
  const { chats, doubtful, unopened } = await readChats(api, keys, ALL, SIGNAL);
  t.deepEqual([doubtful, unopened], [[], []]);
  t.is(chats.length, 1);
  t.like(chats[0], { told: ['operator', 'customer'], numbers: [1, 2] });
  t.deepEqual(
    chats[0]?.messages.map(({ from, text, told, differs }) => [from, text, told, differs]),
    [
      ['operator', `Hello, ${CANARY}`, ['operator', 'customer'], false],
      ['customer', 'my code is 1234', ['operator', 'customer'], false],
    ],
  );
  const other = await readChats(api, createSealKeys(systemRandom), ALL, SIGNAL);
  t.deepEqual([other.chats.length, other.unopened.length], [0, 2]);
  await relay.close();
  await holdsNo(t, relay.stateDir, CANARY);
});

onEachEngine('what comes again, the same or sealed anew, is kept once', async (t, world) => {
  const { deployment } = world;
  const ends = chatEnds(deployment);
  ends.write('operator', 'one');
  ends.close();
  const [item] = ends.operator.items as [ArchiveItem];
  await Promise.all([asOperator(item), asOperator(item), asOperator(item)]);
  const envelope = sealEnvelope(
    'chat',
    new Uint8Array(5),
    createSealKeys(systemRandom).publicKey,
    systemRandom,
  );
  await asOperator({ ...item, envelope });
  t.is((await entries(world)).length, 1);
  // A customer can't take an operator's place by knowing its id.
  const [theirs] = ends.customer.items as [ArchiveItem];
  await asCustomer({ ...theirs, id: item.id });
  t.is((await entries(world)).length, 2);
});

onEachEngine('parts arrive once each over a way that breaks at any byte', async (t, world) => {
  const { relay, deployment, keys, api } = world;
  const random = new SeededRandom(7);
  const way = await breakingWay(t, relay.port, () => random.integer(1, 9000));
  const waiting = Array.from({ length: 8 }, () => {
    const ends = chatEnds({ ...deployment, relayUrl: `wss://127.0.0.1:${way.port}` });
    ends.write('operator', 'one');
    ends.close();
    return [
      ...ends.operator.items.map((item) => () => asOperator(item)),
      ...ends.customer.items.map((item) => () => asCustomer(item)),
    ];
  }).flat();
  for (const handIn of waiting) {
    for (let tries = 0; ; tries += 1) {
      const problem = await handIn().then(
        () => undefined,
        (error: { code: string }) => error.code,
      );
      if (problem === undefined) break;
      t.true(['relay-closed', 'relay-unreachable', 'relay-protocol'].includes(problem), problem);
      t.true(tries < 200);
    }
  }
  t.true(way.broken() > 0);
  const { chats } = await readChats(api, keys, ALL, SIGNAL);
  t.deepEqual(
    chats.map(({ told, messages }) => [told, messages.length]),
    Array(8).fill([['operator', 'customer'], 1]),
  );
  t.is((await entries(world)).length, 16);
});

onEachEngine('without a good right nothing of a stranger is kept', async (t, world) => {
  const { relay, deployment } = world;
  const ends = chatEnds(deployment);
  ends.write('customer', 'one');
  ends.close();
  const [item] = ends.customer.items as [ArchiveItem];
  const { session } = verifyArchiveGrant(item.grant ?? '', deployment.deploymentId);
  const right = { session, maxBytes: 10_000, notAfter: Date.now() + 60_000 };
  const STRANGER = createIdentity(systemRandom);
  const refused: Record<string, string> = {
    'none at all': '',
    'of somebody who is no operator': signArchiveGrant(STRANGER, right, deployment.deploymentId),
    'for another relay': signArchiveGrant(OPERATOR, right, 'elsewhere'),
    'that has expired': signArchiveGrant(OPERATOR, { ...right, notAfter: 1 }, deployment.deploymentId),
    'for fewer bytes': signArchiveGrant(OPERATOR, { ...right, maxBytes: 1000 }, deployment.deploymentId),
  };
  for (const [what, grant] of Object.entries(refused)) {
    await t.throwsAsync(asCustomer({ ...item, grant }), { code: 'archive-grant-refused' }, what);
  }
  t.deepEqual(await entries(world), []);
  // The sixth forged one makes this source wait, whatever it shows then.
  for (const grant of ['x', 'y']) {
    await t.throwsAsync(asCustomer({ ...item, grant }), { code: 'archive-grant-refused' });
  }
  await t.throwsAsync(asCustomer(item), { code: 'relay-too-many-requests' });
  await t.throwsAsync(asOperator(item, STRANGER), { code: 'operator-not-enrolled' });
  t.is(relay.health().status, 'ok');
});

onEachEngine('a right lasts for its bytes, and not longer than its operator', async (t, world) => {
  const { deployment, relay, api } = world;
  const invited = createIdentity(systemRandom);
  const { token } = (await api.call('POST', '/invitations', { name: 'Ugo', role: 'operator' })) as {
    token: string;
  };
  const theirs = relayApi({ deployment: relay.deployment, identity: invited });
  const { operator } = (await theirs.call('POST', '/enrol', { token })) as { operator: string };
  const ends = chatEnds(deployment, invited);
  ends.write('customer', 'one');
  ends.close();
  const [item] = ends.customer.items as [ArchiveItem];
  const { session } = verifyArchiveGrant(item.grant ?? '', deployment.deploymentId);
  const maxBytes = 2 * item.envelope.length;
  const right = { session, maxBytes, notAfter: Date.now() + 60_000 };
  const grant = signArchiveGrant(invited, right, deployment.deploymentId);
  const put = (first: string): Promise<void> => asCustomer({ ...item, grant, id: first + item.id.slice(1) });
  await put('a');
  await put('b');
  await t.throwsAsync(put('c'), { code: 'archive-grant-refused' });
  await put('a');
  await api.call('POST', `/operators/${operator}/revoke`);
  await t.throwsAsync(put('a'), { code: 'archive-grant-refused' });
  t.deepEqual(
    (await entries(world)).map((entry) => entry.owner),
    [`session:${operator}:${session}`, `session:${operator}:${session}`],
  );
});

onEachEngine(
  'a full archive says so, and takes more when something was deleted',
  async (t, world) => {
    const { deployment, api } = world;
    const [first, second] = [chatEnds(deployment), chatEnds(deployment)];
    for (const ends of [first, second]) {
      ends.write('operator', 'one');
      ends.close();
    }
    const [[one], [two]] = [first.operator.items, second.operator.items] as [[ArchiveItem], [ArchiveItem]];
    await asOperator(one);
    await t.throwsAsync(asOperator(two), { code: 'storage-full' });
    await asOperator(one);
    await api.call('DELETE', '/archive/1');
    await asOperator(two);
    t.deepEqual(
      (await entries(world)).map(({ number }) => number),
      [2],
    );
    await t.throwsAsync(api.call('DELETE', '/archive/1'), { code: 'entry-unknown' });
    const { entries: audited } = (await api.call('GET', '/audit')) as {
      entries: readonly { action: string; details: object }[];
    };
    t.like(
      audited.find(({ action }) => action === 'chat.deleted'),
      { details: { number: 1 } },
    );
  },
  { settings: { archiveItems: 1 } },
);

onEachEngine('only administrators read and delete', async (t, world) => {
  const { relay, api } = world;
  const identity = createIdentity(systemRandom);
  const { token } = (await api.call('POST', '/invitations', { name: 'Ugo', role: 'operator' })) as {
    token: string;
  };
  const operator = relayApi({ deployment: relay.deployment, identity });
  await operator.call('POST', '/enrol', { token });
  for (const path of ['/archive', '/reports']) {
    await t.throwsAsync(operator.call('GET', path), { code: 'admin-required' });
    await t.throwsAsync(operator.download(`${path}/1`), { code: 'admin-required' });
    await t.throwsAsync(operator.call('DELETE', `${path}/1`), { code: 'admin-required' });
    await t.throwsAsync(api.download(`${path}/1`), { code: 'entry-unknown' });
    await t.throwsAsync(api.call('GET', `${path}?after=x`), { code: 'request-invalid' });
  }
});

onEachEngine('what is no envelope of a chat is not kept', async (t, world) => {
  const { deployment } = world;
  const ends = chatEnds(deployment);
  ends.write('operator', 'one');
  ends.close();
  const [item] = ends.operator.items as [ArchiveItem];
  const wrong: [Uint8Array, string][] = [
    [new Uint8Array(), 'sealed-malformed'],
    [item.envelope.subarray(1), 'sealed-malformed'],
    [item.envelope.with(1, 2), 'sealed-malformed'],
    [new Uint8Array(140_000), 'message-too-large'],
  ];
  for (const [envelope, code] of wrong) await t.throwsAsync(asOperator({ ...item, envelope }), { code });
  await t.throwsAsync(asOperator({ ...item, id: 'short' }), { code: 'request-invalid' });
  t.deepEqual(await entries(world), []);
});

onEachEngine(
  'anyone hands in a sealed report, some in an hour, and the support key opens it',
  async (t, world) => {
    const { relay, api } = world;
    const support = createSealKeys(systemRandom);
    const content = new TextEncoder().encode(CANARY.repeat(20_000));
    const report = sealEnvelope('report', content, support.publicKey, systemRandom);
    const send = (bytes: Uint8Array): Promise<void> =>
      submitReport(bytes, { ...WAY, deployment: relay.deployment }, SIGNAL);
    await send(report);
    await send(report);
    t.like(await entries(world, '/reports'), {
      length: 1,
      0: { operator: '', owner: '', size: report.length },
    });
    t.true(Buffer.from(await api.download('/reports/1')).equals(report));
    await t.throwsAsync(send(new Uint8Array(1000)), { code: 'sealed-malformed' });
    await t.throwsAsync(send(report), { code: 'relay-too-many-requests' });
    await api.call('DELETE', '/reports/1');
    t.deepEqual(await entries(world, '/reports'), []);
    await relay.close();
    await holdsNo(t, relay.stateDir, CANARY);
  },
  { settings: { reportsPerHour: 3 } },
);

/** Says how long the body is, and sends none of it. @returns the answer's status once it comes, and the way to stop */
function announce(world: ArchiveWorld, path: string): { status: Promise<number>; stop(): void } {
  const { port } = world.relay;
  const method = path.startsWith('/reports') ? 'POST' : 'PUT';
  const call = request({
    host: '127.0.0.1',
    port,
    method,
    path: `/livelet/1/api${path}`,
    headers: { 'content-length': 100_000 },
    rejectUnauthorized: false,
  });
  call.on('error', () => {});
  call.flushHeaders();
  const status = once(call, 'response').then(
    ([response]) => (response as { statusCode: number }).statusCode,
    () => 0,
  );
  return { status, stop: () => call.destroy() };
}

onEachEngine('of a stranger nothing is read before it is refused', async (t, world) => {
  const { status, stop } = announce(world, `/archive/granted/${'a'.repeat(43)}`);
  t.is(await status, 403);
  stop();
});

onEachEngine('few reports come in at once, so that their memory is bounded', async (t, world) => {
  const stalled = Array.from({ length: 4 }, () => announce(world, '/reports'));
  // One of the five finds every place taken.
  const fifth = announce(world, '/reports');
  const answers = [fifth, ...stalled].map(({ status }) => status);
  t.is(await Promise.race(answers), 503);
  fifth.stop();
  for (const { stop } of stalled) stop();
  const report = sealEnvelope(
    'report',
    new Uint8Array(9),
    createSealKeys(systemRandom).publicKey,
    systemRandom,
  );
  for (;;) {
    const problem = await submitReport(report, { ...WAY, deployment: world.relay.deployment }, SIGNAL).then(
      () => undefined,
      ({ code }: { code: string }) => code,
    );
    if (problem === undefined) break;
    t.is(problem, 'relay-full', 'until the relay has noticed that the others are gone');
  }
  t.is((await entries(world, '/reports')).length, 1);
});

onEachEngine('envelopes come in pages of bounded size, one connection each', async (t, world) => {
  const { relay, api } = world;
  const key = createSealKeys(systemRandom).publicKey;
  const sizes = [3_000_000, 3_000_000, 7_000_000, 10];
  for (const size of sizes) {
    const report = sealEnvelope('report', new Uint8Array(size), key, systemRandom);
    await submitReport(report, { ...WAY, deployment: relay.deployment }, SIGNAL);
  }
  const page = async (after: number): Promise<readonly number[]> => {
    const answer = (await api.call('GET', `/reports?after=${after}&whole`)) as {
      entries: readonly { number: number; size: number; envelope: string }[];
    };
    for (const { size, envelope } of answer.entries) t.is(Buffer.from(envelope, 'base64').length, size);
    return answer.entries.map(({ number }) => number);
  };
  t.deepEqual(
    [await page(0), await page(1), await page(2), await page(3), await page(4)],
    [[1], [2], [3], [4], []],
  );
});
