/**
 * How an operator proves to a relay who asks. A token is good for one request, once, while its time is near the
 * relay's:
 *
 *     <public key>.<time>.<nonce>.<body hash>.<signature>
 *
 * The key is 32 bytes, the nonce 16, the hash (SHA-256 of the request's body) 32 or `-` for no body, the signature
 * 64, each in base64url; the time is in ms since 1970. The signature is Ed25519 over
 *
 *     "livelet/1 request" | lv(deploymentId, method, path, time, nonce, body hash)
 *
 * with the parts as they stand in the token, and the query as part of the path. An HTTP request carries it as
 * `Authorization: Livelet <token>`; the message `allocate` as its `authorization`, signed for ALLOCATE.
 */
import nacl from 'tweetnacl';
import { concat, lv, utf8 } from '../channel/bytes.js';
import { type RandomSource, sha256 } from '../channel/crypto.js';
import type { Identity } from '../channel/identity.js';

/** The scheme of the Authorization header. */
export const REQUEST_SCHEME = 'Livelet';
/** What an `allocate` message is signed for. */
export const ALLOCATE = { method: 'ALLOCATE', path: '/' } as const;
/** Characters of the longest token. */
const MAX_REQUEST_TOKEN = 256;

const NONCE_BYTES = 16;
const NO_BODY = '-';
const TOKEN =
  /^(?<publicKey>[\w-]{43})\.(?<time>\d{1,15})\.(?<nonce>[\w-]{22})\.(?<bodyHash>-|[\w-]{43})\.(?<signature>[\w-]{86})$/;

/** What a token is signed for. */
export interface RequestTarget {
  readonly deploymentId: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
}

/** A token's parts, as they stand in it: nothing of it is proven. */
export interface RequestToken {
  /** base64url of 32 bytes. */
  readonly publicKey: string;
  /** ms since 1970. */
  readonly time: string;
  readonly nonce: string;
  /** base64url of SHA-256, or `-`. */
  readonly bodyHash: string;
  /** base64url of 64 bytes. */
  readonly signature: string;
}

/**
 * A token for one request.
 * @param time ms since 1970, by the relay's clock as far as it is known
 */
export function signRequest(
  identity: Identity,
  request: RequestTarget & { readonly body?: Uint8Array | undefined },
  time: number,
  random: RandomSource,
): string {
  const unsigned = {
    publicKey: keyText(identity.publicKey),
    time: String(Math.floor(time)),
    nonce: base64Url(random(NONCE_BYTES)),
    bodyHash: bodyHash(request.body),
  };
  const signature = nacl.sign.detached(signedBytes(unsigned, request), identity.secretKey);
  return [...Object.values(unsigned), base64Url(signature)].join('.');
}

/** The parts of `text`; undefined when it isn't a token. Costs no cryptography. */
export function parseRequestToken(text: string): RequestToken | undefined {
  if (text.length > MAX_REQUEST_TOKEN) return undefined;
  return TOKEN.exec(text)?.groups as unknown as RequestToken | undefined;
}

/** What the signature of `token` is over, if it is for `target`. */
export function signedBytes(token: Omit<RequestToken, 'signature'>, target: RequestTarget): Uint8Array {
  const { deploymentId, method, path } = target;
  const { time, nonce, bodyHash } = token;
  return concat(utf8('livelet/1 request'), lv(deploymentId, method, path, time, nonce, bodyHash));
}

/** How a token names a body: base64url of its SHA-256, `-` when it is absent or empty. */
export function bodyHash(body: Uint8Array | undefined): string {
  return body === undefined || body.length === 0 ? NO_BODY : base64Url(sha256(body));
}

/** A public key as tokens and relays write it: base64url. */
export function keyText(publicKey: Uint8Array): string {
  return base64Url(publicKey);
}

function base64Url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
