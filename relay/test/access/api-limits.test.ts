import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import test from 'ava';
import { API_ROOT } from '../../src/api/route.js';
import { connectionLogRoutes } from '../../src/connection-log/connection-log-routes.js';
import { forEachEngine } from '../store-fixture.js';
import { startApi } from './api-fixture.js';

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
