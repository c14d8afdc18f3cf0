import {
  type ArchiveItem,
  createIdentity,
  createSealKeys,
  type Deployment,
  type Identity,
  openTranscriptPart,
  type SealKeys,
  SessionArchive,
  type SignedArchive,
  signArchiveChoice,
  signDeployment,
  systemClock,
  systemRandom,
  type TranscriptMessage,
} from '@livelet/core';
import test from 'ava';
import { type ChatPage, type HostedChat, hostChat } from './hosted-chat.js';

const ORGANISATION = createIdentity(systemRandom);
const KEYS = createSealKeys(systemRandom);
const keyText = ({ publicKey }: { readonly publicKey: Uint8Array }): string =>
  Buffer.from(publicKey).toString('base64');
const BARE: Deployment = { relayUrl: 'wss://relay.example', deploymentId: 'acme', pins: [] };
const DEPLOYMENT = signDeployment({ ...BARE, archiveKey: keyText(KEYS) }, ORGANISATION);
const ELSEWHERE = { ...BARE, relayUrl: 'wss://thief.example', archiveKey: keyText(KEYS) };
const choiceBy = (signer: Identity): SignedArchive => signArchiveChoice(ELSEWHERE, 1, signer);

interface KeptChats extends AsyncDisposable {
  readonly chat: HostedChat;
  readonly operator: ChatPage;
  readonly customer: ChatPage;
  readonly items: { readonly operator: ArchiveItem[]; readonly customer: ArchiveItem[] };
}

async function kept(deployment: Deployment, choice?: SignedArchive): Promise<KeptChats> {
  const items = { operator: [] as ArchiveItem[], customer: [] as ArchiveItem[] };
  const end = (side: 'operator' | 'customer'): SessionArchive =>
    new SessionArchive({
      deployment,
      ...(choice ? { place: () => choice } : {}),
      identity: createIdentity(systemRandom),
      name: () => side,
      clock: systemClock,
      random: systemRandom,
      outbox: { put: (item) => items[side].push(item) },
    });
  const chat = await hostChat(true, { operator: end('operator'), customer: end('customer') });
  const [operator, customer] = [chat.page('operator'), chat.page('customer')];
  return { chat, operator, customer, items, [Symbol.asyncDispose]: () => chat[Symbol.asyncDispose]() };
}

const messages = (items: readonly ArchiveItem[], keys: SealKeys = KEYS): TranscriptMessage[] =>
  items.flatMap(({ envelope }) => [...openTranscriptPart(envelope, keys).messages]);

const told = async (page: ChatPage): Promise<unknown> => {
  const state = await page.heard((message) => message.type === 'state' && message.keeping !== undefined);
  return state.type === 'state' ? state.keeping : undefined;
};

test.serial('both people are told before anything can be written, and both ends keep the same', async (t) => {
  await using ends = await kept(DEPLOYMENT);
  const { chat, operator, customer, items } = ends;
  const [first] = [await customer.heard(({ type }) => type === 'state')];
  t.like(first, { open: false });
  t.false('keeping' in first);
  chat.grant();
  t.deepEqual(await told(operator), { kept: true, by: 'relay.example' });
  t.deepEqual(await told(customer), { kept: true, by: 'relay.example' });
  await operator.heard((message) => message.type === 'state' && message.open);
  await customer.heard((message) => message.type === 'state' && message.open);
  operator.say({ type: 'send', text: 'canary one' });
  await customer.shows((entries) => entries.length === 1);
  customer.say({ type: 'send', text: 'canary two' });
  await operator.shows((entries) => entries.length === 2);
  await customer.shows((entries) => entries.every(({ delivery }) => delivery === 'delivered'));
  await operator.shows((entries) => entries.every(({ delivery }) => delivery === 'delivered'));
  await chat.stop();
  for (const side of ['operator', 'customer'] as const) {
    t.deepEqual(
      messages(items[side]).map(({ from, text, delivered }) => [from, text, delivered]),
      [
        ['operator', 'canary one', true],
        ['customer', 'canary two', true],
      ],
    );
    t.false(items[side].some(({ envelope }) => Buffer.from(envelope).includes('canary')));
  }
  const [ours, theirs] = [items.operator[0], items.customer[0]].map((item) =>
    openTranscriptPart(item?.envelope ?? new Uint8Array(), KEYS),
  );
  t.is(ours?.session, theirs?.session);
});

test.serial('what was on its way at the end is kept as not delivered', async (t) => {
  await using ends = await kept(DEPLOYMENT);
  const { chat, operator, items } = ends;
  chat.grant();
  await operator.heard((message) => message.type === 'state' && message.open);
  chat.pair.link.toCustomer.stall();
  operator.say({ type: 'send', text: 'lost' });
  await operator.shows((entries) => entries.length === 1);
  await chat.stop();
  t.deepEqual(
    messages(items.operator).map(({ text, delivered }) => [text, delivered]),
    [['lost', false]],
  );
  t.deepEqual(items.customer, []);
  chat.pair.link.toCustomer.resume();
});

test.serial(
  'a place that the organisation did not sign: neither end keeps anything, both say so',
  async (t) => {
    await using ends = await kept(DEPLOYMENT, choiceBy(createIdentity(systemRandom)));
    const { chat, operator, customer, items } = ends;
    chat.grant();
    t.deepEqual(await told(operator), { kept: false, refused: true });
    t.deepEqual(await told(customer), { kept: false, refused: true });
    await operator.heard((message) => message.type === 'state' && message.open);
    operator.say({ type: 'send', text: 'canary' });
    await customer.shows((entries) => entries.length === 1);
    await operator.shows((entries) => entries.every(({ delivery }) => delivery === 'delivered'));
    await chat.stop();
    t.deepEqual(items, { operator: [], customer: [] });
  },
);

test.serial('without an archive both people read that nothing is kept', async (t) => {
  await using ends = await kept(BARE);
  const { chat, operator, customer, items } = ends;
  chat.grant();
  t.deepEqual(await told(operator), { kept: false, refused: false });
  t.deepEqual(await told(customer), { kept: false, refused: false });
  await operator.heard((message) => message.type === 'state' && message.open);
  operator.say({ type: 'send', text: 'hello' });
  await customer.shows((entries) => entries.length === 1);
  await chat.stop();
  t.deepEqual(items, { operator: [], customer: [] });
});
