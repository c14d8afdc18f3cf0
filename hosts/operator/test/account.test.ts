import { userInfo } from 'node:os';
import { systemClock } from '@livelet/core';
import test from 'ava';
import { RelayAccount } from '../src/relay-account.js';
import { testRelay } from './fixture.js';

test('customers see the name on the invitation, unless another one was chosen here', async (t) => {
  const { api } = await testRelay(t);
  const { name: invited } = (await api.call('GET', '/me')) as { readonly name: string };
  for (const [name, before, after] of [
    [undefined, userInfo().username, invited],
    ['Maria', 'Maria', 'Maria'],
  ] as const) {
    using account = new RelayAccount({ api, clock: systemClock, name });
    t.is(account.name, before);
    account.start();
    await account.started;
    t.is(account.name, after);
  }
  t.not(invited, userInfo().username);
});
