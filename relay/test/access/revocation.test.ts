import { once } from 'node:events';
import { allocateNameplate, createIdentity, relayApi, systemClock, systemRandom } from '@livelet/core';
import test from 'ava';
import { closing, customerSocket, message, OPERATOR, sayingSocket, testRelay } from '../relay-fixture.js';

test('a revoked operator’s session and code end at once, over real sockets', async (t) => {
  const relay = await testRelay(t);
  const { deployment } = relay;
  const admin = relayApi({ deployment, identity: OPERATOR });
  const maria = relayApi({ deployment, identity: createIdentity(systemRandom) });
  const { token } = (await admin.call('POST', '/invitations', { name: 'Maria', role: 'operator' })) as {
    readonly token: string;
  };
  const { operator } = (await maria.call('POST', '/enrol', { token })) as { readonly operator: string };

  const held = await maria.authorized(async (authorization) =>
    sayingSocket(relay, { type: 'allocate', authorization }),
  );
  const { nameplate } = await message(held);
  const customer = customerSocket(relay, nameplate);
  t.deepEqual(await Promise.all([message(held), message(customer)]), [
    { type: 'joined' },
    { type: 'joined' },
  ]);
  const heard = once(customer, 'message');
  held.send(Buffer.from('frame'));
  t.is(String((await heard)[0]), 'frame');
  const waiting = await maria.authorized(async (authorization) =>
    sayingSocket(relay, { type: 'allocate', authorization }),
  );
  await message(waiting);
  t.deepEqual([relay.health().sessions, relay.health().codes], [1, 1]);

  const told = Promise.all([held, waiting, customer].map(closing));
  await admin.call('POST', `/operators/${operator}/revoke`);
  const [session, code] = await told;
  t.is(session, '4015 operatorRevoked');
  t.is(code, '4015 operatorRevoked');
  t.deepEqual([relay.health().sessions, relay.health().codes], [0, 0]);
  await t.throwsAsync(
    maria.authorized((authorization) => allocateNameplate({ deployment, authorization })),
    { code: 'operator-revoked' },
  );
  const { sessions } = (await admin.call('GET', `/history?operator=${operator}`)) as {
    readonly sessions: readonly { readonly ended?: number }[];
  };
  t.is(sessions.length, 1);
  t.is(typeof sessions[0]?.ended, 'number');
});

test('a wrong clock is corrected once, for calls and for codes', async (t) => {
  const relay = await testRelay(t);
  const { deployment } = relay;
  const HOUR = 3_600_000;
  for (const skew of [-HOUR, HOUR]) {
    const clock = { ...systemClock, wallTime: () => Date.now() + skew };
    const api = relayApi({ deployment, identity: OPERATOR, clock });
    let tries = 0;
    const { joined } = await api.authorized((authorization) => {
      tries += 1;
      return allocateNameplate({ deployment, authorization });
    });
    t.is(tries, 2);
    t.truthy(joined);
    t.like(await api.call('GET', '/me'), { role: 'admin' });
    const direct = relayApi({ deployment, identity: OPERATOR, clock });
    t.like(await direct.call('GET', '/me'), { role: 'admin' });
  }
});

test('a clock that stays wrong is said after one correction', async (t) => {
  const relay = await testRelay(t);
  let now = Date.now() + 3_600_000;
  // Jumps with every look at it.
  const clock = { ...systemClock, wallTime: () => (now += 3_600_000) };
  const api = relayApi({ deployment: relay.deployment, identity: OPERATOR, clock });
  await t.throwsAsync(api.call('GET', '/me'), { code: 'clock-wrong' });
});

test('an authorization is good for one code', async (t) => {
  const relay = await testRelay(t);
  const authorization = relay.authorize();
  const { deployment } = relay;
  await allocateNameplate({ deployment, authorization });
  await t.throwsAsync(allocateNameplate({ deployment, authorization }), { code: 'relay-token-refused' });
});
