import { join } from 'node:path';
import {
  createIdentity,
  type Identity,
  identityFromSeed,
  LiveletError,
  systemRandom,
} from '@livelet/core/wire';
import { readPrivateFile, writeWholeFile } from './files.js';

/** Bytes of an Ed25519 seed, the first part of a secret key. */
const SEED_BYTES = 32;

/**
 * This program's signing key: `identity.key` in `stateDir` (base64 of the seed), made at first start.
 * @throws `identity-unreadable` (data: file, problem), also when others can read it
 */
export function loadOrCreateIdentity(stateDir: string): Promise<Identity> {
  return loadOrCreateIdentityFile(join(stateDir, 'identity.key'));
}

/** The same, with the file's own name. */
export async function loadOrCreateIdentityFile(file: string): Promise<Identity> {
  const known = await read(file);
  if (known !== undefined) return known;
  const identity = createIdentity(systemRandom);
  const seed = Buffer.from(identity.secretKey.subarray(0, SEED_BYTES));
  await writeWholeFile(file, `${seed.toString('base64')}\n`);
  return identity;
}

/**
 * The signing key in `file`, which must be there.
 * @throws `identity-unreadable` (data: file, problem)
 */
export async function loadIdentityFile(file: string): Promise<Identity> {
  const identity = await read(file);
  if (identity === undefined) throw refusal(file, 'ENOENT');
  return identity;
}

async function read(file: string): Promise<Identity | undefined> {
  const text = await readPrivateFile(file);
  if (text === undefined) return undefined;
  if (!/^[A-Za-z0-9+/]{43}=\n?$/.test(text)) throw refusal(file, 'not a key');
  return identityFromSeed(Buffer.from(text, 'base64'));
}

function refusal(file: string, problem: string): LiveletError {
  return new LiveletError('identity-unreadable', `${file}: ${problem}`, { data: { file, problem } });
}
