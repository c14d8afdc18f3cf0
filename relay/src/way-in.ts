import { hostname } from 'node:os';
import { LiveletError } from '@livelet/core/wire';
import {
  type CertificateFiles,
  createMissingCertificate,
  ownCertificateFiles,
  type RelayCertificate,
} from './certificate.js';
import { isPrivate } from './entrance/listen.js';
import type { RelayOptions } from './relay.js';

export const PINNING = ['auto', 'always', 'never'] as const;
export type Pinning = (typeof PINNING)[number];

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

/** Without TLS of its own the relay must not be open to more than the proxy that has it. */
export function checkPlaintext({ behindTlsProxy, trustedProxies = [], ...options }: RelayOptions): void {
  const { host, socketPath, publicUrl } = options;
  if (!behindTlsProxy) {
    if (socketPath !== undefined) throw badOption('socket-path', socketPath, 'only with behind-tls-proxy');
    return;
  }
  if (!isPrivate(options))
    throw badOption('host', host ?? '', 'with behind-tls-proxy: a loopback or private address');
  if (trustedProxies.length === 0 && socketPath === undefined) {
    throw badOption('trusted-proxies', '', 'with behind-tls-proxy: the addresses of the proxy');
  }
  if (publicUrl === undefined)
    throw badOption('public-url', '', 'with behind-tls-proxy: wss://name:port of the proxy');
}

function badOption(option: string, value: string, allowed: string): LiveletError {
  return new LiveletError('option-invalid', `${option}: ${allowed}`, { data: { option, value, allowed } });
}

/** Name or address in the public URL, without brackets. */
export function publicHost({ publicUrl, host }: RelayOptions): string {
  if (publicUrl === undefined) return host ?? hostname();
  if (!URL.canParse(publicUrl)) {
    const data = { option: 'public-url', value: publicUrl, allowed: 'wss://name:port' };
    throw new LiveletError('option-invalid', 'not a URL', { data });
  }
  return new URL(publicUrl).hostname.replace(/^\[(.*)\]$/, '$1');
}
