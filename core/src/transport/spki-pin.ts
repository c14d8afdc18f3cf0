import { createHash, type X509Certificate } from 'node:crypto';

/** `sha256/<base64 of SHA-256 over the SubjectPublicKeyInfo in DER>`, the usual notation of a pin. */
export function spkiPin(certificate: X509Certificate): string {
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return `sha256/${createHash('sha256').update(spki).digest('base64')}`;
}
