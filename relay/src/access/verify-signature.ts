import { createPublicKey, verify } from 'node:crypto';
import { checkPublicKey } from '@livelet/core/wire';

/**
 * Whether `signature` (base64url of 64 bytes) over `message` is by the Ed25519 key `publicKey` (base64url of 32
 * bytes). The one costly step of letting somebody in.
 */
export type Verifier = (publicKey: string, message: Uint8Array, signature: string) => boolean;

export const verifySignature: Verifier = (publicKey, message, signature) => {
  const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: publicKey } });
  return verify(undefined, message, key, Buffer.from(signature, 'base64url'));
};

/**
 * Refuses keys under which one signature fits many messages, before such a key is enrolled.
 * @throws `identity-invalid`
 */
export function checkKeyText(publicKey: string): void {
  checkPublicKey(Buffer.from(publicKey, 'base64url'));
}
