import { BlockList, isIP } from 'node:net';

/** Whether a host is one of those that proxies aren't asked for. `host`: name or address, without brackets. */
export function isExcepted(host: string, except: readonly string[]): boolean {
  const name = host.toLowerCase();
  return except.some((entry) => matches(name, entry.trim().toLowerCase()));
}

/** Whether a host is this computer itself: its connections never go through a proxy of the system. */
export function isLoopback(host: string): boolean {
  return isExcepted(host, ['localhost', '*.localhost', '127.0.0.0/8', '::1']);
}

function matches(host: string, entry: string): boolean {
  if (entry === '<local>') return isIP(host) === 0 && !host.includes('.');
  if (entry.includes('/')) return isInNetwork(host, entry);
  if (entry.startsWith('.')) return host.endsWith(entry) || host === entry.slice(1);
  const [start = '', ...parts] = entry.split('*');
  if (parts.length === 0) return host === entry;
  return startsAndContinues(host, start, parts);
}

/** `*` stands for anything; compared part by part, because a pattern of a setting mustn't become a slow regex. */
function startsAndContinues(host: string, start: string, parts: readonly string[]): boolean {
  if (!host.startsWith(start)) return false;
  let at = start.length;
  for (const part of parts.slice(0, -1)) {
    const found = host.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  const end = parts.at(-1) ?? '';
  return host.length - end.length >= at && host.endsWith(end);
}

function isInNetwork(host: string, entry: string): boolean {
  const [network = '', length = ''] = entry.split('/');
  // macOS writes 169.254/16.
  const missing = network.includes(':') ? 0 : 4 - network.split('.').length;
  const address = network + '.0'.repeat(Math.max(0, missing));
  const [version, of] = [isIP(address), isIP(host)];
  const bits = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  if (version === 0 || version !== of || !(bits <= (version === 4 ? 32 : 128))) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(address, bits, family);
  return list.check(host, family);
}
