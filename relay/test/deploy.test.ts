import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { freePort } from '@livelet/core/test-support';
import { RELAY_ALPN, RELAY_PATH } from '@livelet/core/wire';
import test, { type ExecutionContext } from 'ava';
import { generate } from 'selfsigned';
import { WebSocket } from 'ws';
import { PROGRAM_OPTIONS } from '../src/program-options.js';
import { DEFAULT_SETTINGS } from '../src/settings.js';
import { openStore } from '../src/store/open-store.js';
import { message, type TestRelay, temporaryFolder, testRelay } from './relay-fixture.js';

const DEPLOY = fileURLToPath(new URL('../../deploy/', import.meta.url));
/** Where a customer connects from: loopback too, but not the proxy's address. */
const CUSTOMER = '127.0.0.5';

const deployFile = (name: string): Promise<string> => readFile(join(DEPLOY, name), 'utf8');

test('the unit is one that systemd takes, and exposes little', async (t) => {
  const unit = join(await temporaryFolder(t), 'livelet-relay.service');
  const text = await deployFile('livelet-relay.service');
  // The machine of a test may have its Node elsewhere.
  await writeFile(unit, text.replace('/usr/bin/node', process.execPath));
  const verify = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' });
  t.is(verify.stdout + verify.stderr, '');
  t.is(verify.status, 0);
  const words = ['security', '--offline=true', '--threshold=15', '--no-pager', unit];
  const security = spawnSync('systemd-analyze', words, { encoding: 'utf8' });
  const exposure = /Overall exposure level[^:]*: ([\d.]+)/.exec(security.stdout)?.[1];
  t.log(`exposure level ${exposure}`);
  t.is(security.status, 0, security.stdout.slice(-500));
  const seconds = Number(/^TimeoutStopSec=(\d+)$/m.exec(text)?.[1]);
  t.true(seconds * 1000 > DEFAULT_SETTINGS.drainMs + 10_000);
});

test('the example settings are settings', async (t) => {
  const settings = JSON.parse(await deployFile('relay.json'));
  for (const [name, value] of Object.entries(settings)) {
    const spec = PROGRAM_OPTIONS[name as keyof typeof PROGRAM_OPTIONS];
    t.deepEqual(spec?.read(value as never) as unknown, value, name);
  }
});

test('the container’s last stage has no root, no build tools and no secret', async (t) => {
  const text = (await deployFile('Containerfile')).replace(/\\\n/g, ' ');
  const stages = text.split(/^FROM /m).slice(1);
  t.is(stages.length, 2);
  const last = stages.at(-1) ?? '';
  t.regex(last, /^USER node$/m);
  t.notRegex(last, /npm (ci|install|pack|run)|apt|curl|wget/);
  t.regex(last, /^HEALTHCHECK /m);
  const instruction = /^(FROM|WORKDIR|COPY|RUN|USER|VOLUME|EXPOSE|HEALTHCHECK|ENTRYPOINT|CMD|#|\s|$)/;
  for (const line of text.split('\n')) t.regex(line, instruction);
  for (const [, list = ''] of text.matchAll(/^(?:ENTRYPOINT|\s+CMD|HEALTHCHECK.*CMD) (\[.*\])$/gm)) {
    t.notThrows(() => JSON.parse(list), list);
  }
});

test('the health check tells a relay that is ready from one that isn’t there', async (t) => {
  const relay = await testRelay(t);
  const check = (port: number): Promise<number> => {
    const child = spawn(process.execPath, [join(DEPLOY, 'healthcheck.mjs'), String(port)]);
    return once(child, 'close').then(([status]) => status);
  };
  t.is(await check(relay.port), 0);
  await relay.close();
  t.is(await check(relay.port), 1);
});

interface Proxied {
  readonly relay: TestRelay;
  /** Of the proxy. */
  readonly port: number;
  /** Ends the proxy; all that it said. */
  readonly stop: () => Promise<string>;
}

interface Proxy {
  readonly file: string;
  /** Whether the proxy ends TLS. */
  readonly endsTls: boolean;
  readonly start: (file: string, folder: string) => ChildProcess;
  /** What is of another place in a test. */
  readonly replace: (folder: string) => Readonly<Record<string, string>>;
}

const haproxy = (file: string): ChildProcess => spawn('haproxy', ['-f', file, '-db'], { stdio: 'pipe' });
const PROXIES: readonly Proxy[] = [
  { file: 'haproxy.cfg', endsTls: false, start: haproxy, replace: () => ({}) },
  {
    file: 'haproxy-tls.cfg',
    endsTls: true,
    start: haproxy,
    replace: (folder) => ({ '/etc/haproxy/relay.pem': join(folder, 'relay.pem') }),
  },
  {
    file: 'nginx.conf',
    endsTls: true,
    start: (file, folder) =>
      spawn('nginx', ['-p', folder, '-c', file, '-g', 'daemon off; user root;'], { stdio: 'pipe' }),
    replace: (folder) => ({
      '/etc/letsencrypt/live/relay.example/fullchain.pem': join(folder, 'relay.pem'),
      '/etc/letsencrypt/live/relay.example/privkey.pem': join(folder, 'relay.pem'),
      '/run/nginx.pid': join(folder, 'nginx.pid'),
      '/var/log/nginx/error.log': 'stderr',
      '  access_log off;': `  access_log off;\n  client_body_temp_path ${folder}/body;\n  proxy_temp_path ${folder}/proxy;\n  fastcgi_temp_path ${folder}/fastcgi;\n  uwsgi_temp_path ${folder}/uwsgi;\n  scgi_temp_path ${folder}/scgi;`,
    }),
  },
];

/** A relay behind the proxy that `file` describes; only ports, paths and the user are the test's. */
async function behind(t: ExecutionContext, proxy: Proxy): Promise<Proxied> {
  const folder = await temporaryFolder(t);
  const port = await freePort();
  const more = proxy.endsTls ? { behindTlsProxy: true, publicUrl: `wss://localhost:${port}` } : {};
  const relay = await testRelay(t, { trustedProxies: ['127.0.0.1'], ...more });
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
  });
  await writeFile(join(folder, 'relay.pem'), `${cert}\n${key}`, { mode: 0o600 });
  let text = await deployFile(proxy.file);
  const places = {
    'bind :443': `bind 127.0.0.1:${port}`,
    'listen 443': `listen 127.0.0.1:${port}`,
    '127.0.0.1:7443': `127.0.0.1:${relay.port}`,
    ...proxy.replace(folder),
  };
  for (const [place, own] of Object.entries(places)) text = text.replaceAll(place, own);
  const file = join(folder, proxy.file);
  await writeFile(file, text);
  const child = proxy.start(file, folder);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk));
  const ended = once(child, 'close');
  const stop = async (): Promise<string> => {
    child.kill('SIGTERM');
    await ended;
    return said;
  };
  t.teardown(stop);
  const deadline = AbortSignal.timeout(20_000);
  while (!(await isOpen(port))) {
    if (child.exitCode !== null || deadline.aborted) throw new Error(`${proxy.file}: ${said}`);
  }
  return { relay, port, stop };
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connectTcp(port, '127.0.0.1');
  const open = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  socket.destroy();
  return open;
}

