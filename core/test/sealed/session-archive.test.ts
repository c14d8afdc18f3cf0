import test from 'ava';
import { systemRandom } from '../../src/channel/crypto.js';
import { createIdentity, fingerprint, type Identity } from '../../src/channel/identity.js';
import type { WrittenMessage } from '../../src/contracts/chat-archive.js';
import type { SessionInfo, Side } from '../../src/contracts/session.js';
import { type SignedArchive, signArchiveChoice } from '../../src/sealed/archive-choice.js';
import { verifyArchiveGrant } from '../../src/sealed/archive-grant.js';
import { base64 } from '../../src/sealed/canonical-json.js';
import { createSealKeys, MAX_ENVELOPE, openEnvelope, sealEnvelope } from '../../src/sealed/envelope.js';
import { type ArchiveItem, SessionArchive } from '../../src/sealed/session-archive.js';
import { openTranscriptPart, transcriptPartId } from '../../src/sealed/transcript-part.js';
import { type Deployment, signDeployment } from '../../src/transport/deployment.js';
import { ManualClock } from '../../test-support/index.js';

const ORGANISATION = createIdentity(systemRandom);
const ARCHIVE = createSealKeys(systemRandom);
const OTHER_ARCHIVE = createSealKeys(systemRandom);
const OPERATOR = createIdentity(systemRandom);
const CUSTOMER = createIdentity(systemRandom);
const archiveKey = base64(ARCHIVE.publicKey);
const BARE: Deployment = { relayUrl: 'wss://relay.example', deploymentId: 'acme-1', pins: [] };
const DEPLOYMENT = signDeployment({ ...BARE, archiveKey }, ORGANISATION);
const ELSEWHERE = {
  relayUrl: 'wss://archive.example',
  deploymentId: 'archive-1',
  pins: [],
  archiveKey: base64(OTHER_ARCHIVE.publicKey),
};

function end(side: Side, deployment: Deployment, clock: ManualClock, choice?: SignedArchive) {
  const items: ArchiveItem[] = [];
  const [own, other]: Identity[] = side === 'operator' ? [OPERATOR, CUSTOMER] : [CUSTOMER, OPERATOR];
  const { publicKey } = other as Identity;
  const info: SessionInfo = {
    id: (side === 'operator' ? 'a' : 'b').repeat(32),
    side,
    peer: { name: 'The other', publicKey, fingerprint: fingerprint(publicKey) },
    sasWords: ['a', 'b', 'c', 'd'],
    startedAt: 5000,
    signal: new AbortController().signal,
  };
  const archive = new SessionArchive({
    deployment,
    ...(choice ? { place: () => choice } : {}),
    identity: own as Identity,
    name: () => 'Myself',
    clock,
    random: systemRandom,
    outbox: { put: (item) => items.push(item) },
  });
  return { chat: archive.begin(info), items };
}

const message = (id: string, text = 'ciao', from: Side = 'operator'): WrittenMessage => ({
  id,
  from,
  text,
  at: 6000,
  delivered: true,
});

test('both ends hand in what was written, sealed, signed by each and named alike', (t) => {
  const clock = new ManualClock();
  const operator = end('operator', DEPLOYMENT, clock);
  const customer = end('customer', DEPLOYMENT, clock);
  t.deepEqual(operator.chat.keeping, { kept: true, by: 'relay.example' });
  t.is(customer.chat.keeping, undefined);
  t.deepEqual(customer.chat.follow(operator.chat.notice), { kept: true, by: 'relay.example' });
  for (const { chat } of [operator, customer]) {
    chat.add(message('1'));
    chat.add(message('2', 'canary', 'customer'));
    chat.close();
    chat.add(message('3', 'too late'));
    chat.close();
  }
  const [[first], [second]] = [operator.items, customer.items];
  t.is(operator.items.length + customer.items.length, 2);
  t.is(first?.grant, undefined);
  const grant = verifyArchiveGrant(second?.grant ?? '', 'acme-1');
  t.like(grant, { session: 'a'.repeat(32), operator: Buffer.from(OPERATOR.publicKey).toString('base64url') });
  t.true(grant.notAfter > clock.wallTime());
  const part = openTranscriptPart(second?.envelope ?? new Uint8Array(), ARCHIVE);
  t.deepEqual(part, {
    session: 'a'.repeat(32),
    side: 'customer',
    part: 0,
    startedAt: 5000,
    author: { name: 'Myself', key: base64(CUSTOMER.publicKey) },
    peer: { name: 'The other', key: base64(OPERATOR.publicKey) },
    messages: [message('1'), message('2', 'canary', 'customer')],
  });
  t.is(second?.id, transcriptPartId(part));
  t.not(first?.id, second?.id);
  t.false(Buffer.from(second?.envelope ?? []).includes('canary'));
});

