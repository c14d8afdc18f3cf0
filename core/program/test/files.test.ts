import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveletError } from '@livelet/core';
import test, { type ExecutionContext } from 'ava';
import {
  defaultConfigFile,
  loadOrCreateIdentity,
  readDeployment,
  readPrivateFile,
  readSmallFile,
  stateDirectory,
  writeWholeFile,
} from '../src/index.js';

async function temporary(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'livelet-files-test-'));
  t.teardown(() => rm(folder, { recursive: true }));
  return folder;
}

test('a file is written whole, private, and without a trace of the writing', async (t) => {
  const folder = join(await temporary(t), 'new', 'folders');
  const file = join(folder, 'secret');
  await writeWholeFile(file, 'one');
  await writeWholeFile(file, 'two');
  t.is(await readPrivateFile(file), 'two');
  t.is((await stat(file)).mode & 0o777, 0o600);
  t.is((await stat(folder)).mode & 0o777, 0o700);
  t.deepEqual(await readdir(folder), ['secret']);
});

test('a writing that fails leaves the old file and nothing else', async (t) => {
  const folder = await temporary(t);
  await writeWholeFile(join(folder, 'taken', 'inside'), 'kept');
  await t.throwsAsync(writeWholeFile(join(folder, 'taken'), 'a file where a folder is'));
  t.deepEqual(await readdir(folder), ['taken']);
  t.is(await readFile(join(folder, 'taken', 'inside'), 'utf8'), 'kept');
});

test('a secret that others can read is refused, a plain file is not', async (t) => {
  const file = join(await temporary(t), 'file');
  await writeFile(file, 'x');
  for (const mode of [0o640, 0o604, 0o660, 0o644]) {
    await chmod(file, mode);
    t.is(await readSmallFile(file), 'x');
    const error = await t.throwsAsync(readPrivateFile(file), { instanceOf: LiveletError });
    t.like(error, { code: 'identity-unreadable', data: { file, problem: 'others can read it' } });
  }
});

test('missing, oversized and odd files', async (t) => {
  const folder = await temporary(t);
  t.is(await readSmallFile(join(folder, 'none')), undefined);
  t.is(await readPrivateFile(join(folder, 'none')), undefined);
  await writeFile(join(folder, 'large'), 'x'.repeat(64 * 1024 + 1));
  t.like(await t.throwsAsync(readSmallFile(join(folder, 'large'))), { code: 'config-unreadable' });
  t.like(await t.throwsAsync(readSmallFile(folder)), {
    code: 'config-unreadable',
    data: { file: folder, problem: 'EISDIR' },
  });
});

test('an identity is made once and stays', async (t) => {
  const folder = await temporary(t);
  const first = await loadOrCreateIdentity(folder);
  const second = await loadOrCreateIdentity(folder);
  t.deepEqual(second, first);
  t.is((await stat(join(folder, 'identity.key'))).mode & 0o777, 0o600);
  const other = await loadOrCreateIdentity(await temporary(t));
  t.notDeepEqual(other.publicKey, first.publicKey);
});

test('what is no key is refused, and left as it is', async (t) => {
  const folder = await temporary(t);
  const file = join(folder, 'identity.key');
  for (const content of ['', 'x', 'A'.repeat(44), `${'A'.repeat(43)}=\nmore`]) {
    await writeFile(file, content, { mode: 0o600 });
    const error = await t.throwsAsync(loadOrCreateIdentity(folder));
    t.like(error, { code: 'identity-unreadable', data: { file, problem: 'not a key' } }, content);
    t.is(await readFile(file, 'utf8'), content);
  }
});

test('a deployment file is read, or said to be missing or wrong', async (t) => {
  const file = join(await temporary(t), 'deployment.json');
  t.like(await t.throwsAsync(readDeployment(file)), {
    code: 'config-unreadable',
    data: { problem: 'ENOENT' },
  });
  const deployment = { relayUrl: 'wss://relay.example', deploymentId: 'a', pins: [] };
  await writeFile(file, JSON.stringify(deployment));
  t.deepEqual(await readDeployment(file), deployment);
  await writeFile(file, '{}');
  t.like(await t.throwsAsync(readDeployment(file)), {
    code: 'deployment-invalid',
    data: { key: 'relayUrl' },
  });
});

test('folders follow XDG', (t) => {
  const environment = { XDG_STATE_HOME: '/state', XDG_CONFIG_HOME: '/config' };
  t.is(stateDirectory('livelet', environment), '/state/livelet/livelet');
  t.is(defaultConfigFile('livelet', environment), '/config/livelet/livelet.json');
  t.regex(
    stateDirectory('livelet', { XDG_STATE_HOME: 'relative' }),
    /^\/.*\/\.local\/state\/livelet\/livelet$/,
  );
  t.regex(defaultConfigFile('livelet', {}), /^\/.*\/\.config\/livelet\/livelet\.json$/);
});
