import { createPrivateKey, X509Certificate } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { createSecureContext, getCACertificates } from 'node:tls';
import { LiveletError, RELAY_TLS, spkiPin } from '@livelet/core/wire';
import { readPrivateFile, readSmallFile, writeWholeFile } from '@livelet/program';
import { generate } from 'selfsigned';
import type { TlsIdentity } from '../entrance/entrance.js';

/** Hosts check the key, not the dates; it changes only when someone replaces the files. */
const YEARS = 10;
/** Certificates of a chain. */
const MAX_CHAIN = 8;

/** Where a certificate and its key are. */
export interface CertificateFiles {
  /** PEM, the relay's own first, then those that lead to a certificate authority. */
  readonly certificate: string;
  /** PEM, private. */
  readonly key: string;
}

export interface RelayCertificate extends TlsIdentity {
  /** `sha256/<base64>` of its key. */
  readonly pin: string;
  /** Wall time, ms. */
  readonly endsAt: number;
  /** A certificate authority that this system knows stands behind it. */
  readonly isPublic: boolean;
}

/** The files in a state folder: `certificate.pem`, `certificate.key`. */
export function ownCertificateFiles(stateDir: string): CertificateFiles {
  return { certificate: join(stateDir, 'certificate.pem'), key: join(stateDir, 'certificate.key') };
}

/**
 * Makes the files when both are missing: self-signed, ECDSA P-256.
 * @param host name or address that hosts will reach it by
 */
export async function createMissingCertificate(files: CertificateFiles, host: string): Promise<void> {
  const found = [await readPrivateFile(files.key), await readSmallFile(files.certificate)];
  if (found.some((text) => text !== undefined)) return;
  const { key, certificate } = await create(host);
  await writeWholeFile(files.key, key);
  await writeWholeFile(files.certificate, certificate, 0o644);
}

/**
 * Reads a certificate with its chain, and its key.
 * @throws `identity-unreadable` (data: file, problem), also when others can read the key or the two don't belong
 * together, `config-unreadable`
 */
export async function loadCertificate(files: CertificateFiles): Promise<RelayCertificate> {
  const refuse = (file: string, problem: string, cause?: unknown): LiveletError =>
    new LiveletError('identity-unreadable', `${file}: ${problem}`, { cause, data: { file, problem } });
  const key = await readPrivateFile(files.key);
  if (key === undefined) throw refuse(files.key, 'ENOENT');
  const certificate = await readSmallFile(files.certificate);
  if (certificate === undefined) throw refuse(files.certificate, 'ENOENT');
  try {
    const chain = readChain(certificate);
    const [own] = chain;
    if (own === undefined) throw refuse(files.certificate, 'not a certificate');
    if (!own.checkPrivateKey(createPrivateKey(key)))
      throw refuse(files.key, 'not the key of the certificate');
    createSecureContext({ key, cert: certificate, ...RELAY_TLS });
    return {
      key,
      certificate,
      pin: spkiPin(own),
      endsAt: Date.parse(own.validTo),
      isPublic: leadsToAuthority(chain),
    };
  } catch (cause) {
    if (cause instanceof LiveletError) throw cause;
    throw refuse(files.certificate, 'not a certificate with its key', cause);
  }
}

/** Changes when one of the files does, also when a link leads to another one. */
export async function certificateState({ certificate, key }: CertificateFiles): Promise<string> {
  const states = await Promise.all(
    [certificate, key].map(async (file) => {
      const { ino, size, mtimeMs } = await stat(file);
      return `${ino} ${size} ${mtimeMs}`;
    }),
  );
  return states.join(', ');
}

function readChain(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.slice(0, MAX_CHAIN).map((block) => new X509Certificate(block));
}

function leadsToAuthority(chain: readonly X509Certificate[]): boolean {
  const links = chain.slice(1).every((issuer, index) => isIssuedBy(chain[index], issuer));
  const last = chain.at(-1);
  if (!links || last === undefined) return false;
  return getCACertificates('system').some((pem) => {
    const root = new X509Certificate(pem);
    return root.fingerprint256 === last.fingerprint256 ? chain.length > 1 : isIssuedBy(last, root);
  });
}

function isIssuedBy(certificate: X509Certificate | undefined, issuer: X509Certificate): boolean {
  return certificate?.checkIssued(issuer) === true && certificate.verify(issuer.publicKey);
}

async function create(host: string): Promise<TlsIdentity> {
  const notAfterDate = new Date();
  notAfterDate.setFullYear(notAfterDate.getFullYear() + YEARS);
  const names = [...new Set([host, 'localhost', '127.0.0.1', '::1'])];
  const { private: key, cert } = await generate([{ name: 'commonName', value: host }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notAfterDate,
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: names.map((name) => (isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name })),
      },
    ],
  });
  return { key, certificate: cert };
}
