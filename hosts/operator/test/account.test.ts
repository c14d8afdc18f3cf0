import { userInfo } from 'node:os';
import { systemClock } from '@livelet/core';
import test from 'ava';
import { CustomerNames } from '../src/customer-names.js';
import { RelayAccount } from '../src/relay-account.js';
import { joinAsCustomer, reached, testConsole, testRelay } from './fixture.js';

test('customers see the name on the invitation, unless another one was chosen here', async (t) => {
  const { api, stateDir } = await testRelay(t);
  const names = await CustomerNames.load(stateDir);
  const { name: invited } = (await api.call('GET', '/me')) as { readonly name: string };
  for (const [name, before, after] of [
    [undefined, userInfo().username, invited],
    ['Maria', 'Maria', 'Maria'],
  ] as const) {
    using account = new RelayAccount({ api, clock: systemClock, names, name });
    t.is(account.name, before);
    account.start();
    await account.started;
    t.is(account.name, after);
  }
  t.not(invited, userInfo().username);
});

test('who a session is with is kept from its beginning; one whose program was gone before its end says so', async (t) => {
  const relay = await testRelay(t);
  const { api, stateDir } = relay;
  const names = await CustomerNames.load(stateDir);
  using account = new RelayAccount({ api, clock: systemClock, names });
  const console = await testConsole(t, relay, { account });
  account.start();
  const { promise: named, resolve } = Promise.withResolvers<void>();
  account.onChange(() => {
    if (account.shown.sessions.some(({ customer }) => customer === 'Anna Bianchi')) resolve();
  });
  console.newCode();
  const customer = await joinAsCustomer(t, relay, (await reached(console, 'waiting')).code);
  await named;
  t.like(account.shown.sessions, [{ customer: 'Anna Bianchi', running: true, withoutReceipt: undefined }]);
  await names[Symbol.asyncDispose]();

  const shownAnew = async (): Promise<unknown> => {
    using next = new RelayAccount({ api, clock: systemClock, names: await CustomerNames.load(stateDir) });
    next.start();
    await next.started;
    return next.shown.sessions[0];
  };
  t.like(await shownAnew(), { customer: 'Anna Bianchi', withoutReceipt: true });
  await customer.end('person');
  await reached(console, 'ended');
  await account.sessionEnded('Anna Bianchi');
  await names[Symbol.asyncDispose]();
  t.like(await shownAnew(), { customer: 'Anna Bianchi', withoutReceipt: undefined });
});
