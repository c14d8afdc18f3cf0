import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { LiveletError } from '../../src/errors.js';
import { relayAddress } from '../../src/transport/deployment.js';
import { tlsDial } from '../../src/transport/tls-dial.js';
import { standIn } from './relay-stand-in.js';

const OTHER_PIN = `sha256/${'A'.repeat(43)}=`;
const base = { protocol: 'http/1.1', signal: new AbortController().signal };

test('a pinned key is accepted, whoever signed it', async (t) => {
  const { deployment } = await standIn(t);
  const pins = [OTHER_PIN, ...deployment.pins];
  const socket = await tlsDial({ ...base, ...relayAddress(deployment), pins });
  t.true(socket.encrypted);
  t.is(socket.getProtocol(), 'TLSv1.3');
  socket.destroy();
});

test('another key is refused before a byte is sent', async (t) => {
  const { deployment, receivedBytes } = await standIn(t);
  const address = relayAddress(deployment);
  const dial = tlsDial({ ...base, ...address, pins: [OTHER_PIN] });
  const error = await t.throwsAsync(dial, { instanceOf: LiveletError });
  t.like(error, { code: 'relay-certificate-not-pinned', data: address });
  t.is(receivedBytes(), 0);
});

test('without pins an unknown authority is refused', async (t) => {
  const { deployment, receivedBytes } = await standIn(t);
  const error = await t.throwsAsync(tlsDial({ ...base, ...relayAddress(deployment), pins: [] }));
  t.like(error, { code: 'relay-certificate-not-pinned' });
  t.is(receivedBytes(), 0);
});

test('without pins the system’s authorities and the name decide', async (t) => {
  const { deployment, certificate } = await standIn(t);
  const folder = await mkdtemp(join(tmpdir(), 'livelet-dial-test-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const file = join(folder, 'authorities.pem');
  await writeFile(file, certificate);
  const module = new URL('../../src/transport/tls-dial.js', import.meta.url);
  // The system's authorities are read once in a process, so each answer needs its own.
  const dialFrom = async (host: string): Promise<string> => {
    const options = { protocol: 'http/1.1', pins: [], host, port: relayAddress(deployment).port };
    const script = `
      const { tlsDial } = await import(${JSON.stringify(module.href)});
      const signal = AbortSignal.timeout(20000);
      const dial = tlsDial({ ...${JSON.stringify(options)}, signal });
      console.log(await dial.then((socket) => (socket.destroy(), 'accepted'), (error) => error.code));`;
    const env = { ...process.env, SSL_CERT_FILE: file, SSL_CERT_DIR: folder };
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env });
    return (await run).stdout.trim();
  };
  t.is(await dialFrom('localhost'), 'accepted');
  t.is(await dialFrom('127.0.0.1'), 'relay-certificate-not-pinned');
});

test('nobody listening, no such host and no TLS are unreachable', async (t) => {
  const plain = createServer((socket) =>
    socket
      .on('error', () => {})
      .resume()
      .end('not TLS'),
  ).listen(0, '127.0.0.1');
  await once(plain, 'listening');
  const { port } = plain.address() as AddressInfo;
  const refused = async (host: string, to: number): Promise<void> => {
    const error = await t.throwsAsync(tlsDial({ ...base, host, port: to, pins: [] }));
    t.like(error, { code: 'relay-unreachable', data: { host, port: to } });
  };
  await refused('127.0.0.1', port);
  await refused('relay.invalid', 443);
  plain.close();
  await once(plain, 'close');
  await refused('127.0.0.1', port);
});

test('the signal ends an attempt that hangs', async (t) => {
  const silent = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const controller = new AbortController();
  const dial = tlsDial({ ...base, host: '127.0.0.1', port, pins: [], signal: controller.signal });
  const [socket] = await once(silent, 'connection');
  const closed = once(socket, 'close');
  controller.abort(new LiveletError('cancelled'));
  t.like(await t.throwsAsync(dial), { code: 'cancelled' });
  await closed;
  silent.close();
});
