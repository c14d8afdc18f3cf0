import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { inspect } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { systemClock } from '../../src/clock.js';
import { LiveletError } from '../../src/errors.js';
import { relayAddress } from '../../src/transport/deployment.js';
import { dialRelay } from '../../src/transport/dial.js';
import { type ProxyServer, parseProxy, proxyLabel } from '../../src/transport/proxy.js';
import type { RelayLink } from '../../src/transport/relay-link.js';
import { tlsDial } from '../../src/transport/tls-dial.js';
import { startTinyProxy, TINY_PROXY_ADDRESS } from '../../test-support/tiny-proxy.js';
import { type StandIn, standIn, type Way } from './relay-stand-in.js';

const PASSWORD = 'opensesame';
const CREDENTIALS = { user: 'ali', password: PASSWORD };

/** A relay that is reached through its proxies only. */
const guarded = (t: ExecutionContext, ways?: readonly Way[]): Promise<StandIn> =>
  standIn(t, ways, (address) => address === TINY_PROXY_ADDRESS);

async function proxyFor(t: ExecutionContext, port: number, basicAuth?: string): Promise<ProxyServer> {
  const proxy = await startTinyProxy({
    connectPort: port,
    ...(basicAuth === undefined ? {} : { basicAuth }),
  });
  t.teardown(() => proxy[Symbol.asyncDispose]());
  return { host: '127.0.0.1', port: proxy.port };
}

const dial = ({ deployment }: StandIn, proxy?: ProxyServer): Promise<RelayLink> =>
  dialRelay({ deployment, clock: systemClock, proxy: async () => proxy });

async function errorOf(attempt: Promise<unknown>): Promise<LiveletError> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof LiveletError) return error;
    throw error;
  }
  throw new Error('it worked');
}

const THROUGH: readonly [Way, string][] = [
  ['tls-tcp', 'proxy-required'],
  ['websocket', 'proxy-websocket-only'],
];
for (const [way, why] of THROUGH) {
  for (const basicAuth of [undefined, `ali ${PASSWORD}`]) {
    test(`${way} goes through a proxy ${basicAuth ? 'with' : 'without'} a password where the direct way is closed`, async (t) => {
      const relay = await guarded(t, [way]);
      t.is((await errorOf(dial(relay))).code, 'relay-unreachable');
      const proxy = await proxyFor(t, relayAddress(relay.deployment).port, basicAuth);
      const next = relay.next();
      const link = await dial(
        relay,
        basicAuth === undefined ? proxy : { ...proxy, credentials: CREDENTIALS },
      );
      t.deepEqual(link.route, { kind: way, proxy: `127.0.0.1:${proxy.port}`, why } as typeof link.route);
      link.sendMessage('hello');
      const side = await next;
      t.is(await side.heard(), 'hello');
      side.message('welcome');
      t.is(await link.nextMessage(AbortSignal.timeout(20_000)), 'welcome');
      link.close();
    });
  }
}

test('a proxy that wants a password says so, and for a wrong one again; nobody reads it in the error', async (t) => {
  const relay = await guarded(t);
  const proxy = await proxyFor(t, relayAddress(relay.deployment).port, `ali ${PASSWORD}`);
  const data = { proxy: proxyLabel(proxy) };
  t.like(await errorOf(dial(relay, proxy)), { code: 'proxy-authentication-required', data });
  const wrong = { ...proxy, credentials: { user: 'ali', password: 'wrong-secret' } };
  const error = await errorOf(dial(relay, wrong));
  t.like(error, { code: 'proxy-authentication-required', data });
  t.notRegex(inspect(error, { depth: 10, showHidden: true }), /wrong-secret|YWxpOndyb25nLXNlY3JldA/);
  t.is(relay.connections(), 0);
});

test('a proxy that allows another port only has refused', async (t) => {
  const relay = await guarded(t);
  const proxy = await proxyFor(t, 443);
  const error = await errorOf(dial(relay, proxy));
  t.like(error, { code: 'proxy-refused', data: { proxy: proxyLabel(proxy), status: 403 } });
});

test('a relay that the proxy can’t reach is unreachable', async (t) => {
  const relay = await guarded(t);
  const nowhere = { ...relay, deployment: { ...relay.deployment, relayUrl: 'wss://127.0.0.1:1' } };
  const proxy = await proxyFor(t, 1);
  const data = { host: '127.0.0.1', port: 1, proxy: proxyLabel(proxy) };
  t.like(await errorOf(dial(nowhere, proxy)), { code: 'relay-unreachable', data });
});

