import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { freePort } from '@livelet/core/test-support';
import { RELAY_ALPN, RELAY_PATH } from '@livelet/core/wire';
import test, { type ExecutionContext } from 'ava';
import { generate } from 'selfsigned';
import { WebSocket } from 'ws';
import { startRelay } from '../src/index.js';
import { ask, gone, pair, sourceOf, tcp, WAYS, type Way } from './abuse/visitor.js';
import { startHaproxy, startNginx } from './front-proxy.js';
import { closing, type TestRelay, temporaryFolder, testRelay } from './relay-fixture.js';

const JOIN = { type: 'join', nameplate: '00000' };
const PROXY = '127.0.0.1';
/** Enough for a session, and one guess. */
const settings = { claimsPerMinute: 1 };
const behind = { behindTlsProxy: true, trustedProxies: [PROXY], publicUrl: 'wss://relay.example', settings };

/** A key with its certificate in one file and in two, as proxies want them. */
async function certificate(folder: string): Promise<{ both: string; cert: string; key: string }> {
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
  });
  const files = {
    both: join(folder, 'both.pem'),
    cert: join(folder, 'cert.pem'),
    key: join(folder, 'key.pem'),
  };
  await writeFile(files.both, `${made.cert}\n${made.private}`);
  await writeFile(files.cert, made.cert);
  await writeFile(files.key, made.private, { mode: 0o600 });
  return files;
}

/** Each source has its own guesses, whoever else comes through the same proxy; and pairs are joined through it. */
async function assertTrueSources(
  t: ExecutionContext,
  relay: TestRelay,
  port: number,
  ways: readonly Way[],
): Promise<void> {
  for (const [index, way] of ways.entries()) {
    const [first, second, third] = [3 * index + 1, 3 * index + 2, 3 * index + 3].map(sourceOf);
    t.is(await ask(way, port, JOIN, first), 'codeNotValid');
    t.is(await ask(way, port, JOIN, first), 'tooManyRequests');
    t.is(await ask(way, port, JOIN, second), 'codeNotValid');
    const { operator, customer } = await pair(way, port, relay.authorize(), third);
    operator.frame(Buffer.from(way));
    t.is(String(await customer.take()), way);
  }
}

test('haproxy in TCP mode passes TLS through, and tells the source with PROXY v2', async (t) => {
  const relay = await testRelay(t, { trustedProxies: [PROXY], settings });
  const port = await freePort();
  const sections = `listen relay\n  bind ${PROXY}:${port}\n  mode tcp\n  server one ${PROXY}:${relay.port} send-proxy-v2`;
  await startHaproxy(t, await temporaryFolder(t), port, sections);
  await assertTrueSources(t, relay, port, WAYS);
});

test('haproxy in TCP mode ends TLS; both ways in are told apart by their first byte', async (t) => {
  const folder = await temporaryFolder(t);
  const { both } = await certificate(folder);
  const relay = await testRelay(t, behind);
  const port = await freePort();
  const sections = `listen relay\n  bind ${PROXY}:${port} ssl crt ${both} alpn ${RELAY_ALPN},http/1.1\n  mode tcp
  server one ${PROXY}:${relay.port} send-proxy-v2`;
  await startHaproxy(t, folder, port, sections);
  await assertTrueSources(t, relay, port, WAYS);
});

test('haproxy reaches the relay through a unix socket', async (t) => {
  const folder = await temporaryFolder(t);
  const { both } = await certificate(folder);
  const socketPath = join(folder, 'relay.sock');
  const relay = await testRelay(t, { ...behind, trustedProxies: [], socketPath });
  const port = await freePort();
  const sections = `listen relay\n  bind ${PROXY}:${port} ssl crt ${both} alpn ${RELAY_ALPN},http/1.1\n  mode tcp
  server one unix@${socketPath} send-proxy`;
  await startHaproxy(t, folder, port, sections);
  await assertTrueSources(t, relay, port, WAYS);
});

test('haproxy in HTTP mode tells the source with X-Forwarded-For', async (t) => {
  const folder = await temporaryFolder(t);
  const { both } = await certificate(folder);
  const relay = await testRelay(t, behind);
  const port = await freePort();
  const sections = `listen relay\n  bind ${PROXY}:${port} ssl crt ${both} alpn http/1.1\n  mode http\n  option forwardfor
  server one ${PROXY}:${relay.port}`;
  await startHaproxy(t, folder, port, sections);
  await assertTrueSources(t, relay, port, ['websocket']);
});

