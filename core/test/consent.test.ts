import test from 'ava';
import { CONSENT_PATH, ConsentLink } from '../src/consent/consent-link.js';
import { GrantKeeper } from '../src/consent/own-grants.js';
import { GrantMirror } from '../src/consent/peer-grants.js';
import {
  type ByteStream,
  CAPABILITIES,
  type Grant,
  type HelloPlugin,
  type ReceiptEntry,
  type ServedPath,
} from '../src/index.js';
import { connectedSessions, ManualClock, settled } from '../test-support/index.js';

const VIEW: ServedPath = { path: '/test/view/1', priority: 'screen', capability: 'view' };
const HELLO: readonly HelloPlugin[] = [{ id: 'test', version: '1.0.0', services: [VIEW.path] }];

async function withView() {
  const pair = await connectedSessions({ customer: { hello: HELLO } });
  const serving = pair.customer.pluginChannel({ serves: [VIEW], opens: [] });
  const accepted: ByteStream[] = [];
  serving.accept(VIEW.path, (stream) => accepted.push(stream));
  const opening = pair.operator.pluginChannel({ serves: [], opens: [VIEW] });
  return { ...pair, serving, opening, accepted };
}

function states(grants: readonly Grant[]): Partial<Record<string, string>> {
  return Object.fromEntries(
    grants.filter(({ state }) => state !== 'none').map((g) => [g.capability, g.state]),
  );
}

function withoutTime(entries: readonly ReceiptEntry[]): object[] {
  return entries.map(({ at: _, ...entry }) => entry);
}

test('nothing is granted at first, and the other end sees each decision', async (t) => {
  const { customer, operator } = await connectedSessions();
  t.deepEqual(states(customer.ownGrants.all()), {});
  const heard: string[] = [];
  operator.peerGrants.onChange(({ capability, state }) => heard.push(`${capability} ${state}`));
  customer.ownGrants.grant('view');
  customer.ownGrants.grant('control');
  await settled();
  t.true(operator.peerGrants.isGranted('view'));
  customer.ownGrants.revoke('control');
  await settled();
  t.deepEqual(states(operator.peerGrants.all()), { view: 'granted', control: 'revoked' });
  t.deepEqual(heard, ['view granted', 'control granted', 'control revoked']);
  t.deepEqual(states(customer.peerGrants.all()), {});
});

test('a stream needs the grant, and a revocation ends it at both ends', async (t) => {
  const { opening, customer, accepted } = await withView();
  await t.throwsAsync(opening.open(VIEW.path), { code: 'not-granted' });
  customer.ownGrants.grant('view');
  const stream = await opening.open(VIEW.path);
  customer.ownGrants.revoke('view');
  await t.throwsAsync((accepted[0] as ByteStream).write(Uint8Array.of(1)), { code: 'revoked' });
  t.is(await stream.closed, 'revoked');
  await t.throwsAsync(opening.open(VIEW.path), { code: 'not-granted' });
});

test('a timed grant ends by itself, also as the other end sees it', async (t) => {
  const { opening, customer, operator, clock } = await withView();
  customer.ownGrants.grant('view', { durationMs: 5 * 60_000 });
  await settled();
  t.is(operator.peerGrants.get('view').until, clock.wallTime() + 5 * 60_000);
  const stream = await opening.open(VIEW.path);
  await clock.advance(5 * 60_000 - 1);
  t.true(customer.ownGrants.isGranted('view'));
  await clock.advance(1);
  t.is(customer.ownGrants.get('view').state, 'expired');
  t.is(await stream.closed, 'revoked');
  t.is(operator.peerGrants.get('view').state, 'expired');
});

test('a grant again replaces the time of the one before', async (t) => {
  const { customer, clock } = await connectedSessions();
  customer.ownGrants.grant('view', { durationMs: 1_000 });
  customer.ownGrants.grant('view');
  await clock.advance(2_000);
  t.true(customer.ownGrants.isGranted('view'));
  for (const durationMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 13 * 60 * 60_000]) {
    t.throws(() => customer.ownGrants.grant('view', { durationMs }), { code: 'option-invalid' });
  }
});

test('a peer can neither grant itself anything nor confuse the mirror', (t) => {
  const clock = new ManualClock();
  const own = new GrantKeeper(clock, CAPABILITIES);
  const peer = new GrantMirror(clock);
  const remote = { ask: async () => {}, changed: async () => {} };
  const { service } = new ConsentLink({
    own,
    peer,
    remote,
    wallTime: () => clock.wallTime(),
    failed: () => t.fail(),
  });
  const { signal } = new AbortController();
  t.deepEqual(Object.keys(service), ['ask', 'changed']);
  for (const grants of [
    'x',
    [{ capability: 'view', state: 'mine' }],
    [{ capability: 'view', state: 'granted', remainingMs: -1 }],
    new Array(100).fill({ capability: 'view', state: 'granted' }),
    [null],
  ]) {
    t.throws(() => service.changed?.({ grants }, signal), { code: 'message-malformed' });
  }
  t.throws(() => service.ask?.({ capability: 'everything' }, signal), { code: 'not-granted' });
  t.throws(() => service.ask?.(7, signal), { code: 'message-malformed' });
  service.changed?.({ grants: [{ capability: 'later', state: 'granted' }] }, signal);
  t.deepEqual(states(peer.all()), {});
  service.changed?.({ grants: [{ capability: 'view', state: 'granted' }] }, signal);
  t.deepEqual(states(peer.all()), { view: 'granted' });
  t.deepEqual(states(own.all()), {});
});

