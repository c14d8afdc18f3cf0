import { join } from 'node:path';
import { createIdentity, type Identity, identityFromSeed, LiveletError, systemRandom } from '@livelet/core';
import { readPrivateFile, writeWholeFile } from './files.js';

/** Bytes of an Ed25519 seed, the first part of a secret key. */
const SEED_BYTES = 32;

/**
 * This program's signing key: `identity.key` in `stateDir` (base64 of the seed), made at first start.
 * @throws `identity-unreadable` (data: file, problem), also when others can read it
 */
export async function loadOrCreateIdentity(stateDir: string): Promise<Identity> {
  const file = join(stateDir, 'identity.key');
  const text = await readPrivateFile(file);
  if (text === undefined) {
    const identity = createIdentity(systemRandom);
    const seed = Buffer.from(identity.secretKey.subarray(0, SEED_BYTES));
    await writeWholeFile(file, `${seed.toString('base64')}\n`);
    return identity;
  }
  if (!/^[A-Za-z0-9+/]{43}=\n?$/.test(text)) {
    const data = { file, problem: 'not a key' };
    throw new LiveletError('identity-unreadable', `${file}: not a key`, { data });
  }
  return identityFromSeed(Buffer.from(text, 'base64'));
}
