import { execFileSync } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { freePort } from '@livelet/core/test-support';
import test from 'ava';
import { sql } from 'kysely';
import { createMissingCertificate, ownCertificateFiles } from '../src/certificate/certificate.js';
import { openStore } from '../src/store/open-store.js';
import { postgresCluster } from './postgres-cluster.js';
import { temporaryFolder } from './relay-fixture.js';

test('TLS to PostgreSQL by the URL: with its authority, and not with another one or another name', async (t) => {
  const [folder, other, port] = [await temporaryFolder(t), await temporaryFolder(t), await freePort()];
  const [files, others] = [ownCertificateFiles(folder), ownCertificateFiles(other)];
  await createMissingCertificate(files, 'localhost');
  await createMissingCertificate(others, 'localhost');
  await chmod(folder, 0o755);
  if (process.getuid?.() === 0) execFileSync('chown', ['postgres', files.certificate, files.key]);
  const cluster = await postgresCluster([
    'listen_addresses=127.0.0.1,127.0.0.2',
    `port=${port}`,
    'ssl=on',
    `ssl_cert_file=${files.certificate}`,
    `ssl_key_file=${files.key}`,
  ]);
  t.teardown(() => cluster.remove());
  await cluster.create('relay');
  const url = (host: string, authority: string): string =>
    `postgres://livelet@${host}:${port}/relay?sslmode=verify-full&sslrootcert=${encodeURIComponent(authority)}`;
  await using store = await openStore({ stateDir: folder, url: url('localhost', files.certificate) });
  const { rows } = await sql<{ ssl: boolean; version: string }>`
    select ssl, version from pg_stat_ssl where pid = pg_backend_pid()`.execute(store.db);
  t.deepEqual(rows, [{ ssl: true, version: 'TLSv1.3' }]);
  const wrong: [string, RegExp][] = [
    [url('localhost', others.certificate), /certificate/],
    [url('127.0.0.2', files.certificate), /altnames/],
  ];
  for (const [address, problem] of wrong) {
    const error = await t.throwsAsync(openStore({ stateDir: folder, url: address }));
    t.like(error, { code: 'store-unavailable' });
    t.regex(error?.message ?? '', problem);
  }
});
