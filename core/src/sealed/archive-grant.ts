/**
 * A customer is nobody to a relay, and their end hands in its transcript all the same: the operator of the session
 * gives it a right to, good for one session, so many bytes, and a while:
 *
 *     <operator's public key>.<session>.<bytes>.<not after>.<signature>
 *
 * The key is 32 bytes and the signature 64, in base64url; the session 32 hexadecimal digits; the time in ms since
 * 1970. The signature is Ed25519 over
 *
 *     "livelet/1 archive grant" | lv(deploymentId, session, bytes, not after)
 *
 * with the parts as they stand in the token; deploymentId is that of the relay that keeps the chat. An HTTP request
 * carries it as `Authorization: LiveletGrant <token>`.
 */
import nacl from 'tweetnacl';
import { concat, lv, utf8 } from '../channel/bytes.js';
import type { Identity } from '../channel/identity.js';
import { LiveletError } from '../errors.js';

/** The scheme of the Authorization header. */
export const GRANT_SCHEME = 'LiveletGrant';
/** Characters of the longest token. */
export const MAX_GRANT_TOKEN = 256;

const TOKEN =
  /^(?<operator>[\w-]{43})\.(?<session>[0-9a-f]{32})\.(?<maxBytes>\d{1,12})\.(?<notAfter>\d{1,15})\.(?<signature>[\w-]{86})$/;

export interface ArchiveGrant {
  /** Ed25519 public key, base64url. */
  readonly operator: string;
  /** 32 hexadecimal digits, random. */
  readonly session: string;
  /** Of envelopes, together. */
  readonly maxBytes: number;
  /** ms since 1970 */
  readonly notAfter: number;
}

/** @param deploymentId of the relay that keeps the chat */
export function signArchiveGrant(
  operator: Identity,
  grant: Omit<ArchiveGrant, 'operator'>,
  deploymentId: string,
): string {
  const { session } = grant;
  const [maxBytes, notAfter] = [String(grant.maxBytes), String(grant.notAfter)];
  const signature = nacl.sign.detached(
    signedBytes(deploymentId, session, maxBytes, notAfter),
    operator.secretKey,
  );
  const [key, sealed] = [operator.publicKey, signature].map((bytes) =>
    Buffer.from(bytes).toString('base64url'),
  );
  return [key, session, maxBytes, notAfter, sealed].join('.');
}

/**
 * The grant that `token` is, signed by the operator it names. Whether that is a known operator, whether its time has
 * passed and whether it is used up is for the caller to find out.
 * @throws `archive-grant-refused`
 */
export function verifyArchiveGrant(token: string, deploymentId: string): ArchiveGrant {
  const parts = token.length <= MAX_GRANT_TOKEN ? TOKEN.exec(token)?.groups : undefined;
  if (parts === undefined) throw new LiveletError('archive-grant-refused', 'not a grant');
  const { operator = '', session = '', maxBytes = '', notAfter = '', signature = '' } = parts;
  const isSigned = nacl.sign.detached.verify(
    signedBytes(deploymentId, session, maxBytes, notAfter),
    Uint8Array.from(Buffer.from(signature, 'base64url')),
    Uint8Array.from(Buffer.from(operator, 'base64url')),
  );
  if (!isSigned) throw new LiveletError('archive-grant-refused', 'the signature is wrong');
  return { operator, session, maxBytes: Number(maxBytes), notAfter: Number(notAfter) };
}

function signedBytes(deploymentId: string, session: string, maxBytes: string, notAfter: string): Uint8Array {
  return concat(utf8('livelet/1 archive grant'), lv(deploymentId, session, maxBytes, notAfter));
}
