import type { Identity } from '../channel/identity.js';
import { LiveletError } from '../errors.js';
import { base64, isSignedJson, signJson } from '../sealed/canonical-json.js';

/** What the programs of one organisation share: `deployment.json`, written by its relay at first start. */
export interface Deployment {
  /** Scheme, host and port of the relay: `wss://relay.example:7443`. */
  readonly relayUrl: string;
  /** Part of every handshake, so that two deployments never meet. 1 to 64 of `A-Z a-z 0-9 . _ -`. */
  readonly deploymentId: string;
  /** Accepted keys of the relay, `sha256/<base64>`; none: the system's certificate authorities decide. */
  readonly pins: readonly string[];
  /** Where the relay says it stands, such as `EU`. */
  readonly region?: string;
  /** X25519 key that problem reports are sealed to, base64 of 32 bytes. */
  readonly supportKey?: string;
  /** X25519 key that kept chats are sealed to, base64 of 32 bytes. */
  readonly archiveKey?: string;
  /** Ed25519 key of the organisation, base64 of 32 bytes. With it the file is signed, and as it was signed or refused. */
  readonly organisationKey?: string;
  /** By that key over everything else here, base64 of 64 bytes. */
  readonly signature?: string;
}

/** Characters of a deployment file. */
const MAX_DEPLOYMENT_TEXT = 16 * 1024;
const MAX_PINS = 8;
const SIGNED_AS = 'deployment';

const isPin = (value: unknown): boolean =>
  typeof value === 'string' && /^sha256\/[A-Za-z0-9+/]{43}=$/.test(value);
const isKey = (value: unknown): boolean => typeof value === 'string' && /^[A-Za-z0-9+/]{43}=$/.test(value);

const CHECKS: Readonly<Record<keyof Deployment, (value: unknown) => boolean>> = {
  relayUrl: (value) => typeof value === 'string' && value.length <= 300 && isRelayUrl(value),
  deploymentId: (value) => typeof value === 'string' && /^[A-Za-z0-9._-]{1,64}$/.test(value),
  pins: (value) => Array.isArray(value) && value.length <= MAX_PINS && value.every(isPin),
  region: (value) => typeof value === 'string' && /^[\p{L}\p{N} ._-]{1,64}$/u.test(value),
  supportKey: isKey,
  archiveKey: isKey,
  organisationKey: isKey,
  signature: (value) => typeof value === 'string' && /^[A-Za-z0-9+/]{86}==$/.test(value),
};
const REQUIRED: readonly (keyof Deployment)[] = ['relayUrl', 'deploymentId', 'pins'];

/**
 * Reads a deployment file. A key that it doesn't know is refused: a misspelt `pins` must not mean "none".
 * @throws `deployment-invalid` with `data.key` where one key is to blame
 */
export function parseDeployment(json: string): Deployment {
  if (json.length > MAX_DEPLOYMENT_TEXT) throw new LiveletError('deployment-invalid', 'too long');
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new LiveletError('deployment-invalid', 'not JSON', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new LiveletError('deployment-invalid', 'not a JSON object');
  }
  for (const [key, part] of Object.entries(value)) {
    const valid = Object.hasOwn(CHECKS, key) && CHECKS[key as keyof Deployment](part);
    if (!valid) throw invalid(key.slice(0, 64));
  }
  const missing = REQUIRED.find((key) => !Object.hasOwn(value, key));
  if (missing !== undefined) throw invalid(missing);
  const deployment = value as Deployment;
  if (!isIntact(deployment)) throw invalid('signature');
  return deployment;
}

/** The same deployment, signed by its organisation; what it said of another organisation is replaced. */
export function signDeployment(deployment: Deployment, organisation: Identity): Deployment {
  const { signature: _, ...facts } = { ...deployment, organisationKey: base64(organisation.publicKey) };
  return { ...facts, signature: signJson(SIGNED_AS, facts, organisation) };
}

/** Whoever can change the file can also take key and signature out of it: that is another file, of no organisation. */
function isIntact({ signature, ...facts }: Deployment): boolean {
  const { organisationKey } = facts;
  if (organisationKey === undefined || signature === undefined) return organisationKey === signature;
  return isSignedJson(SIGNED_AS, facts, signature, organisationKey);
}

/** Host and port that `relayUrl` names. */
export function relayAddress(deployment: Deployment): { host: string; port: number } {
  const url = new URL(deployment.relayUrl);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return { host, port: url.port === '' ? 443 : Number(url.port) };
}

function isRelayUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const bare = url.username + url.password + url.search + url.hash === '' && url.pathname === '/';
  return (url.protocol === 'wss:' || url.protocol === 'https:') && url.hostname !== '' && bare;
}

function invalid(key: string): LiveletError {
  return new LiveletError('deployment-invalid', `bad or missing: ${key}`, { data: { key } });
}
