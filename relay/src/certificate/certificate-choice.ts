import { badOption, type Pinning, type RelayOptions } from '../relay-options.js';
import {
  type CertificateFiles,
  createMissingCertificate,
  ownCertificateFiles,
  type RelayCertificate,
} from './certificate.js';

/** Undefined: the proxy in front has it. */
export async function certificateFiles(
  options: RelayOptions,
  host: string,
): Promise<CertificateFiles | undefined> {
  const { behindTlsProxy, tlsCertificate, tlsKey, stateDir } = options;
  if (behindTlsProxy) return undefined;
  if (tlsCertificate !== undefined && tlsKey !== undefined)
    return { certificate: tlsCertificate, key: tlsKey };
  if (tlsCertificate !== undefined || tlsKey !== undefined) {
    const option = tlsKey === undefined ? 'tls-key' : 'tls-certificate';
    throw badOption(option, '', 'both tls-certificate and tls-key, or none of them');
  }
  const own = ownCertificateFiles(stateDir);
  await createMissingCertificate(own, host);
  return own;
}

/** Undefined: the deployment file knows better. */
export function pinsOf(
  certificate: RelayCertificate | undefined,
  pinning: Pinning = 'auto',
): string[] | undefined {
  if (certificate === undefined) return undefined;
  const isPinned = pinning === 'auto' ? !certificate.isPublic : pinning === 'always';
  return isPinned ? [certificate.pin] : [];
}