test('consent is not for plugins', async (t) => {
  const { operator } = await connectedSessions();
  const consent = { path: CONSENT_PATH, priority: 'control', capability: 'view' } as const;
  t.throws(() => operator.pluginChannel({ serves: [], opens: [consent] }), { code: 'plugin-duplicate' });
  t.throws(() => operator.pluginChannel({ serves: [consent], opens: [] }), { code: 'plugin-duplicate' });
});

test("a listener's fault leaves nothing granted at the end", async (t) => {
  const { customer } = await connectedSessions();
  customer.ownGrants.grant('view');
  customer.ownGrants.grant('chat');
  customer.ownGrants.onChange(() => {
    throw new Error('a page at fault');
  });
  t.is((await customer.end('person')).how, 'ended-here');
  t.true(customer.ownGrants.all().every(({ state }) => state !== 'granted'));
});

test('a plugin reaches only the paths of its manifest', async (t) => {
  const { opening, serving } = await withView();
  await t.throwsAsync(opening.open('/test/other/1'), { code: 'service-unknown' });
  t.throws(() => opening.remote('/test/other/1'), { code: 'service-unknown' });
  t.throws(() => opening.accept(VIEW.path, () => {}), { code: 'service-unknown' });
  t.throws(() => serving.serve('/test/other/1', {}), { code: 'service-unknown' });
});

test('a path is served by one plugin', async (t) => {
  const { customer, serving } = await withView();
  t.throws(() => customer.pluginChannel({ serves: [VIEW], opens: [] }), { code: 'plugin-duplicate' });
  t.throws(() => serving.accept(VIEW.path, () => {}), { code: 'plugin-duplicate' });
  serving[Symbol.dispose]();
  t.notThrows(() => customer.pluginChannel({ serves: [VIEW], opens: [] }));
});

test('a plugin that stops takes its streams with it, at either end', async (t) => {
  const first = await withView();
  first.customer.ownGrants.grant('view');
  const served = await first.opening.open(VIEW.path);
  first.serving[Symbol.dispose]();
  t.is(await served.closed, 'service-unknown');

  const second = await withView();
  second.customer.ownGrants.grant('view');
  await second.opening.open(VIEW.path);
  second.opening[Symbol.dispose]();
  t.is(await second.accepted[0]?.closed, 'cancelled');
});

test('the end takes back every grant, and nothing can be granted after it', async (t) => {
  const { operator, customer } = await connectedSessions();
  customer.ownGrants.grant('view');
  await settled();
  void operator.end('person');
  await Promise.all([operator.ended, customer.ended]);
  t.false(customer.ownGrants.isGranted('view'));
  t.false(operator.peerGrants.isGranted('view'));
  t.throws(() => customer.ownGrants.grant('view'), { code: 'session-ended' });
});

test('the end takes back every grant before the call returns', async (t) => {
  const { opening, customer, accepted } = await withView();
  customer.ownGrants.grant('view');
  await opening.open(VIEW.path);
  void customer.end('person');
  t.false(customer.ownGrants.isGranted('view'));
  await t.throwsAsync((accepted[0] as ByteStream).write(Uint8Array.of(1)), { code: 'session-ended' });
  t.is((await customer.ended).how, 'ended-here');
});

test('the receipt of both ends tells everything, in order', async (t) => {
  const { operator, customer, clock } = await connectedSessions();
  const startedAt = clock.wallTime();
  await operator.ask('view');
  customer.ownGrants.grant('view', { durationMs: 60_000 });
  await operator.ask('control');
  customer.ownGrants.deny('control');
  await clock.advance(30_000);
  customer.ownGrants.grant('chat');
  await clock.advance(30_000);
  customer.ownGrants.revoke('chat');
  customer.ownGrants.grant('hear');
  await clock.advance(1_000);
  await customer.end('person');
  await operator.ended;
  const until = startedAt + 60_000;
  t.deepEqual(withoutTime(customer.receipt.entries), [
    { kind: 'started' },
    { kind: 'asked', capability: 'view', whose: 'own' },
    { kind: 'granted', capability: 'view', whose: 'own', until, by: 'person' },
    { kind: 'asked', capability: 'control', whose: 'own' },
    { kind: 'denied', capability: 'control', whose: 'own', by: 'person' },
    { kind: 'granted', capability: 'chat', whose: 'own', by: 'person' },
    { kind: 'expired', capability: 'view', whose: 'own', by: 'clock' },
    { kind: 'revoked', capability: 'chat', whose: 'own', by: 'person' },
    { kind: 'granted', capability: 'hear', whose: 'own', by: 'person' },
    { kind: 'revoked', capability: 'hear', whose: 'own', by: 'end' },
    { kind: 'ended', how: 'ended-here', reason: 'person' },
  ]);
  t.like(customer.receipt.summary, {
    side: 'customer',
    peerName: 'Ada',
    startedAt,
    endedAt: startedAt + 61_000,
    how: 'ended-here',
    reason: 'person',
    omitted: 0,
    granted: [
      { capability: 'view', whose: 'own', totalMs: 60_000 },
      { capability: 'chat', whose: 'own', totalMs: 30_000 },
      { capability: 'hear', whose: 'own', totalMs: 1_000 },
    ],
  });
  t.deepEqual(
    operator.receipt.entries.map(({ kind }) => kind),
    [
      'started',
      'asked',
      'granted',
      'asked',
      'denied',
      'granted',
      'expired',
      'revoked',
      'granted',
      'revoked',
      'ended',
    ],
  );
  t.deepEqual(structuredClone(operator.receipt.summary), operator.receipt.summary);
});