function end(port: number, first: unknown, localAddress: string): WebSocket {
  const socket = new WebSocket(`wss://localhost:${port}${RELAY_PATH}`, {
    rejectUnauthorized: false,
    localAddress,
    family: 4,
  } as object);
  socket.once('open', () => socket.send(JSON.stringify(first)));
  return socket;
}

for (const proxy of PROXIES) {
  test(`behind ${proxy.file}: the proxy writes down no address, also when something goes wrong`, async (t) => {
    const { relay, port, stop } = await behind(t, proxy);
    await relay.close();
    const lost = end(port, {}, '127.0.0.6');
    lost.on('error', () => {});
    await new Promise((resolve) => lost.once('close', resolve));
    const noTls = connectTcp({ port, host: '127.0.0.1', localAddress: '127.0.0.6' });
    noTls.on('error', () => {}).end(Buffer.from([0x16, 3, 1, 0, 4, 9, 9, 9, 9]));
    noTls.resume();
    await new Promise((resolve) => noTls.once('close', resolve));
    t.notRegex(await stop(), /127\.0\.0\.6/);
  });

  test(`behind ${proxy.file}: a session, and the customer’s true address in the log`, async (t) => {
    const { relay, port } = await behind(t, proxy);
    const operator = end(port, { type: 'allocate', authorization: relay.authorize() }, '127.0.0.4');
    const { nameplate } = await message(operator);
    const bothJoined = message(operator);
    const customer = end(port, { type: 'join', nameplate }, CUSTOMER);
    t.is((await message(customer)).type, 'joined');
    t.is((await bothJoined).type, 'joined');
    const arrived = once(customer, 'message', { signal: AbortSignal.timeout(20_000) });
    operator.send(Buffer.from('sealed'));
    t.is(String((await arrived)[0]), 'sealed');
    operator.close();
    await once(customer, 'close');
    await relay.close();
    await using store = await openStore({ stateDir: relay.stateDir });
    const rows = await store.db
      .selectFrom('connection_log')
      .selectAll()
      .where('event', '=', 'joined')
      .execute();
    t.deepEqual(
      rows.map(({ source }) => source),
      [CUSTOMER],
    );
  });

  test(`behind ${proxy.file}: what is only for this machine is not for those outside`, async (t) => {
    const { port } = await behind(t, proxy);
    t.is(await status(port, '/healthz', CUSTOMER), 200);
    // The proxy’s own address says nothing of who asks.
    t.is(await status(port, '/metrics', '127.0.0.1'), 404);
    t.is(await status(port, '/admin/', '127.0.0.1'), 404);
    // Another address of this machine does.
    t.is(await status(port, '/metrics', CUSTOMER), 200);
  });
}

async function status(port: number, path: string, localAddress: string): Promise<number> {
  const socket = connectTls({
    socket: connectTcp({ port, host: '127.0.0.1', localAddress }),
    rejectUnauthorized: false,
  });
  await once(socket, 'secureConnect', { signal: AbortSignal.timeout(20_000) });
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  let text = '';
  for await (const chunk of socket.setEncoding('latin1')) text += chunk;
  return Number(/^HTTP\/1.1 (\d+)/.exec(text)?.[1]);
}

for (const file of ['haproxy.cfg', 'haproxy-tls.cfg']) {
  test(`behind ${file} TLS-TCP works too`, async (t) => {
    const { port } = await behind(t, PROXIES.find((proxy) => proxy.file === file) as Proxy);
    const socket = connectTls({
      host: '127.0.0.1',
      port,
      rejectUnauthorized: false,
      ALPNProtocols: [RELAY_ALPN],
    });
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(20_000) });
    t.is(socket.alpnProtocol, RELAY_ALPN);
    const text = JSON.stringify({ type: 'join', nameplate: '00000' });
    socket.write(Buffer.concat([Buffer.from([0, 0, 0, text.length]), Buffer.from(text)]));
    const [answer] = (await once(socket, 'data', { signal: AbortSignal.timeout(20_000) })) as [Buffer];
    // A close frame: kind 4, two bytes, 4002 for a code that isn't valid.
    t.deepEqual([...answer.subarray(0, 6)], [4, 0, 0, 2, 0x0f, 0xa2]);
    socket.destroy();
  });
}
