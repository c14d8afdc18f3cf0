import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';

/** An empty folder, gone after the test. */
export async function sandbox(t: ExecutionContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'livelet-recording-'));
  t.teardown(async () => await rm(path, { recursive: true, force: true }));
  return path;
}

/** For tests with a `smallDisk`: said to be skipped where this user may not mount one. */
export const diskTest =
  spawnSync('unshare', ['--mount', 'true']).status === 0 ? test.serial : test.serial.skip;

/** A file system of its own, of so many MiB. */
export async function smallDisk(t: ExecutionContext, size: number): Promise<string> {
  const path = await sandbox(t);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}m`, 'tmpfs', path]);
  t.teardown(() => void execFileSync('umount', [path]));
  return path;
}