test('behind a proxy the relay is as pinned as before it', async (t) => {
  const relay = await guarded(t);
  const proxy = await proxyFor(t, relayAddress(relay.deployment).port);
  const other = { ...relay, deployment: { ...relay.deployment, pins: [`sha256/${'A'.repeat(43)}=`] } };
  t.is((await errorOf(dial(other, proxy))).code, 'relay-certificate-not-pinned');
  t.is(relay.receivedBytes(), 0);
});

test('no proxy there, one that hangs up and one that talks ahead are unreachable', async (t) => {
  const relay = await guarded(t);
  const answers = [
    '',
    'SSH-2.0-x\r\n',
    'HTTP/1.1 200 OK\r\n\r\nahead of its time',
    `HTTP/1.1 200 ${'x'.repeat(9000)}`,
  ];
  for (const answer of answers) {
    const server = createServer((socket) => socket.on('error', () => {}).end(answer)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    t.is((await errorOf(dial(relay, { host: '127.0.0.1', port }))).code, 'proxy-unreachable', answer);
    server.close();
  }
  t.is((await errorOf(dial(relay, { host: '127.0.0.1', port: 1 }))).code, 'proxy-unreachable');
  t.is((await errorOf(dial(relay, { host: 'proxy.invalid', port: 1 }))).code, 'proxy-unreachable');
});

test('a dial that is given up between proxy and relay leaves no tunnel', async (t) => {
  const gone = Promise.withResolvers<string>();
  const server = createServer((socket) => {
    socket.on('error', () => {}).on('close', () => gone.resolve('closed'));
    socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
  }).listen(0, '127.0.0.1');
  t.teardown(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const over = new AbortController();
  const { signal } = over;
  const remove = signal.removeEventListener.bind(signal);
  // What opens the tunnel stops listening when it has it, and what goes through doesn't listen yet.
  signal.removeEventListener = (...listener: Parameters<typeof remove>): void => {
    remove(...listener);
    over.abort(new LiveletError('cancelled'));
  };
  const way = { host: 'relay.invalid', port: 443, pins: [], protocol: 'http/1.1', signal };
  await t.throwsAsync(tlsDial({ ...way, proxy: { host: '127.0.0.1', port } }), { code: 'cancelled' });
  t.is(await gone.promise, 'closed');
});

test('the settings’ own error ends a dial', async (t) => {
  const { deployment } = await guarded(t);
  const proxy = async (): Promise<never> => {
    throw new LiveletError('proxy-invalid');
  };
  t.is((await errorOf(dialRelay({ deployment, clock: systemClock, proxy }))).code, 'proxy-invalid');
});

const READ: readonly (readonly [string, ProxyServer])[] = [
  ['http://proxy.example:3128', { host: 'proxy.example', port: 3128 }],
  ['proxy.example:3128', { host: 'proxy.example', port: 3128 }],
  ['http://proxy.example/', { host: 'proxy.example', port: 80 }],
  ['http://[2001:db8::1]:8080', { host: '2001:db8::1', port: 8080 }],
  [
    'http://ali:open%3Asesame%25@proxy.example:3128',
    { host: 'proxy.example', port: 3128, credentials: { user: 'ali', password: 'open:sesame%' } },
  ],
  ['a:b%@p.example:1', { host: 'p.example', port: 1, credentials: { user: 'a', password: 'b%' } }],
];
for (const [text, proxy] of READ) {
  test(`a proxy is read from ${text}`, (t) => t.deepEqual(parseProxy(text), proxy));
}

const NONE = [
  '',
  'socks5://proxy.example:1080',
  'https://ali:secret@proxy.example',
  'http://proxy.example/wpad.dat',
  'http://proxy.example?x',
  'http://',
  'http://proxy.example:99999',
  `http://${'x'.repeat(1000)}`,
];
for (const text of NONE) {
  test(`no proxy is read from ${text.slice(0, 60)}`, (t) => {
    const error = t.throws(() => parseProxy(text), { instanceOf: LiveletError });
    t.is(error?.code, 'proxy-invalid');
    t.notRegex(inspect(error, { depth: 10, showHidden: true }), /secret/);
  });
}
