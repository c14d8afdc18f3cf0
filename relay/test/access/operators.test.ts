import { access as accessFile, readFile, stat } from 'node:fs/promises';
import { createIdentity, fingerprint, identityFromSeed, keyText, systemRandom } from '@livelet/core';
import test from 'ava';
import { openAccess } from '../../src/access/access.js';
import { forEachEngine } from '../store-fixture.js';
import { STRANGER, startApi } from './api-fixture.js';

const DAY = 24 * 60 * 60 * 1000;

forEachEngine(
  test,
  'the first administrator’s token is private, good once, and gone after it',
  async (t, store, place) => {
    const api = await startApi(t, store, place);
    await t.throwsAsync(accessFile(api.access.firstAdminFile), { code: 'ENOENT' });
    const { json } = await api.ask(api.admin, 'GET', '/me');
    t.deepEqual(json, { operator: api.admin.id, name: 'Anna', role: 'admin', organisation: '' });
  },
);

forEachEngine(
  test,
  'a relay without an administrator keeps a good token in its folder',
  async (t, store, place) => {
    const { stateDir } = place;
    let now = Date.UTC(2026, 0, 1);
    const clock = { now: () => now, wallTime: () => now, setTimer: () => ({ [Symbol.dispose]: () => {} }) };
    const open = async (): Promise<string> => {
      const parts = { store, stateDir, deploymentId: 'house', clock, onFailure: () => t.fail() };
      await using access = await openAccess(parts);
      t.is((await stat(access.firstAdminFile)).mode & 0o777, 0o600);
      return readFile(access.firstAdminFile, 'utf8');
    };
    const first = await open();
    t.regex(first, /^[\w-]{43}\n$/);
    t.is(await open(), first);
    now += 7 * DAY;
    t.not(await open(), first);
  },
);

forEachEngine(
  test,
  'a token lets one key in; unknown, used, expired and cancelled ones are the same',
  async (t, store, place) => {
    const api = await startApi(t, store, place);
    const invite = async (): Promise<{ token: string; id: string }> =>
      (await api.ask(api.admin, 'POST', '/invitations', { body: { name: 'Maria Rossi', role: 'operator' } }))
        .json;
    const enrol = (token: string, seed: number): ReturnType<typeof api.ask> =>
      api.ask(identityFromSeed(new Uint8Array(32).fill(seed)), 'POST', '/enrol', {
        body: { token },
        source: `192.0.2.${seed}`,
      });
    const used = await invite();
    const expired = await invite();
    const cancelled = await invite();
    t.is((await enrol(used.token, 10)).status, 201);
    t.is((await api.ask(api.admin, 'DELETE', `/invitations/${cancelled.id}`)).status, 204);
    t.is((await api.ask(api.admin, 'DELETE', `/invitations/${used.id}`)).json.error, 'entry-unknown');
    await api.clock.advance(7 * DAY);
    for (const [seed, token] of [used.token, expired.token, cancelled.token, 'x'.repeat(43)].entries()) {
      const { status, json } = await enrol(token, 20 + seed);
      t.deepEqual([status, json], [403, { error: 'enrolment-refused' }]);
    }
    t.deepEqual((await api.ask(api.admin, 'GET', '/invitations')).json, { invitations: [] });
  },
);

forEachEngine(
  test,
  'an enrolled key isn’t enrolled twice, and the token stays good',
  async (t, store, place) => {
    const api = await startApi(t, store, place);
    const body = { name: 'Maria', role: 'operator' };
    const { token } = (await api.ask(api.admin, 'POST', '/invitations', { body })).json;
    t.is((await api.ask(api.admin, 'POST', '/enrol', { body: { token } })).json.error, 'enrolment-refused');
    t.is((await api.ask(STRANGER, 'POST', '/enrol', { body: { token } })).status, 201);
  },
);

forEachEngine(test, 'two keys at once: one gets in', async (t, store, place) => {
  const api = await startApi(t, store, place);
  const body = { name: 'Maria', role: 'operator' };
  const { token } = (await api.ask(api.admin, 'POST', '/invitations', { body })).json;
  const answers = await Promise.all(
    [1, 2, 3, 4].map(() => api.ask(createIdentity(systemRandom), 'POST', '/enrol', { body: { token } })),
  );
  t.deepEqual(answers.map(({ status }) => status).sort(), [201, 403, 403, 403]);
});

forEachEngine(
  test,
  'a weak key is refused with a good token, guessing tokens is slowed down',
  async (t, store, place) => {
    const api = await startApi(t, store, place);
    const { json } = await api.ask(api.admin, 'POST', '/invitations', {
      body: { name: 'M', role: 'operator' },
    });
    const identity = STRANGER;
    // The identity element: under it one signature fits every message.
    const weak = { ...identity, publicKey: Uint8Array.from([1, ...new Uint8Array(31)]) };
    const refused = await api.ask(weak, 'POST', '/enrol', { body: { token: json.token } });
    t.is(refused.json.error, 'relay-token-refused');
    t.is(api.verified.count, 1, 'only the invitation’s own signature was looked at');

    const guess = (): ReturnType<typeof api.ask> =>
      api.ask(identity, 'POST', '/enrol', { body: { token: 'y'.repeat(43) }, source: '198.51.100.1' });
    for (let count = 0; count < 6; count += 1) t.is((await guess()).json.error, 'enrolment-refused');
    t.is((await guess()).json.error, 'relay-too-many-requests');
    await api.clock.advance(10_000);
    t.is((await guess()).json.error, 'enrolment-refused');
    t.is(api.verified.count, 1);
  },
);