test('a message waits at most half a minute for others', async (t) => {
  const clock = new ManualClock();
  const { chat, items } = end('operator', DEPLOYMENT, clock);
  chat.add(message('1'));
  await clock.advance(29_999);
  t.is(items.length, 0);
  await clock.advance(1);
  t.is(items.length, 1);
  await clock.advance(60_000);
  t.is(items.length, 1);
  chat.add(message('2'));
  chat.close();
  const parts = items.map(({ envelope }) => openTranscriptPart(envelope, ARCHIVE));
  t.deepEqual(
    parts.map(({ part, messages }) => [part, messages.map(({ id }) => id)]),
    [
      [0, ['1']],
      [1, ['2']],
    ],
  );
});

test('messages of any length are cut into parts that fit', (t) => {
  const { chat, items } = end('operator', DEPLOYMENT, new ManualClock());
  const ids = Array.from({ length: 300 }, (_, n) => `${n}`);
  for (const id of ids) chat.add(message(id, Number(id) < 30 ? '😀'.repeat(4000) : 'short'));
  chat.close();
  t.true(items.every(({ envelope }) => envelope.length <= MAX_ENVELOPE.chat));
  t.deepEqual(
    items.flatMap(({ envelope }) => openTranscriptPart(envelope, ARCHIVE).messages.map(({ id }) => id)),
    ids,
  );
});

test('a choice that the organisation signed is followed by both ends, with its key', (t) => {
  const clock = new ManualClock();
  const choice = signArchiveChoice(ELSEWHERE, 1000, ORGANISATION);
  const operator = end('operator', DEPLOYMENT, clock, choice);
  const customer = end('customer', DEPLOYMENT, clock);
  t.deepEqual(customer.chat.follow(operator.chat.notice), { kept: true, by: 'archive.example' });
  customer.chat.add(message('1'));
  customer.chat.close();
  const [item] = customer.items;
  t.like(item?.archive, ELSEWHERE);
  t.is(openTranscriptPart(item?.envelope ?? new Uint8Array(), OTHER_ARCHIVE).messages.length, 1);
  t.notThrows(() => verifyArchiveGrant(item?.grant ?? '', 'archive-1'));
});

const NOT_FOLLOWED: Record<string, [deployment: Deployment, notice: object]> = {
  'a choice that somebody else signed': [
    DEPLOYMENT,
    { choice: JSON.stringify(signArchiveChoice(ELSEWHERE, 1, OPERATOR)) },
  ],
  'any choice where the deployment names no organisation': [
    { ...BARE, archiveKey },
    { choice: JSON.stringify(signArchiveChoice(ELSEWHERE, 1, ORGANISATION)) },
  ],
  'an archive that is not deployed': [BARE, {}],
};
for (const [what, [deployment, more]] of Object.entries(NOT_FOLLOWED)) {
  test(`a customer's end doesn't follow ${what}, and hands in nothing`, (t) => {
    const { chat, items } = end('customer', deployment, new ManualClock());
    const notice = { kept: true, session: 'a'.repeat(32), ...more };
    t.throws(() => chat.follow(notice), { code: 'archive-choice-refused' });
    t.deepEqual(chat.keeping, { kept: false, refused: true });
    // What comes after the first one changes nothing.
    t.deepEqual(chat.follow({ kept: true, session: 'a'.repeat(32) }), { kept: false, refused: true });
    chat.add(message('1'));
    chat.close();
    t.deepEqual(items, []);
  });
}

for (const notice of [undefined, 7, {}, { kept: true }, { kept: 1, session: 'a'.repeat(32) }]) {
  test(`${JSON.stringify(notice)} is no notice`, (t) => {
    const { chat } = end('customer', DEPLOYMENT, new ManualClock());
    t.throws(() => chat.follow(notice), { code: 'chat-malformed' });
    t.is(chat.keeping, undefined);
  });
}

test('where no archive is deployed both ends keep nothing, and know it', (t) => {
  const clock = new ManualClock();
  const operator = end('operator', BARE, clock);
  const customer = end('customer', BARE, clock);
  t.deepEqual(operator.chat.keeping, { kept: false, refused: false });
  t.deepEqual(customer.chat.follow(operator.chat.notice), { kept: false, refused: false });
  operator.chat.add(message('1'));
  operator.chat.close();
  t.deepEqual(operator.items, []);
});

test('a part whose author did not sign it does not open', (t) => {
  const { chat, items } = end('operator', DEPLOYMENT, new ManualClock());
  chat.add(message('1'));
  chat.close();
  const content = new TextDecoder().decode(
    openEnvelope('chat', items[0]?.envelope ?? new Uint8Array(), ARCHIVE),
  );
  const reseal = (text: string): Uint8Array =>
    sealEnvelope('chat', new TextEncoder().encode(text), ARCHIVE.publicKey, systemRandom);
  t.notThrows(() => openTranscriptPart(reseal(content), ARCHIVE));
  const changes: [string, string][] = [
    ['ciao', 'addio'],
    ['"part":0', '"part":1'],
    [base64(OPERATOR.publicKey), base64(CUSTOMER.publicKey)],
    ['"messages":[', '"messages":7,"x":['],
    ['{', '['],
  ];
  for (const [from, to] of changes) {
    t.true(content.includes(from));
    const forged = reseal(content.replace(from, to));
    t.throws(() => openTranscriptPart(forged, ARCHIVE), { code: 'sealed-malformed' }, from);
  }
});
