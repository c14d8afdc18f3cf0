import { once } from 'node:events';
import { chmod, stat } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { type ConnectionOptions, connect } from 'node:tls';
import { LiveletError } from '@livelet/core';
import test from 'ava';
import { startRelay } from '../src/index.js';
import { type TestRelay, temporaryFolder, testRelay } from './relay-fixture.js';

/** Cipher and version agreed on, or the error's code. */
async function handshake(relay: TestRelay, options: ConnectionOptions): Promise<string> {
  const socket = connect({ port: relay.port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
  try {
    await once(socket, 'secureConnect');
    return `${socket.getProtocol()} ${socket.getCipher().name}`;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'failed';
  } finally {
    socket.destroy();
  }
}

/** Everything that the relay answers to `text`, until it closes. */
async function answer(relay: TestRelay, text: string): Promise<string> {
  const socket = connect({ port: relay.port, host: '127.0.0.1', rejectUnauthorized: false });
  socket.on('error', () => {});
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk;
  });
  await once(socket, 'secureConnect');
  socket.write(text);
  if (!socket.closed) await once(socket, 'close', { signal: AbortSignal.timeout(20_000) });
  return received;
}

test('TLS 1.2 or newer with AES-256-GCM and nothing else', async (t) => {
  const relay = await testRelay(t);
  t.is(await handshake(relay, {}), 'TLSv1.3 TLS_AES_256_GCM_SHA384');
  const tls12: ConnectionOptions = { maxVersion: 'TLSv1.2' };
  t.is(await handshake(relay, tls12), 'TLSv1.2 ECDHE-ECDSA-AES256-GCM-SHA384');
  const refused: ConnectionOptions[] = [
    { maxVersion: 'TLSv1.1', minVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
    { ciphers: 'TLS_AES_128_GCM_SHA256' },
    { ciphers: 'TLS_CHACHA20_POLY1305_SHA256' },
    { ...tls12, ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' },
    { ...tls12, ciphers: 'ECDHE-ECDSA-CHACHA20-POLY1305' },
    { ...tls12, ciphers: 'ECDHE-ECDSA-AES256-SHA384:AES256-GCM-SHA384' },
  ];
  for (const options of refused) {
    t.regex(await handshake(relay, options), /^(ERR_SSL|ECONNRESET|EPROTO)/, JSON.stringify(options));
  }
});

test('headers that trickle are cut off after their time', async (t) => {
  const relay = await testRelay(t, { settings: { headersMs: 3000 } });
  const received = await answer(relay, 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ');
  t.regex(received, /^(HTTP\/1\.1 408 |$)/);
});

test('a TLS handshake that trickles is cut off after its time', async (t) => {
  const relay = await testRelay(t, { settings: { headersMs: 3000 } });
  const socket = connectTcp(relay.port, '127.0.0.1').on('error', () => {});
  socket.write(Buffer.from('16030102', 'hex'));
  await t.notThrowsAsync(once(socket, 'close', { signal: AbortSignal.timeout(20_000) }));
});

test('headers above 8 KiB are refused', async (t) => {
  const relay = await testRelay(t);
  const text = `GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(9000)}\r\n\r\n`;
  t.regex(await answer(relay, text), /^HTTP\/1\.1 431 /);
});

test('any other path gets 404 and nothing else', async (t) => {
  const relay = await testRelay(t);
  const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n';
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
  const requests = [
    'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
    'POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n',
    'GET /livelet/1 HTTP/1.1\r\nHost: x\r\n\r\n',
    `GET /livelet/1/ HTTP/1.1\r\nHost: x\r\n${upgrade}${key}\r\n`,
    `GET /livelet/2 HTTP/1.1\r\nHost: x\r\n${upgrade}${key}\r\n`,
  ];
  for (const request of requests) {
    const received = await answer(relay, request);
    t.regex(received, /^HTTP\/1\.1 404 Not Found\r\n/, request);
    t.regex(received, /\r\n\r\n(0\r\n\r\n)?$/, request);
  }
});

test('/healthz tells that it lives', async (t) => {
  const relay = await testRelay(t);
  const received = await answer(relay, 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
  t.true(received.endsWith('{"status":"ok"}'), received);
});

test('files are made once, secrets private', async (t) => {
  const first = await testRelay(t, { region: 'EU' });
  await first.close();
  const second = await testRelay(t, { stateDir: first.stateDir });
  t.deepEqual(second.deployment.pins, first.deployment.pins);
  t.is(second.deployment.deploymentId, first.deployment.deploymentId);
  t.is(second.deployment.region, 'EU');
  t.is((await stat(join(first.stateDir, 'certificate.key'))).mode & 0o777, 0o600);
});

test('what startRelay is given wrong has a code', async (t) => {
  const running = await testRelay(t);
  const stateDir = await temporaryFolder(t);
  const start = async (options: object): Promise<unknown> => {
    const failed = await t.throwsAsync(startRelay({ host: '127.0.0.1', port: 0, stateDir, ...options }), {
      instanceOf: LiveletError,
    });
    return { code: failed?.code, ...failed?.data };
  };
  t.deepEqual(await start({ port: running.port }), { code: 'port-in-use', port: running.port });
  t.like(await start({ host: '192.0.2.1' }), { code: 'option-invalid', option: 'host' });
  t.like(await start({ publicUrl: 'nowhere' }), { code: 'option-invalid', option: 'public-url' });
  t.like(await start({ publicUrl: 'http://relay.example' }), { code: 'deployment-invalid', key: 'relayUrl' });
  t.like(await start({ trustedProxies: ['x'] }), { code: 'option-invalid', option: 'trusted-proxies' });
  await chmod(join(stateDir, 'certificate.key'), 0o644);
  t.like(await start({}), { code: 'identity-unreadable', problem: 'others can read it' });
});
