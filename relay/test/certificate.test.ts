import { execFile } from 'node:child_process';
import { chmod, copyFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ManualClock } from '@livelet/core/test-support';
import { readDeployment } from '@livelet/program';
import test, { type ExecutionContext } from 'ava';
import { generate } from 'selfsigned';
import { loadCertificate } from '../src/certificate/certificate.js';
import type { LogEntry } from '../src/log.js';
import { pair, tls } from './abuse/visitor.js';
import { temporaryFolder, testRelay } from './relay-fixture.js';

const run = promisify(execFile);

interface Files {
  readonly tlsCertificate: string;
  readonly tlsKey: string;
}

async function makeFiles(folder: string, name: string, keyType: 'ec' | 'rsa' = 'ec'): Promise<Files> {
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType,
    algorithm: 'sha256',
    keySize: 2048,
  });
  const files = { tlsCertificate: join(folder, `${name}.pem`), tlsKey: join(folder, `${name}.key`) };
  await writeFile(files.tlsCertificate, made.cert);
  await writeFile(files.tlsKey, made.private, { mode: 0o600 });
  return files;
}

/** A log that keeps the operations, without their problem's words. */
function operations(): { write: (entry: LogEntry) => void; readonly events: string[] } {
  const events: string[] = [];
  return {
    events,
    write: ({ event }) => {
      if (event.startsWith('certificate')) events.push(event);
    },
  };
}

async function presentedName(port: number): Promise<string | undefined> {
  const socket = await tls(port, 'http/1.1');
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return typeof CN === 'string' ? CN : CN?.[0];
}

test('a new certificate is presented from its change on, and a live session goes on', async (t) => {
  const folder = await temporaryFolder(t);
  const files = await makeFiles(folder, 'one');
  const next = await makeFiles(folder, 'two', 'rsa');
  const clock = new ManualClock();
  const log = operations();
  const relay = await testRelay(t, { ...files, clock, log, settings: { idleMs: 3_600_000 } });
  const { operator, customer } = await pair('tls-tcp', relay.port, relay.authorize());
  t.is(await presentedName(relay.port), 'one');
  await copyFile(next.tlsKey, files.tlsKey);
  await copyFile(next.tlsCertificate, files.tlsCertificate);
  await clock.advance(60_000);
  await relay.reloadCertificate();
  t.is(await presentedName(relay.port), 'two');
  operator.frame(Buffer.from('still here'));
  t.is(String(await customer.take()), 'still here');
  t.true(log.events.length > 0 && log.events.every((event) => event === 'certificate-reloaded'));
  const { pins } = await readDeployment(relay.deploymentFile);
  t.deepEqual(pins, [(await loadCertificate({ certificate: next.tlsCertificate, key: next.tlsKey })).pin]);
});

test('files that change are noticed within a minute, links too', async (t) => {
  const folder = await temporaryFolder(t);
  const [first, second] = [await makeFiles(folder, 'one'), await makeFiles(folder, 'two')];
  const files = { tlsCertificate: join(folder, 'live.pem'), tlsKey: join(folder, 'live.key') };
  const link = async ({ tlsCertificate, tlsKey }: Files): Promise<void> => {
    for (const file of Object.values(files)) await rm(file, { force: true });
    await symlink(tlsCertificate, files.tlsCertificate);
    await symlink(tlsKey, files.tlsKey);
  };
  await link(first);
  const clock = new ManualClock();
  const { promise: told, resolve } = Promise.withResolvers<LogEntry>();
  const log = { write: (entry: LogEntry) => entry.event.startsWith('certificate') && resolve(entry) };
  const relay = await testRelay(t, { ...files, clock, log });
  await link(second);
  await clock.advance(60_000);
  t.like(await told, { event: 'certificate-reloaded' });
  t.is(await presentedName(relay.port), 'two');
});

const bad: Record<string, (files: Files, other: Files) => Promise<void>> = {
  'the key of another certificate': (files, other) => copyFile(other.tlsKey, files.tlsKey),
  'no certificate': (files) => writeFile(files.tlsCertificate, 'nonsense'),
  'no key': (files) => writeFile(files.tlsKey, '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n'),
  'a key that others can read': (files) => chmod(files.tlsKey, 0o644),
  'a key that is gone': (files) => rm(files.tlsKey),
};
for (const [name, spoil] of Object.entries(bad)) {
  test(`${name} is refused, and the old certificate stays`, async (t) => {
    const folder = await temporaryFolder(t);
    const [files, other] = [await makeFiles(folder, 'one'), await makeFiles(folder, 'two')];
    const log = operations();
    const relay = await testRelay(t, { ...files, log });
    await spoil(files, other);
    await relay.reloadCertificate();
    t.deepEqual(log.events, ['certificate-refused']);
    t.is(await presentedName(relay.port), 'one');
  });
}

test('a pin that was published for the next key stays in the deployment file', async (t) => {
  const folder = await temporaryFolder(t);
  const [files, next] = [await makeFiles(folder, 'one'), await makeFiles(folder, 'two')];
  const relay = await testRelay(t, files);
  const { pin } = await loadCertificate({ certificate: next.tlsCertificate, key: next.tlsKey });
  const announced = { ...relay.deployment, pins: [...relay.deployment.pins, pin] };
  await writeFile(relay.deploymentFile, JSON.stringify(announced));
  await relay.reloadCertificate();
  t.deepEqual((await readDeployment(relay.deploymentFile)).pins, announced.pins);
  await copyFile(next.tlsKey, files.tlsKey);
  await copyFile(next.tlsCertificate, files.tlsCertificate);
  await relay.reloadCertificate();
  t.deepEqual((await readDeployment(relay.deploymentFile)).pins, announced.pins);
});

test('pins are as the setting says', async (t) => {
  const files = await makeFiles(await temporaryFolder(t), 'one');
  const pinsFor = async (pinning: 'auto' | 'always' | 'never'): Promise<number> =>
    (await testRelay(t, { ...files, pinning })).deployment.pins.length;
  t.deepEqual([await pinsFor('auto'), await pinsFor('always'), await pinsFor('never')], [1, 1, 0]);
});

/** What a real scanner finds: each protocol version and suite that a server offers. */
async function scan(t: ExecutionContext, port: number): Promise<readonly string[]> {
  const { stdout } = await run('sslscan', ['--no-colour', '--no-heartbleed', `127.0.0.1:${port}`]);
  t.regex(stdout, /TLSv1\.0 +disabled/);
  t.regex(stdout, /TLSv1\.1 +disabled/);
  t.regex(stdout, /SSLv3 +disabled/);
  const suites = [...stdout.matchAll(/^(?:Preferred|Accepted) +(\S+) +\d+ bits +(\S+)/gm)];
  return suites.map(([, version, suite]) => `${version} ${suite}`).sort();
}

for (const [keyType, suite] of [
  ['ec', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
  ['rsa', 'ECDHE-RSA-AES256-GCM-SHA384'],
] as const) {
  test(`sslscan finds the AES-256-GCM suites and nothing else with a key of type ${keyType}`, async (t) => {
    const files = await makeFiles(await temporaryFolder(t), 'one', keyType);
    const relay = await testRelay(t, files);
    t.deepEqual(await scan(t, relay.port), [`TLSv1.2 ${suite}`, 'TLSv1.3 TLS_AES_256_GCM_SHA384']);
  });
}