test('nginx tells the source with X-Forwarded-For, and what a customer wrote there themself means nothing', async (t) => {
  const folder = await temporaryFolder(t);
  const { cert, key } = await certificate(folder);
  const relay = await testRelay(t, behind);
  const port = await freePort();
  const http = `server {
    listen ${PROXY}:${port} ssl; ssl_certificate ${cert}; ssl_certificate_key ${key};
    location / {
      proxy_pass http://${PROXY}:${relay.port}; proxy_http_version 1.1; proxy_read_timeout 120s;
      proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }
  }`;
  await startNginx(t, folder, port, http);
  await assertTrueSources(t, relay, port, ['websocket']);
  const forged = (address: string): Promise<string> => {
    const socket = new WebSocket(`wss://${PROXY}:${port}${RELAY_PATH}`, {
      localAddress: sourceOf(9),
      rejectUnauthorized: false,
      headers: { 'x-forwarded-for': address },
    });
    socket.once('open', () => socket.send(JSON.stringify(JOIN)));
    return closing(socket);
  };
  t.is(await forged('198.51.100.1'), '4002 codeNotValid');
  t.is(await forged('198.51.100.2'), '4004 tooManyRequests');
});

const HEADER = Buffer.from('PROXY TCP4 198.51.100.7 203.0.113.5 54321 443\r\n');

test('a PROXY header from anyone else is a broken handshake', async (t) => {
  const dropped: (string | undefined)[] = [];
  const log = {
    write: ({ event, reason }: { event: string; reason?: string }) =>
      event === 'dropped' && dropped.push(reason),
  };
  const relay = await testRelay(t, { trustedProxies: ['192.0.2.1'], log });
  const socket = await tcp(relay.port);
  socket.write(HEADER);
  socket.resume();
  await gone(socket);
  t.deepEqual(dropped, ['handshakeFailed']);
});

test('behind a proxy that ends TLS nobody else gets an answer', async (t) => {
  const relay = await testRelay(t, behind);
  const socket = await tcp(relay.port, sourceOf(1));
  socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
  const received: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => received.push(chunk));
  await gone(socket);
  t.deepEqual(received, []);
});

test('a broken PROXY header, and one that trickles, are cut', async (t) => {
  const relay = await testRelay(t, { trustedProxies: [PROXY], settings: { headersMs: 500 } });
  for (const bytes of ['PROXY nonsense\r\n', 'PROXY TCP4 198.51']) {
    const socket = await tcp(relay.port);
    socket.write(bytes);
    socket.resume();
    await t.notThrowsAsync(gone(socket), bytes);
  }
});

test('a trusted proxy may send TLS right behind its header, in one piece', async (t) => {
  const relay = await testRelay(t, { trustedProxies: [PROXY] });
  const below = await tcp(relay.port);
  below.write(HEADER);
  const socket = connectTls({ socket: below, rejectUnauthorized: false, ALPNProtocols: [RELAY_ALPN] });
  await t.notThrowsAsync(new Promise((resolve) => socket.once('secureConnect', resolve)));
  t.is(socket.alpnProtocol, RELAY_ALPN);
  socket.destroy();
});

test('a relay without TLS of its own does not start where others could reach it', async (t) => {
  const stateDir = await temporaryFolder(t);
  const cases: [options: object, option: string][] = [
    [{ host: undefined }, 'host'],
    [{ host: '0.0.0.0' }, 'host'],
    [{ host: '203.0.113.5' }, 'host'],
    [{ host: 'relay.example' }, 'host'],
    [{ trustedProxies: [] }, 'trusted-proxies'],
    [{ publicUrl: undefined }, 'public-url'],
    [{ behindTlsProxy: false, socketPath: join(stateDir, 'x.sock') }, 'socket-path'],
  ];
  for (const [options, option] of cases) {
    const start = startRelay({ host: PROXY, port: 0, stateDir, ...behind, ...options });
    t.like(await t.throwsAsync(start), { code: 'option-invalid', data: { option } }, option);
  }
});
