import { request } from 'node:http';
import type { Socket } from 'node:net';
import { type ErrorCode, LiveletError } from '../errors.js';
import { type ProxyServer, proxyLabel } from './proxy.js';

/** Bytes of a proxy's answer before the tunnel. */
const MAX_ANSWER = 8 * 1024;
/** 407 by RFC 9110; some proxies answer wrong credentials with 401. */
const WRONG_CREDENTIALS: ReadonlySet<number> = new Set([401, 407]);

/**
 * A tunnel through an HTTP proxy (RFC 9110, CONNECT). What goes through is for the caller to protect.
 * @throws `proxy-unreachable`, `proxy-authentication-required`, `proxy-refused`, `relay-unreachable` when the proxy
 *   doesn't get there (data: host, port, proxy, and the answer's status), or the signal's reason
 */
export function connectThrough(
  proxy: ProxyServer,
  target: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<Socket> {
  const authority = proxyLabel(target);
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const fail = (code: ErrorCode, cause?: unknown, status?: number): void => {
      const { host, port } = target;
      const data = { host, port, proxy: proxyLabel(proxy), ...(status === undefined ? {} : { status }) };
      reject(new LiveletError(code, undefined, { cause, data }));
    };
    const asking = request({
      host: proxy.host,
      port: proxy.port,
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...authorization(proxy) },
      agent: false,
      maxHeaderSize: MAX_ANSWER,
    });
    const abort = (): void => {
      reject(signal.reason);
      asking.destroy();
    };
    signal.addEventListener('abort', abort, { once: true });
    asking.once('close', () => signal.removeEventListener('abort', abort));
    asking.on('error', (cause) => fail('proxy-unreachable', cause));
    // Node takes any answer to CONNECT for the tunnel's beginning, refusals included.
    asking.once('connect', ({ statusCode = 0 }, socket, head) => {
      signal.removeEventListener('abort', abort);
      socket.on('error', () => {});
      if (statusCode >= 200 && statusCode < 300 && head.length === 0) {
        resolve(socket as Socket);
        return;
      }
      socket.destroy();
      // Nobody behind a tunnel speaks before a TLS client does.
      if (statusCode < 300) fail('proxy-unreachable');
      else if (statusCode >= 500) fail('relay-unreachable', undefined, statusCode);
      else if (WRONG_CREDENTIALS.has(statusCode))
        fail('proxy-authentication-required', undefined, statusCode);
      else fail('proxy-refused', undefined, statusCode);
    });
    asking.end();
  });
}

function authorization({ credentials }: ProxyServer): Readonly<Record<string, string>> {
  if (credentials === undefined) return {};
  const { user, password } = credentials;
  return { 'proxy-authorization': `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}
