import { hostname } from 'node:os';
import { type Clock, LiveletError } from '@livelet/core/wire';
import { isPrivate } from './entrance/listen.js';
import type { RelayLog } from './log.js';
import type { RelaySettings } from './settings.js';

/** Only programs on this machine. */
export const LOOPBACK: readonly string[] = ['127.0.0.0/8', '::1'];

export const PINNING = ['auto', 'always', 'never'] as const;
export type Pinning = (typeof PINNING)[number];

/** Where a relay stands and what it allows. */
export interface RelayOptions {
  /** Address to listen on; none: all. */
  readonly host?: string | undefined;
  /** 0: any free one. */
  readonly port: number;
  /** A unix socket to listen on, in place of host and port; only behind a proxy that ends TLS. @default none */
  readonly socketPath?: string | undefined;
  /** A proxy in front ends TLS; the relay listens privately and lets trusted proxies in, nobody else. @default false */
  readonly behindTlsProxy?: boolean;
  /** PEM, with its chain. @default made in the state folder */
  readonly tlsCertificate?: string | undefined;
  /** PEM. */
  readonly tlsKey?: string | undefined;
  /** Whether hosts are told to accept this key only; `auto`: unless a public authority stands behind it. @default auto */
  readonly pinning?: Pinning;
  /** Folder of certificate, tokens and deployment file; made when missing. */
  readonly stateDir: string;
  /** `wss://name:port` by which hosts reach it. @default made of host (else the machine's name) and port */
  readonly publicUrl?: string | undefined;
  readonly region?: string | undefined;
  /** @default what the deployment file says, else a random one */
  readonly deploymentId?: string | undefined;
  /** `postgres://...` of the store; a secret. @default embedded, in `store/` of the state folder */
  readonly databaseUrl?: string | undefined;
  /** Addresses and subnets of proxies whose PROXY header and X-Forwarded-For are believed. @default none */
  readonly trustedProxies?: readonly string[];
  /** Addresses and subnets that may read `/metrics`. @default loopback */
  readonly metricsFrom?: readonly string[];
  /** Addresses and subnets that get the console at `/admin/`. @default loopback */
  readonly adminFrom?: readonly string[];
  readonly settings?: Partial<RelaySettings>;
  /** @default systemClock */
  readonly clock?: Clock;
  /** Hears of everything; what is kept of connections goes to the store besides. @default none */
  readonly log?: RelayLog;
  /** Share of its memory that the process uses, 0 to 1. @default measured */
  readonly usedMemory?: () => number;
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

/** An option that says, or leaves out, what another one doesn't allow. */
export function badOption(option: string, value: string, allowed: string): LiveletError {
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
