import { type ChatParticipantUnderTest, testChatParticipant } from '@livelet/compliance';
import { CHAT_PATH, type ChatReceipt } from '@livelet/core';
import { SimulatedRelay } from '@livelet/core/test-support';
import test from 'ava';
import { hostChat } from './hosted-chat.js';

const SERVICE = {
  serves: [{ path: CHAT_PATH, capability: 'chat', priority: 'chat' }],
  opens: [{ path: CHAT_PATH, priority: 'chat' }],
} as const;

testChatParticipant(
  (title, body) => test.serial(title, body),
  async (): Promise<ChatParticipantUnderTest> => {
    const hosted = await hostChat(false);
    hosted.grant();
    const page = hosted.page('customer');
    const channel = hosted.pair.operator.pluginChannel(SERVICE);
    const peer = channel.remote<{ deliver(message: unknown): ChatReceipt }>(CHAT_PATH);
    return {
      deliver: async (message) => await peer.deliver(message),
      async shown() {
        await page.heard(({ type }) => type === 'state');
        return page.entries().map(({ text }) => text);
      },
      async [Symbol.asyncDispose]() {
        channel[Symbol.dispose]();
        await hosted[Symbol.asyncDispose]();
      },
    };
  },
);

test.serial('messages go both ways, in order, and are marked as delivered', async (t) => {
  await using hosted = await hostChat();
  hosted.grant();
  const operator = hosted.page('operator');
  const customer = hosted.page('customer');
  await operator.heard((message) => message.type === 'state' && message.open);
  for (const text of ['one', 'two', 'three']) operator.say({ type: 'send', text });
  await customer.shows((entries) => entries.length === 3);
  customer.say({ type: 'send', text: 'four' });
  const shown = await operator.shows(
    (entries) => entries.length === 4 && entries.every(({ delivery }) => delivery === 'delivered'),
  );
  t.deepEqual(
    shown.map(({ mine, text }) => [mine, text]),
    [
      [true, 'one'],
      [true, 'two'],
      [true, 'three'],
      [false, 'four'],
    ],
  );
  const again = hosted.page('operator');
  t.is((await again.shows((entries) => entries.length === 4)).length, 4);
});

test.serial(
  'what is sent while chat is not allowed is marked, and can be sent again once it is',
  async (t) => {
    await using hosted = await hostChat();
    const operator = hosted.page('operator');
    const customer = hosted.page('customer');
    operator.say({ type: 'send', text: 'hello' });
    const [failed] = await operator.shows((entries) => entries[0]?.delivery === 'failed');
    t.deepEqual(customer.entries(), []);
    hosted.grant();
    await operator.heard((message) => message.type === 'state' && message.open);
    operator.say({ type: 'resend', id: failed?.id ?? '' });
    await operator.shows((entries) => entries[0]?.delivery === 'delivered');
    t.deepEqual(
      customer.entries().map(({ text }) => text),
      ['hello'],
    );
  },
);

test.serial('a revoked chat delivers nothing more', async (t) => {
  await using hosted = await hostChat();
  hosted.grant();
  const operator = hosted.page('operator');
  const customer = hosted.page('customer');
  await operator.heard((message) => message.type === 'state' && message.open);
  operator.say({ type: 'send', text: 'before' });
  await operator.shows((entries) => entries[0]?.delivery === 'delivered');
  hosted.pair.customer.ownGrants.revoke('chat');
  operator.say({ type: 'send', text: 'after' });
  await operator.shows((entries) => entries[1]?.delivery === 'failed');
  t.deepEqual(
    customer.entries().map(({ text }) => text),
    ['before'],
  );
});

test.serial(
  'a message of 1 MB is refused by the sender, and by the receiver if it is sent all the same',
  async (t) => {
    await using hosted = await hostChat();
    hosted.grant();
    const operator = hosted.page('operator');
    operator.say({ type: 'send', text: 'x'.repeat(1024 * 1024) });
    t.deepEqual(await operator.heard(({ type }) => type === 'refused'), {
      type: 'refused',
      error: 'chat-too-long',
    });
    t.deepEqual(operator.entries(), []);

    await using hostile = await hostChat(false);
    hostile.grant();
    const page = hostile.page('customer');
    using channel = hostile.pair.operator.pluginChannel(SERVICE);
    const peer = channel.remote<{ deliver(message: unknown): ChatReceipt }>(CHAT_PATH);
    const send = (length: number): Promise<ChatReceipt> =>
      peer.deliver({ id: 'one', text: 'x'.repeat(length), at: 1 });
    await t.throwsAsync(send(200 * 1024), { code: 'chat-too-long' });
    await t.throwsAsync(send(1024 * 1024), { code: 'message-too-large' });
    await send(10);
    t.is((await page.shows((entries) => entries.length > 0)).length, 1);
  },
);

test.serial('text that no page sends is refused with a code', async (t) => {
  await using hosted = await hostChat();
  hosted.grant();
  const operator = hosted.page('operator');
  operator.say({ type: 'send', text: 7 as unknown as string });
  t.deepEqual(await operator.heard(({ type }) => type === 'refused'), {
    type: 'refused',
    error: 'chat-malformed',
  });
});

test.serial('messages that wait for a connection that is stuck are bounded', async (t) => {
  await using hosted = await hostChat();
  hosted.grant();
  const operator = hosted.page('operator');
  await operator.heard((message) => message.type === 'state' && message.open);
  hosted.pair.link.toCustomer.stall();
  for (let n = 0; n < 100; n += 1) operator.say({ type: 'send', text: `${n}` });
  const shown = await operator.shows((entries) => entries.length === 100);
  t.is(shown.filter(({ delivery }) => delivery === 'sending').length, 20);
  t.is(shown.filter(({ delivery }) => delivery === 'failed').length, 80);
  hosted.pair.link.toCustomer.resume();
});

test.serial(
  'what is written while the line is down arrives once it is back, once each and in order',
  async (t) => {
    const relay = new SimulatedRelay();
    await using hosted = await hostChat(true, {}, relay);
    hosted.grant();
    const operator = hosted.page('operator');
    const customer = hosted.page('customer');
    await operator.heard((message) => message.type === 'state' && message.open);
    await customer.heard((message) => message.type === 'state' && message.open);
    relay.down = true;
    hosted.pair.link.cut();
    for (const text of ['one', 'two', 'three']) operator.say({ type: 'send', text });
    customer.say({ type: 'send', text: 'four' });
    await hosted.pair.clock.advance(60_000);
    t.deepEqual(new Set(operator.entries().map(({ delivery }) => delivery)), new Set(['sending']));
    relay.down = false;
    await hosted.pair.clock.advance(10_000);
    const theirs = (page: typeof operator): Promise<string[]> =>
      page
        .shows((entries) => entries.length === 4 && entries.every(({ delivery }) => delivery === 'delivered'))
        .then((entries) => entries.filter(({ mine }) => !mine).map(({ text }) => text));
    t.deepEqual(await theirs(customer), ['one', 'two', 'three']);
    t.deepEqual(await theirs(operator), ['four']);
  },
);
