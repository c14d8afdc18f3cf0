import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { REQUEST_SCHEME, signRequest, systemRandom } from '@livelet/core';
import test from 'ava';
import { API_ROOT } from '../../src/api/route.js';
import { connectionLogRoutes } from '../../src/connection-log/connection-log-routes.js';
import { forEachEngine } from '../store-fixture.js';
import { DEPLOYMENT, startApi } from './api-fixture.js';

forEachEngine(test, 'a body that doesn’t come, or doesn’t end, has 15 s', async (t, store, place) => {
  const api = await startApi(t, store, place);
  for (const sent of ['', '{"token":']) {
    const socket = connect(api.port, '127.0.0.1');
    const answer = text(socket);
    const head = `POST ${API_ROOT}/enrol HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n${sent}`;
    await new Promise((resolve) => socket.write(head, resolve));
    while (api.clock.pending === 0) await new Promise(setImmediate);
    await api.clock.advance(15_000);
    t.regex(await answer, /^HTTP\/1\.1 408 [\s\S]*\r\n\r\n\{"error":"deadline-exceeded"\}$/);
    t.is(api.clock.pending, 0);
  }
});

forEachEngine(test, 'a body is bounded also when nobody says how long it is', async (t, store, place) => {
  const api = await startApi(t, store, place);
  const socket = connect(api.port, '127.0.0.1');
  const answer = text(socket);
  const head = `POST ${API_ROOT}/enrol HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`;
  socket.write(`${head}${'400\r\n'}${'x'.repeat(1024)}\r\n1\r\nx\r\n`);
  t.regex(await answer, /^HTTP\/1\.1 413 [\s\S]*\{"error":"message-too-large"\}$/);
  if (!socket.destroyed) await once(socket, 'close');
});

forEachEngine(
  test,
  'PROTOCOL.md lists exactly the routes, and for whom they are',
  async (t, store, place) => {
    const { access } = await startApi(t, store, place);
    const page = await readFile(new URL('../../../PROTOCOL.md', import.meta.url), 'utf8');
    const section = page.split('\n## The API\n')[1]?.split('\n## ')[0] ?? '';
    const listed = section.split('\n').flatMap((line) => {
      const [, requests = '', who = ''] = line.split('|');
      return [...requests.matchAll(/`([A-Z]+ \/\S*)`/g)].map(([, request]) => `${request} ${who.trim()}`);
    });
    const routes = [...access.routes, ...connectionLogRoutes({ store, ...access })];
    const ofConsole = ['GET /overview admin', 'POST /console-link admin'];
    t.deepEqual(
      listed.sort(),
      routes
        .map(({ method, path, who }) => `${method} ${path} ${who}`)
        .concat(ofConsole)
        .sort(),
    );
  },
);

for (const [what, method, path, body, error] of [
  ['was revoked', 'POST', 'revoke', undefined, 'operator-revoked'],
  ['is no administrator any more', 'PUT', 'role', { role: 'operator' }, 'admin-required'],
] as const) {
  forEachEngine(test, `who ${what} while their body comes gets nothing`, async (t, store, place) => {
    let calls = 0;
    const handle = async (): Promise<{ status: number }> => {
      calls += 1;
      return { status: 204 };
    };
    const secret = { method: 'POST', path: '/secret', who: 'admin', maxBody: 10, handle } as const;
    const api = await startApi(t, store, place, [secret]);
    const maria = await api.enrol('Maria', 'admin');
    const target = { deploymentId: DEPLOYMENT, method: 'POST', path: `${API_ROOT}/secret` };
    const signed = { ...target, body: Buffer.from('{}') };
    const token = signRequest(maria, signed, api.clock.wallTime(), systemRandom);
    const socket = connect(api.port, '127.0.0.1');
    const answer = text(socket);
    const verified = api.verified.count;
    socket.write(
      `POST ${target.path} HTTP/1.1\r\nHost: x\r\nAuthorization: ${REQUEST_SCHEME} ${token}\r\nContent-Length: 2\r\n\r\n{`,
    );
    while (api.verified.count === verified) await new Promise(setImmediate);
    t.is((await api.ask(api.admin, method, `/operators/${maria.id}/${path}`, { body })).status, 200);
    socket.write('}');
    t.true((await answer).endsWith(`{"error":"${error}"}`));
    t.is(calls, 0);
  });
}
