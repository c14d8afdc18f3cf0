import { join } from 'node:path';
import {
  type Archive,
  type Deployment,
  LiveletError,
  ownArchive,
  type SignedArchive,
  signArchiveChoice,
  signDeployment,
} from '@livelet/core/wire';
import { writeWholeFile } from '@livelet/program';
import { makeOrganisationKeys, readOrganisationKey } from './key-folder.js';

const base64 = (key: Uint8Array): string => Buffer.from(key).toString('base64');

/**
 * Makes the organisation's keys in `folder` and a deployment file there that names them, signed.
 * @param replace takes over the deployment of another organisation, such as this one before its key was lost
 * @returns the file
 * @throws `deployment-invalid` when the deployment belongs to another organisation, `organisation-key-unreadable`
 */
export async function initOrganisation(
  deployment: Deployment,
  folder: string,
  replace = false,
): Promise<string> {
  const keys = await makeOrganisationKeys(folder);
  const organisationKey = base64(keys.organisation.publicKey);
  if (!replace && (deployment.organisationKey ?? organisationKey) !== organisationKey) {
    const data = { key: 'organisationKey' };
    throw new LiveletError('deployment-invalid', 'it is another organisation’s', { data });
  }
  const archiveKey = base64(keys.archive.publicKey);
  const supportKey = base64(keys.support.publicKey);
  const signed = signDeployment({ ...deployment, archiveKey, supportKey }, keys.organisation);
  const file = join(folder, 'deployment.json');
  await writeWholeFile(file, `${JSON.stringify(signed, undefined, 2)}\n`, 0o644);
  return file;
}

/**
 * A signed choice of the relay of `place` as the archive.
 * @param keys folder of the organisation's keys
 * @throws `deployment-invalid` when `place` names no archive key, `organisation-key-unreadable`
 */
export async function chooseArchive(place: Deployment, keys: string, now: number): Promise<SignedArchive> {
  const archive: Archive | undefined = ownArchive(place);
  if (archive === undefined) {
    throw new LiveletError('deployment-invalid', 'no archive key', { data: { key: 'archiveKey' } });
  }
  return signArchiveChoice(archive, now, await readOrganisationKey(keys));
}
