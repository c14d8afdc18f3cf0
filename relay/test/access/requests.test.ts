import { identityFromSeed, REQUEST_SCHEME, signRequest, systemRandom } from '@livelet/core';
import test from 'ava';
import { API_ROOT, type Route } from '../../src/api/route.js';
import { forEachEngine } from '../store-fixture.js';
import { type Api, DEPLOYMENT, STRANGER, startApi } from './api-fixture.js';

const ECHO: Route = {
  method: 'POST',
  path: '/echo/:what',
  who: 'operator',
  maxBody: 16,
  handle: async ({ body, params }) => ({ status: 200, json: { body: body.toString(), what: params.what } }),
};
const BROKEN: Route = {
  method: 'GET',
  path: '/broken',
  who: 'anyone',
  maxBody: 0,
  handle: async () => {
    throw new TypeError('a secret inside');
  },
};

const token = (api: Api, path: string, body?: Uint8Array): string => {
  const target = { deploymentId: DEPLOYMENT, method: 'POST', path: `${API_ROOT}${path}`, body };
  return signRequest(api.admin, target, api.clock.wallTime(), systemRandom);
};

forEachEngine(
  test,
  'what costs nothing is refused before a signature is looked at',
  async (t, store, place) => {
    const api = await startApi(t, store, place);
    const refused = async (expected: string, asked: ReturnType<Api['ask']>): Promise<void> => {
      const { status, json } = await asked;
      t.is(json.error, expected);
      t.is(status, 401);
      t.is(api.verified.count, 0, expected);
    };
    await refused('operator-not-enrolled', api.ask(STRANGER, 'GET', '/me'));
    await refused('relay-token-refused', api.ask(api.admin, 'GET', '/me', { authorization: 'Livelet x' }));
    await refused('relay-token-refused', api.ask(api.admin, 'GET', '/me', { authorization: 'Bearer x' }));
    await refused('clock-wrong', api.ask(api.admin, 'GET', '/me', { skew: 60_001 }));
    await refused('clock-wrong', api.ask(api.admin, 'GET', '/me', { skew: -60_001 }));
    t.is((await api.ask(api.admin, 'GET', '/me')).status, 200);
    t.is(api.verified.count, 1);
  },
);

forEachEngine(test, 'a wrong clock is told the relay’s time', async (t, store, place) => {
  const api = await startApi(t, store, place);
  const { json } = await api.ask(api.admin, 'GET', '/me', { skew: 3_600_000 });
  t.deepEqual(json, { error: 'clock-wrong', time: api.clock.wallTime() });
});

forEachEngine(
  test,
  'a token is good once, for its body, its path and its deployment',
  async (t, store, place) => {
    const api = await startApi(t, store, place, [ECHO]);
    const body = { a: 1 };
    const good = `${REQUEST_SCHEME} ${token(api, '/echo/x', Buffer.from(JSON.stringify(body)))}`;
    const first = await api.ask(api.admin, 'POST', '/echo/x', { body, authorization: good });
    t.deepEqual(first.json, { body: '{"a":1}', what: 'x' });
    const again = await api.ask(api.admin, 'POST', '/echo/x', { body, authorization: good });
    t.is(again.json.error, 'relay-token-refused');

    const other = `${REQUEST_SCHEME} ${token(api, '/echo/x', Buffer.from('{"a":2}'))}`;
    t.is(
      (await api.ask(api.admin, 'POST', '/echo/x', { body, authorization: other })).json.error,
      'relay-token-refused',
    );
    const elsewhere = `${REQUEST_SCHEME} ${token(api, '/echo/y', Buffer.from(JSON.stringify(body)))}`;
    t.is(
      (await api.ask(api.admin, 'POST', '/echo/x', { body, authorization: elsewhere })).json.error,
      'relay-token-refused',
    );
    const { json } = await api.ask(api.admin, 'GET', '/me', { deploymentId: 'other' });
    t.is(json.error, 'relay-token-refused');
  },
);

forEachEngine(test, 'a token of the time before the relay began is not taken', async (t, store, place) => {
  const api = await startApi(t, store, place);
  t.is((await api.ask(api.admin, 'GET', '/me', { skew: -1 })).json.error, 'clock-wrong');
  await api.clock.advance(1);
  t.is((await api.ask(api.admin, 'GET', '/me', { skew: -1 })).status, 200);
});

forEachEngine(
  test,
  'wrong signatures make their source wait, doubling, and nobody else',
  async (t, store, place) => {
    const api = await startApi(t, store, place);
    const wrong = (): ReturnType<Api['ask']> => api.ask(api.admin, 'GET', '/me', { deploymentId: 'other' });
    for (const _ of [1, 2, 3]) t.is((await wrong()).json.error, 'relay-token-refused');
    const looked = api.verified.count;
    for (const waitMs of [1000, 2000, 4000]) {
      t.is((await wrong()).json.error, 'relay-too-many-requests');
      t.is((await api.ask(api.admin, 'GET', '/me')).status, 429);
      await api.clock.advance(waitMs - 1);
      t.is((await wrong()).json.error, 'relay-too-many-requests');
      await api.clock.advance(1);
      t.is((await wrong()).json.error, 'relay-token-refused');
    }
    t.is(api.verified.count, looked + 3);
    t.is((await api.ask(api.admin, 'GET', '/me', { source: '192.0.2.2' })).status, 200);
  },
);

forEachEngine(
  test,
  'only known routes, small bodies, and no reason of ours is told',
  async (t, store, place) => {
    const api = await startApi(t, store, place, [ECHO, BROKEN]);
    for (const [method, path] of [
      ['GET', '/nothing'],
      ['DELETE', '/me'],
      ['GET', '/me/'],
      ['GET', '/%6de'],
      ['POST', '/echo/a%2Fb'],
    ] as const) {
      const { status, json } = await api.ask(api.admin, method, path);
      t.is(status, 404, path);
      t.deepEqual(json, { error: 'entry-unknown' });
    }
    const long = await api.ask(api.admin, 'POST', '/echo/x', { body: 'x'.repeat(20) });
    t.deepEqual([long.status, long.json], [413, { error: 'message-too-large' }]);
    const broken = await api.ask(api.admin, 'GET', '/broken');
    t.deepEqual([broken.status, broken.json], [500, { error: 'internal' }]);
    t.is(api.failures.length, 1);
  },
);

forEachEngine(test, 'an operator is no administrator, nobody is nobody', async (t, store, place) => {
  const api = await startApi(t, store, place);
  const operator = await api.enrol('Maria', 'operator');
  for (const path of ['/operators', '/invitations', '/audit', '/audit/verify']) {
    const { status, json } = await api.ask(operator, 'GET', path);
    t.deepEqual([status, json], [403, { error: 'admin-required' }]);
    const stranger = await api.ask(identityFromSeed(new Uint8Array(32).fill(3)), 'GET', path);
    t.is(stranger.status, 401);
  }
  const { json } = await api.ask(operator, 'GET', '/me');
  t.deepEqual(json, { operator: operator.id, name: 'Maria', role: 'operator', organisation: '' });
});
