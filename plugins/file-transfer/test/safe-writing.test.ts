import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFile,
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readlink,
  rename,
  rm,
  statfs,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { diskItems } from '../src/disk-source.js';
import { FolderTree } from '../src/folder-tree.js';
import { IncomingFile } from '../src/incoming-file.js';
import { defaultReceivingFolder } from '../src/receiving-folder.js';
import { SafeFolder } from '../src/safe-folder.js';
import { below, hostFiles } from './hosted-files.js';

const BYTES = new TextEncoder().encode('content');
const hash = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

async function sandbox(t: ExecutionContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'livelet-safe-'));
  t.teardown(async () => await rm(path, { recursive: true, force: true }));
  return path;
}

/** For tests with a `smallDisk`: said to be skipped where this user may not mount one. */
const diskTest = spawnSync('unshare', ['--mount', 'true']).status === 0 ? test.serial : test.serial.skip;

/** A small file system of its own. */
async function smallDisk(t: ExecutionContext): Promise<string> {
  const path = await sandbox(t);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', path]);
  t.teardown(() => void execFileSync('umount', [path]));
  return path;
}

test.serial(
  'a symlink that takes the part’s place while it is written gets neither content nor name',
  async (t) => {
    const path = await sandbox(t);
    const outside = join(path, 'outside');
    await writeFile(outside, 'outside');
    await mkdir(join(path, 'in'));
    await using tree = new FolderTree(await SafeFolder.open(join(path, 'in')));
    const file = await IncomingFile.create(await tree.lease([]), 'a.txt');
    await file.write(BYTES.subarray(0, 3));
    await rename(join(path, 'in/a.txt.part'), join(path, 'in/taken'));
    await symlink(outside, join(path, 'in/a.txt.part'));
    await file.write(BYTES.subarray(3));
    await t.throwsAsync(file.finish('a.txt', hash(BYTES), 0, false), { code: 'file-changed' });
    t.is(await readFile(outside, 'utf8'), 'outside');
    // What someone else put there is theirs.
    t.deepEqual(await below(join(path, 'in')), ['a.txt.part', 'taken']);
  },
);

test.serial('a folder that is swapped for a symlink while files arrive in it keeps them', async (t) => {
  const path = await sandbox(t);
  await mkdir(join(path, 'outside'));
  await mkdir(join(path, 'in'));
  await using tree = new FolderTree(await SafeFolder.open(join(path, 'in')));
  const file = await IncomingFile.create(await tree.lease(['sub']), 'a.txt');
  await file.write(BYTES);
  await rename(join(path, 'in/sub'), join(path, 'in/moved'));
  await symlink(join(path, 'outside'), join(path, 'in/sub'));
  const finished = file.finish('a.txt', hash(BYTES), 0, false);
  if (process.platform === 'linux') {
    t.is(await finished, 'a.txt');
    t.is(await readFile(join(path, 'in/moved/a.txt'), 'utf8'), 'content');
  } else await t.throwsAsync(finished);
  t.deepEqual(await below(join(path, 'outside')), []);
});

test.serial('a symlink with the name of the file that comes is left as it is', async (t) => {
  const path = await sandbox(t);
  await writeFile(join(path, 'outside'), 'outside');
  await mkdir(join(path, 'in'));
  await symlink('../outside', join(path, 'in/a.txt'));
  await using tree = new FolderTree(await SafeFolder.open(join(path, 'in')));
  const file = await IncomingFile.create(await tree.lease([]), 'a.txt');
  await file.write(BYTES);
  t.is(await file.finish('a.txt', hash(BYTES), 0, false), 'a (2).txt');
  t.is(await readlink(join(path, 'in/a.txt')), '../outside');
  t.is(await readFile(join(path, 'outside'), 'utf8'), 'outside');
});

test.serial('names that are paths don’t reach the file system', async (t) => {
  const path = await sandbox(t);
  await using folder = await SafeFolder.open(path);
  for (const name of ['..', '../x', 'a/b', 'a\\b', 'a\0b', '']) {
    await t.throwsAsync(folder.create(name), { code: 'file-name-refused' });
    await t.throwsAsync(folder.remove(name), { code: 'file-name-refused' });
  }
});

diskTest('a full disk is told before and while a file is written, and nothing of it stays', async (t) => {
  const disk = await smallDisk(t);
  await using tree = new FolderTree(await SafeFolder.open(disk));
  const file = await IncomingFile.create(await tree.lease([]), 'a.bin');
  await t.throwsAsync(file.write(new Uint8Array(3_000_000)), { code: 'file-disk-full' });
  await file.discard();
  t.deepEqual(await below(disk), []);

  await using hosted = await hostFiles({ customerFolder: join(disk, 'received') });
  await mkdir(hosted.folders.operator, { recursive: true });
  await writeFile(join(hosted.folders.operator, 'large.bin'), new Uint8Array(3_000_000));
  await writeFile(join(hosted.folders.operator, 'small.bin'), new Uint8Array(1_000));
  const operator = hosted.page('operator');
  operator.say({ type: 'send-own', paths: [['large.bin'], ['small.bin']] });
  const over = await operator.over();
  t.deepEqual(over.failed, [{ name: 'large.bin', reason: 'file-disk-full' }]);
  t.deepEqual(await below(hosted.folders.customer), ['small.bin']);
  await hosted.stop();
});

