import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ErrorCode, LiveletError } from '@livelet/core/wire';

/** Bits of a file mode that let others than its owner in. */
const OTHERS = 0o077;
/** Bytes of the largest file that programs read whole: a key, a certificate, a config. */
const MAX_BYTES = 64 * 1024;

/**
 * Writes a file whole or not at all: a crash leaves the old one or the new one. Folders on the way are made, for
 * the owner only.
 * @param mode @default 0o600
 */
export async function writeWholeFile(
  file: string,
  content: string | Uint8Array,
  mode = 0o600,
): Promise<void> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/**
 * The text of a file of at most 64 KiB; undefined when there is none.
 * @throws `config-unreadable` (data: file, problem)
 */
export function readSmallFile(file: string): Promise<string | undefined> {
  return read(file, 'config-unreadable', false);
}

/**
 * The same for a secret.
 * @throws `identity-unreadable` (data: file, problem), also when others than the owner can read it
 */
export function readPrivateFile(file: string): Promise<string | undefined> {
  return read(file, 'identity-unreadable', true);
}

/**
 * The whole of a file that a person named.
 * @param most bytes
 * @param option that named it: `--file`
 * @throws `named-file-unreadable` (data: file, problem, option)
 */
export async function readNamedFile(file: string, most: number, option: string): Promise<Buffer> {
  const refuse = (problem: string, cause?: unknown): LiveletError =>
    new LiveletError('named-file-unreadable', `${file}: ${problem}`, {
      cause,
      data: { file, problem, option },
    });
  try {
    await using handle = await open(file, 'r');
    if ((await handle.stat()).size > most) throw refuse('too long');
    return await handle.readFile();
  } catch (cause) {
    if (cause instanceof LiveletError) throw cause;
    throw refuse((cause as NodeJS.ErrnoException).code ?? 'unreadable', cause);
  }
}

async function read(file: string, code: ErrorCode, isSecret: boolean): Promise<string | undefined> {
  const refuse = (problem: string, cause?: unknown): LiveletError =>
    new LiveletError(code, `${file}: ${problem}`, { cause, data: { file, problem } });
  try {
    await using handle = await open(file, 'r');
    const status = await handle.stat();
    // Windows has no such bits: Node reports 0o666 for every file there.
    if (isSecret && process.platform !== 'win32' && (status.mode & OTHERS) !== 0) {
      throw refuse('others can read it');
    }
    if (status.size > MAX_BYTES) throw refuse('too long');
    return await handle.readFile('utf8');
  } catch (cause) {
    if (cause instanceof LiveletError) throw cause;
    const problem = (cause as NodeJS.ErrnoException).code ?? 'unreadable';
    if (problem === 'ENOENT') return undefined;
    throw refuse(problem, cause);
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows can't open a folder for this, and doesn't need it.
  if (process.platform === 'win32') return;
  await using handle = await open(folder, 'r');
  await handle.sync();
}