for (const [ending, reading] of [
  ['customer', 'operator'],
  ['operator', 'customer'],
] as const) {
  test(`what the ${ending} decides in the same breath as the end stands in the other receipt, before it`, async (t) => {
    const pair = await connectedSessions();
    await pair[reading].ask('control');
    pair[ending].ownGrants.grant('view');
    await settled();
    pair[ending].ownGrants.deny('control');
    pair[ending].ownGrants.grant('chat');
    void pair[ending].end('person');
    await pair[reading].ended;
    t.deepEqual(withoutTime(pair[reading].receipt.entries), [
      { kind: 'started' },
      { kind: 'asked', capability: 'control', whose: 'peer' },
      { kind: 'granted', capability: 'view', whose: 'peer' },
      { kind: 'denied', capability: 'control', whose: 'peer' },
      { kind: 'granted', capability: 'chat', whose: 'peer' },
      { kind: 'revoked', capability: 'view', whose: 'peer', by: 'end' },
      { kind: 'revoked', capability: 'chat', whose: 'peer', by: 'end' },
      { kind: 'ended', how: 'ended-by-peer', reason: 'person' },
    ]);
    t.false(pair[reading].peerGrants.isGranted('chat'));
  });
}

test("a peer can not crowd out this end's own decisions with its own", async (t) => {
  const { customer, operator } = await connectedSessions();
  for (let round = 0; round < 600; round++) {
    for (const capability of CAPABILITIES) operator.ownGrants.grant(capability);
    await settled();
  }
  customer.ownGrants.grant('control');
  customer.ownGrants.revoke('control');
  await customer.end('person');
  t.deepEqual(
    customer.receipt.entries
      .filter((entry) => 'whose' in entry && entry.whose === 'own')
      .map(({ kind }) => kind),
    ['granted', 'revoked'],
  );
  t.true(customer.receipt.summary.omitted > 900);
});

test('a peer can not make the receipt grow for ever', async (t) => {
  const { customer, operator } = await connectedSessions();
  for (let round = 0; round < 600; round++) {
    for (const capability of CAPABILITIES) customer.ownGrants.grant(capability);
    await settled();
  }
  await customer.end('person');
  await operator.ended;
  t.is(operator.receipt.entries.length, 4_002);
  t.is(operator.receipt.entries.at(-1)?.kind, 'ended');
  t.true(operator.receipt.summary.omitted > 900);
});

test('plugins note in the receipt what they did, within bounds, and nothing after the end', async (t) => {
  const { customer } = await connectedSessions();
  const notes = customer.receiptNotes('test');
  const note = {
    what: 'file-received',
    text: { en: 'A file', it: 'Un file' },
    facts: { size: 3, whole: true },
  };
  notes.add(note);
  const { at, ...entry } = customer.receipt.entries.at(-1) as ReceiptEntry;
  t.deepEqual(entry, { kind: 'noted', plugin: 'test', ...note } as object);
  t.is(typeof at, 'number');
  for (const wrong of [
    { ...note, what: 'File received' },
    { ...note, text: { en: 'x'.repeat(1_025), it: '' } },
    { ...note, facts: { name: 'x'.repeat(513) } },
    { ...note, facts: { size: 0.5 } },
    { ...note, facts: Object.fromEntries(Array.from({ length: 13 }, (_, n) => [`f${n}`, n])) },
  ]) {
    t.throws(() => notes.add(wrong), { code: 'internal' });
  }
  for (let n = 0; n < 5_500; n += 1) notes.add(note);
  // However much was received, what was sent and recorded finds room.
  notes.add({ ...note, what: 'file-sent' });
  customer.receiptNotes('recording').add({ ...note, what: 'recording-began' });
  customer.ownGrants.grant('view');
  await customer.end('person');
  notes.add(note);
  const kinds = customer.receipt.entries.map(({ kind }) => kind);
  t.is(kinds.filter((kind) => kind === 'noted').length, 5_002);
  t.true(kinds.includes('granted'));
  t.is(kinds.at(-1), 'ended');
  t.is(customer.receipt.summary.omitted, 501);
});