forEachEngine(
  test,
  'a revoked operator is out at once, and the same one when invited again',
  async (t, store, place) => {
    const api = await startApi(t, store, place);
    const maria = await api.enrol('Maria', 'operator');
    const revoked: string[] = [];
    api.access.gate.onRevoked((operator) => revoked.push(operator));
    t.is((await api.ask(maria, 'GET', '/me')).status, 200);
    t.is((await api.ask(api.admin, 'POST', `/operators/${maria.id}/revoke`)).status, 200);
    t.deepEqual(revoked, [maria.id]);
    t.is((await api.ask(maria, 'GET', '/me')).json.error, 'operator-revoked');
    t.is((await api.ask(api.admin, 'POST', `/operators/${maria.id}/revoke`)).json.error, 'entry-unknown');

    const { token } = (
      await api.ask(api.admin, 'POST', '/invitations', { body: { name: 'M', role: 'admin' } })
    ).json;
    t.is((await api.ask(maria, 'POST', '/enrol', { body: { token } })).json.operator, maria.id);
    t.is((await api.ask(maria, 'GET', '/me')).json.role, 'admin');
  },
);

forEachEngine(
  test,
  'the last administrator stays; of two who revoke each other at once one does',
  async (t, store, place) => {
    const api = await startApi(t, store, place);
    const { id } = api.admin;
    t.is((await api.ask(api.admin, 'POST', `/operators/${id}/revoke`)).json.error, 'last-admin');
    const body = { role: 'operator' };
    t.is((await api.ask(api.admin, 'PUT', `/operators/${id}/role`, { body })).json.error, 'last-admin');

    const other = await api.enrol('Berta', 'admin');
    const answers = await Promise.all([
      api.ask(api.admin, 'POST', `/operators/${other.id}/revoke`),
      api.ask(other, 'POST', `/operators/${id}/revoke`),
    ]);
    // The other one is refused as no administrator or as revoked, whichever it meets first.
    t.is(answers.filter(({ status }) => status === 200).length, 1);
    t.true(api.access.operators.hasAdmin());
  },
);

forEachEngine(
  test,
  'roles count from the next request on, and survive a restart',
  async (t, store, place) => {
    const api = await startApi(t, store, place);
    const maria = await api.enrol('Maria', 'operator');
    t.is((await api.ask(maria, 'GET', '/operators')).status, 403);
    await api.ask(api.admin, 'PUT', `/operators/${maria.id}/role`, { body: { role: 'admin' } });
    const { json } = await api.ask(maria, 'GET', '/operators');
    t.like(json.operators, [
      { name: 'Anna' },
      {
        name: 'Maria',
        publicKey: keyText(maria.publicKey),
        fingerprint: fingerprint(maria.publicKey),
      },
    ]);
    t.is(
      (await api.ask(api.admin, 'PUT', `/operators/${maria.id}/role`, { body: { role: 'x' } })).status,
      400,
    );

    const { clock } = api;
    const parts = {
      store,
      stateDir: place.stateDir,
      deploymentId: 'house',
      clock,
      onFailure: () => t.fail(),
    };
    await using again = await openAccess(parts);
    t.deepEqual(
      again.operators.list().map(({ name, role }) => [name, role]),
      [
        ['Anna', 'admin'],
        ['Maria', 'admin'],
      ],
    );
  },
);

forEachEngine(test, 'an organisation has a name', async (t, store, place) => {
  const api = await startApi(t, store, place);
  t.is(
    (await api.ask(api.admin, 'PUT', '/organisation', { body: { name: ' Bianchi\u0007 srl ' } })).status,
    204,
  );
  t.is((await api.ask(api.admin, 'GET', '/me')).json.organisation, 'Bianchi srl');
  t.is((await api.ask(api.admin, 'PUT', '/organisation', { body: { name: 'x'.repeat(129) } })).status, 400);
});

for (const [what, method, path, body] of [
  ['revoked', 'POST', 'revoke', undefined],
  ['made an operator', 'PUT', 'role', { role: 'operator' }],
] as const) {
  forEachEngine(
    test,
    `an administrator who is ${what} doesn’t come back by an invitation of their own`,
    async (t, store, place) => {
      const api = await startApi(t, store, place);
      const thief = await api.enrol('Thief', 'admin');
      const invite = { body: { name: 'Thief again', role: 'admin' } };
      const { token } = (await api.ask(thief, 'POST', '/invitations', invite)).json;
      const { id } = (await api.ask(api.admin, 'POST', '/invitations', invite)).json;
      t.is((await api.ask(api.admin, method, `/operators/${thief.id}/${path}`, { body })).status, 200);
      const { json } = await api.ask(api.admin, 'GET', '/invitations');
      t.deepEqual(
        json.invitations.map((invitation: { id: string }) => invitation.id),
        [id],
        'others’ stay',
      );
      t.is((await api.ask(STRANGER, 'POST', '/enrol', { body: { token } })).json.error, 'enrolment-refused');
      t.true((await api.ask(api.admin, 'GET', '/audit/verify')).json.intact);
    },
  );
}
