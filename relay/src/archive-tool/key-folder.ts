import { join } from 'node:path';
import {
  asLiveletError,
  createIdentity,
  createSealKeys,
  type Identity,
  identityFromSeed,
  LiveletError,
  type SealKeys,
  sealKeysFromSecret,
  systemRandom,
} from '@livelet/core/wire';
import { readPrivateFile, writeWholeFile } from '@livelet/program';

const FILES = { organisation: 'organisation.key', archive: 'archive.key', support: 'support.key' } as const;
const KEY_BYTES = 32;

/** The organisation's secrets, one file each. They are made on an administrator's computer and never on a relay. */
export interface OrganisationKeys {
  /** Signs the deployment and the choice of an archive. */
  readonly organisation: Identity;
  /** Opens kept chats. */
  readonly archive: SealKeys;
  /** Opens problem reports. */
  readonly support: SealKeys;
}

/** Makes what isn't there yet. @throws `organisation-key-unreadable` */
export async function makeOrganisationKeys(folder: string): Promise<OrganisationKeys> {
  const secrets: [file: string, secret: () => Uint8Array][] = [
    [FILES.organisation, () => createIdentity(systemRandom).secretKey.subarray(0, KEY_BYTES)],
    [FILES.archive, () => createSealKeys(systemRandom).secretKey],
    [FILES.support, () => createSealKeys(systemRandom).secretKey],
  ];
  for (const [name, secret] of secrets) await makeKey(join(folder, name), secret);
  return {
    organisation: await readOrganisationKey(folder),
    archive: await readSealKeys(folder, 'archive'),
    support: await readSealKeys(folder, 'support'),
  };
}

/** Makes the support key alone, if it isn't there yet. @throws `organisation-key-unreadable` */
export async function makeSupportKey(folder: string): Promise<SealKeys> {
  await makeKey(join(folder, FILES.support), () => createSealKeys(systemRandom).secretKey);
  return readSealKeys(folder, 'support');
}

/** @throws `organisation-key-unreadable` (data: file, problem) */
export async function readOrganisationKey(folder: string): Promise<Identity> {
  return identityFromSeed(await readKey(join(folder, FILES.organisation)));
}

/** @throws `organisation-key-unreadable` (data: file, problem) */
export async function readSealKeys(folder: string, which: 'archive' | 'support'): Promise<SealKeys> {
  return sealKeysFromSecret(await readKey(join(folder, FILES[which])));
}

async function makeKey(file: string, secret: () => Uint8Array): Promise<void> {
  if ((await readSecret(file)) !== undefined) return;
  await writeWholeFile(file, `${Buffer.from(secret()).toString('base64')}\n`);
}

async function readKey(file: string): Promise<Uint8Array> {
  const text = await readSecret(file);
  const isKey = text !== undefined && /^[A-Za-z0-9+/]{43}=\n?$/.test(text);
  if (isKey) return Uint8Array.from(Buffer.from(text, 'base64'));
  throw unreadable(file, text === undefined ? 'ENOENT' : 'not a key');
}

/** A key of a program can be made anew; of these each opens what no other does. */
async function readSecret(file: string): Promise<string | undefined> {
  try {
    return await readPrivateFile(file);
  } catch (error) {
    throw unreadable(file, String(asLiveletError(error).data.problem), error);
  }
}

function unreadable(file: string, problem: string, cause?: unknown): LiveletError {
  const data = { file, problem };
  return new LiveletError('organisation-key-unreadable', `${file}: ${problem}`, { cause, data });
}
