import { LiveletError } from '../errors.js';

/** An HTTP proxy that is asked to pass a connection on (CONNECT). Never logged or shown but by `proxyLabel`. */
export interface ProxyServer {
  /** Name or address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** Sent only to this proxy, and only when it is set. */
  readonly credentials?: { readonly user: string; readonly password: string };
}

/**
 * Says which proxy leads to an address; undefined: none, go directly. Asked anew for every connection, because a
 * computer can change its network.
 * @throws `proxy-invalid`
 */
export type ProxyFinder = (
  address: { readonly host: string; readonly port: number },
  signal: AbortSignal,
) => Promise<ProxyServer | undefined>;

/** Characters of a proxy's address with its credentials. */
const MAX_PROXY_TEXT = 1000;
/** Where `http://` proxies listen when their address says nothing. */
const DEFAULT_PORT = 80;

/**
 * Reads `http://user:password@host:port` (`user:password@` and `http://` may be missing).
 * @throws `proxy-invalid` with `data.proxy`, which never holds credentials
 */
export function parseProxy(text: string): ProxyServer {
  const full = text.includes('://') ? text : `http://${text}`;
  const url = text.length <= MAX_PROXY_TEXT && URL.canParse(full) ? new URL(full) : undefined;
  const bare = url && url.search + url.hash === '' && (url.pathname === '/' || url.pathname === '');
  if (url?.protocol !== 'http:' || url.hostname === '' || !bare) {
    throw new LiveletError('proxy-invalid', undefined, { data: { proxy: url?.host.slice(0, 300) ?? '' } });
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? DEFAULT_PORT : Number(url.port);
  if (url.username === '' && url.password === '') return { host, port };
  return { host, port, credentials: { user: decode(url.username), password: decode(url.password) } };
}

/** `host:port`: all of a proxy that is ever shown. */
export function proxyLabel({ host, port }: ProxyServer): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** A password with a bare `%` is meant as it stands. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
