import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { BlockList, connect, isIP, isIPv4, type Server } from 'node:net';
import { LiveletError } from '@livelet/core/wire';

/** Where a server listens. */
export interface ListenAddress {
  /** @default every address */
  readonly host?: string | undefined;
  /** 0: any free one. */
  readonly port: number;
  /** A unix socket, in place of host and port. */
  readonly socketPath?: string | undefined;
}

const PRIVATE = new BlockList();
for (const [network, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const) {
  PRIVATE.addSubnet(network, bits, 'ipv4');
}
PRIVATE.addAddress('::1', 'ipv6');
PRIVATE.addSubnet('fc00::', 7, 'ipv6');
PRIVATE.addSubnet('fe80::', 10, 'ipv6');

/** Whether only this machine or its own network reaches an address, so that it may do without TLS. */
export function isPrivate({ host, socketPath }: ListenAddress): boolean {
  if (socketPath !== undefined) return true;
  return host !== undefined && isIP(host) !== 0 && PRIVATE.check(host, isIPv4(host) ? 'ipv4' : 'ipv6');
}

/**
 * Makes `server` listen. A socket file that nobody listens on is replaced.
 * @returns the port; 0 for a unix socket
 * @throws `port-in-use` (data: port), `option-invalid`
 */
export async function listen(server: Server, address: ListenAddress): Promise<number> {
  const { port, host, socketPath } = address;
  try {
    if (socketPath !== undefined) await removeStale(socketPath);
    server.listen(socketPath === undefined ? { port, host } : { path: socketPath });
    await once(server, 'listening');
    // Whoever may open it is believed about where others come from.
    if (socketPath !== undefined) await chmod(socketPath, 0o660);
  } catch (cause) {
    throw listenError(address, cause);
  }
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : 0;
}

function listenError({ port, host, socketPath }: ListenAddress, cause: unknown): LiveletError {
  const problem = (cause as NodeJS.ErrnoException).code ?? 'unknown';
  if (socketPath !== undefined) {
    const data = { option: 'socket-path', value: socketPath, problem };
    return new LiveletError('option-invalid', problem, { cause, data });
  }
  if (problem === 'EADDRINUSE') return new LiveletError('port-in-use', undefined, { cause, data: { port } });
  const option = problem === 'EACCES' ? 'port' : 'host';
  const value = option === 'port' ? port : (host ?? '');
  return new LiveletError('option-invalid', problem, { cause, data: { option, value, problem } });
}

async function removeStale(path: string): Promise<void> {
  const probe = connect(path);
  const isAlive = await once(probe, 'connect').then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ECONNREFUSED',
  );
  probe.destroy();
  if (!isAlive) await rm(path, { force: true });
}
