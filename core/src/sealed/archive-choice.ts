/**
 * Where an organisation keeps its chats. By default that is its own relay and the archive key of its deployment file.
 * A choice of another place is signed by the organisation's key, which is on no relay and with no operator: neither
 * can send what is kept elsewhere.
 */
import type { Identity } from '../channel/identity.js';
import { LiveletError } from '../errors.js';
import { type Deployment, parseDeployment } from '../transport/deployment.js';
import { isSignedJson, signJson } from './canonical-json.js';

/** Characters of a choice. */
export const MAX_ARCHIVE_CHOICE = 4096;
const SIGNED_AS = 'archive choice';

/** The place where chats are kept, and the key that they are sealed to. */
export interface Archive {
  readonly relayUrl: string;
  /** Of the relay that keeps the chats. */
  readonly deploymentId: string;
  readonly pins: readonly string[];
  /** X25519, base64 of 32 bytes. */
  readonly archiveKey: string;
}

/** An archive as the organisation signed it. */
export interface SignedArchive extends Archive {
  /** ms since 1970 */
  readonly issuedAt: number;
  /** base64 of 64 bytes */
  readonly signature: string;
}

/** What the deployment file itself says; undefined: chats are not kept. */
export function ownArchive(deployment: Deployment): Archive | undefined {
  const { relayUrl, deploymentId, pins, archiveKey } = deployment;
  return archiveKey === undefined ? undefined : { relayUrl, deploymentId, pins, archiveKey };
}

export function signArchiveChoice(archive: Archive, issuedAt: number, organisation: Identity): SignedArchive {
  const { relayUrl, deploymentId, pins, archiveKey } = archive;
  const choice = { relayUrl, deploymentId, pins, archiveKey, issuedAt };
  return { ...choice, signature: signJson(SIGNED_AS, choice, organisation) };
}

/**
 * Reads a choice, from a file or from the peer.
 * @throws `archive-choice-refused` unless the organisation of `deployment` signed it
 */
export function parseArchiveChoice(json: string, deployment: Deployment): SignedArchive {
  const { organisationKey } = deployment;
  if (organisationKey === undefined) throw refused('the deployment names no organisation key');
  if (json.length > MAX_ARCHIVE_CHOICE) throw refused('too long');
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw refused('not JSON', cause);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused('not an object');
  const { issuedAt, signature, ...archive } = value as Record<string, unknown>;
  if (typeof issuedAt !== 'number' || !Number.isSafeInteger(issuedAt)) throw refused('time');
  if (typeof signature !== 'string') throw refused('no signature');
  const signed = { ...readArchive(archive), issuedAt };
  if (!isSignedJson(SIGNED_AS, signed, signature, organisationKey))
    throw refused('not signed by the organisation');
  return { ...signed, signature };
}

/** An archive's parts are those of a deployment, so they are checked as such. */
function readArchive(
  value: Record<string, unknown>,
): Archive & { readonly [key: string]: string | readonly string[] } {
  let known: Deployment;
  try {
    known = parseDeployment(JSON.stringify(value));
  } catch (cause) {
    throw refused('not an archive', cause);
  }
  const { relayUrl, deploymentId, pins, archiveKey, ...others } = known;
  if (archiveKey === undefined || Object.keys(others).length > 0) throw refused('not an archive');
  return { relayUrl, deploymentId, pins, archiveKey };
}

function refused(message: string, cause?: unknown): LiveletError {
  return new LiveletError('archive-choice-refused', message, { cause });
}