diskTest('whatever arrives, a part of the disk stays free', async (t) => {
  const disk = await smallDisk(t);
  await using hosted = await hostFiles({ customerFolder: join(disk, 'received') });
  await mkdir(join(hosted.folders.operator, 'many'), { recursive: true });
  for (let n = 0; n < 400; n += 1) {
    await writeFile(join(hosted.folders.operator, `many/${n}`), new Uint8Array(10_000));
  }
  const operator = hosted.page('operator');
  operator.say({ type: 'send-own', paths: [['many']] });
  const over = await operator.over();
  t.is(over.failed[0]?.reason, 'file-disk-full');
  t.true(over.itemsDone - over.failedCount > 100);
  const { bavail, blocks } = await statfs(disk);
  t.true(bavail >= blocks * 0.04, `${bavail} of ${blocks}`);
  await hosted.stop();
});

diskTest('a folder that can’t be written to is told', async (t) => {
  const disk = await smallDisk(t);
  execFileSync('mount', ['-o', 'remount,ro', disk]);
  await using hosted = await hostFiles({ customerFolder: join(disk, 'received') });
  await mkdir(hosted.folders.operator, { recursive: true });
  await writeFile(join(hosted.folders.operator, 'a.bin'), BYTES);
  const operator = hosted.page('operator');
  operator.say({ type: 'send-own', paths: [['a.bin']] });
  t.like(await operator.over(), { state: 'broken', error: 'file-unwritable' });
});

test.serial(
  'files that change, shrink or vanish while they are read are told apart from whole ones',
  async (t) => {
    const path = await sandbox(t);
    await writeFile(join(path, 'a.bin'), new Uint8Array(1_000));
    const [item] = await diskItems(path, ['a.bin']);
    {
      await using file = await item?.open();
      t.true(await file?.unchanged());
      await appendFile(join(path, 'a.bin'), 'more');
      t.false(await file?.unchanged());
    }
    // What was announced of it is another file's by now.
    await t.throwsAsync(async () => await item?.open(), { code: 'file-changed' });
    {
      const [longer] = await diskItems(path, ['a.bin']);
      await using file = await longer?.open();
      await truncate(join(path, 'a.bin'), 10);
      t.is(await file?.read(new Uint8Array(100), 0), 10);
      t.false(await file?.unchanged());
    }
    await rm(join(path, 'a.bin'));
    await t.throwsAsync(async () => await item?.open(), { code: 'file-unreadable' });
    await symlink('/etc/passwd', join(path, 'a.bin'));
    await t.throwsAsync(async () => await item?.open(), { code: 'file-unreadable' });
    await t.throwsAsync(diskItems(path, ['a.bin']), { code: 'file-unreadable' });
  },
);

test.serial('what can’t be sent of a folder is named, and holds up nothing of the rest', async (t) => {
  const path = await sandbox(t);
  await chmod(path, 0o755);
  const deep = Array.from({ length: 40 }, (_, n) => `d${n}`);
  await mkdir(join(path, 'folder', ...deep), { recursive: true });
  await writeFile(join(path, 'folder', ...deep, 'x.txt'), BYTES);
  await mkdir(join(path, 'folder/closed'));
  await writeFile(join(path, 'folder/closed/x.txt'), BYTES);
  await chmod(join(path, 'folder/closed'), 0);
  await writeFile(join(path, 'folder/a\\b.txt'), BYTES);
  await writeFile(join(path, 'folder/z.txt'), BYTES);
  const isRoot = process.geteuid?.() === 0;
  // Nothing is closed to root.
  if (isRoot) process.seteuid?.(65_534);
  try {
    const items = await diskItems(path, ['folder']);
    t.deepEqual(
      items.flatMap((item) => (item.refused ? [[item.path.at(-1), item.path.length, item.refused]] : [])),
      [
        ['a\\b.txt', 2, 'file-name-refused'],
        ['closed', 2, 'file-unreadable'],
        ['d31', 33, 'file-name-refused'],
      ],
    );
    t.deepEqual(items.at(-1)?.path, ['folder', 'z.txt']);
  } finally {
    if (isRoot) process.seteuid?.(0);
    await chmod(join(path, 'folder/closed'), 0o700);
  }
});

test.serial('a pipe in a folder is neither sent nor waited for', async (t) => {
  const path = await sandbox(t);
  await mkdir(join(path, 'folder'));
  execFileSync('mkfifo', [join(path, 'folder/pipe')]);
  await writeFile(join(path, 'folder/a.txt'), BYTES);
  const items = await diskItems(path, ['folder']);
  t.deepEqual(
    items.map(({ path, leftOut = false }) => ({ path, leftOut })),
    [
      { path: ['folder'], leftOut: false },
      { path: ['folder', 'a.txt'], leftOut: false },
      { path: ['folder', 'pipe'], leftOut: true },
    ],
  );
  t.true((await lstat(join(path, 'folder/pipe'))).isFIFO());
});

test.serial('files arrive among the person’s downloads, in their language', async (t) => {
  const home = await sandbox(t);
  t.is(await defaultReceivingFolder({ HOME: home }), join(home, 'Downloads/Livelet'));
  await mkdir(join(home, '.config'));
  await writeFile(join(home, '.config/user-dirs.dirs'), '# own\nXDG_DOWNLOAD_DIR="$HOME/Scaricati"\n');
  t.is(await defaultReceivingFolder({ HOME: home }), join(home, 'Scaricati/Livelet'));
});
