import nacl from 'tweetnacl';
import { concat, lv, utf8 } from '../channel/bytes.js';
import type { Identity } from '../channel/identity.js';

/** What can be signed as JSON. */
export type SignableJson =
  | string
  | number
  | boolean
  | readonly SignableJson[]
  | { readonly [key: string]: SignableJson | undefined };

/** One text for one value: keys in the order of their UTF-16 units, no space, nothing for what is undefined. */
export function canonicalJson(value: SignableJson): string {
  if (Array.isArray(value)) return `[${value.map((entry) => canonicalJson(entry)).join(',')}]`;
  if (typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value).filter((entry) => entry[1] !== undefined) as [string, SignableJson][];
  entries.sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonicalJson(part)}`).join(',')}}`;
}

/** Ed25519 over `"livelet/1 <what>" | lv(canonical JSON)`, base64. `what` keeps one kind from passing for another. */
export function signJson(what: string, value: SignableJson, identity: Identity): string {
  return base64(nacl.sign.detached(signedBytes(what, value), identity.secretKey));
}

/** Whether `signature` (base64) is that of `publicKey` (base64) for `value`. */
export function isSignedJson(
  what: string,
  value: SignableJson,
  signature: string,
  publicKey: string,
): boolean {
  const [signatureBytes, keyBytes] = [fromBase64(signature), fromBase64(publicKey)];
  if (signatureBytes?.length !== nacl.sign.signatureLength) return false;
  if (keyBytes?.length !== nacl.sign.publicKeyLength) return false;
  return nacl.sign.detached.verify(signedBytes(what, value), signatureBytes, keyBytes);
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** Undefined when `text` isn't the one way to write its bytes. */
export function fromBase64(text: string): Uint8Array | undefined {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  return base64(bytes) === text ? bytes : undefined;
}

function signedBytes(what: string, value: SignableJson): Uint8Array {
  return concat(utf8(`livelet/1 ${what}`), lv(canonicalJson(value)));
}
