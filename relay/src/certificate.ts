import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { spkiPin } from '@livelet/core/wire';
import { readPrivateFile, readSmallFile, writeWholeFile } from '@livelet/program';
import { generate } from 'selfsigned';

/** Hosts check the key, not the dates; it changes only when someone replaces the files. */
const YEARS = 10;

export interface RelayCertificate {
  /** PEM. */
  readonly key: string;
  /** PEM. */
  readonly certificate: string;
  /** `sha256/<base64>` of its key. */
  readonly pin: string;
}

/**
 * The certificate in `folder` (`certificate.pem`, `certificate.key`), made at first start: self-signed, ECDSA P-256.
 * @param host name or address that hosts will reach it by
 * @throws `identity-unreadable` when others can read the key
 */
export async function loadOrCreateCertificate(folder: string, host: string): Promise<RelayCertificate> {
  const keyFile = join(folder, 'certificate.key');
  const certificateFile = join(folder, 'certificate.pem');
  const key = await readPrivateFile(keyFile);
  const certificate = await readSmallFile(certificateFile);
  if (key !== undefined && certificate !== undefined) return describe(key, certificate);
  const made = await create(host);
  await writeWholeFile(keyFile, made.key);
  await writeWholeFile(certificateFile, made.certificate, 0o644);
  return made;
}

async function create(host: string): Promise<RelayCertificate> {
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
  return describe(key, cert);
}

function describe(key: string, certificate: string): RelayCertificate {
  return { key, certificate, pin: spkiPin(new X509Certificate(certificate)) };
}
