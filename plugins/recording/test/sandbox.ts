import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';

/** An empty folder, gone after the test. */
export async function sandbox(t: ExecutionContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'livelet-recording-'));
  t.teardown(async () => await rm(path, { recursive: true, force: true }));
  return path;
}

/** A file system of its own, of so many MiB; undefined where this user may not mount one. */
export async function smallDisk(t: ExecutionContext, size: number): Promise<string | undefined> {
  const path = await sandbox(t);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}m`, 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    t.log('not run: it needs the right to mount a file system');
    return undefined;
  }
  t.teardown(() => void execFileSync('umount', [path]));
  return path;
}
