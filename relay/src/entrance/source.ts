import { isIP, isIPv6 } from 'node:net';
import { AddressList } from './address-list.js';

/** Characters at the end of an X-Forwarded-For header that are looked at: what a proxy adds stands there. */
const MAX_FORWARDED = 1024;

/** Who is counted together: an IPv4 address, or the /64 of an IPv6 address, which one customer usually owns. */
export function sourceKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  // The URL parser knows all ways to write an IPv6 address, except a zone.
  const short = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [head = '', tail] = short.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = tail === undefined ? [] : Array<string>(8 - head.length - tail.length).fill('0');
  return `${[...head, ...zeros, ...(tail ?? [])].slice(0, 4).join(':')}::/64`;
}

/** Proxies whose X-Forwarded-For is believed. */
export class TrustedProxies extends AddressList {
  /**
   * @param entries addresses and subnets, `10.0.0.5`, `10.0.0.0/8`, `fd00::/8`
   * @throws `option-invalid`
   */
  constructor(entries: readonly string[]) {
    super('trusted-proxies', entries);
  }

  /** Who really asks: the last address of the header that isn't a trusted proxy itself. */
  origin(address: string, forwardedFor: string | undefined): string {
    if (forwardedFor === undefined) return address;
    let origin = address;
    for (const entry of forwardedFor.slice(-MAX_FORWARDED).split(',').reverse()) {
      if (!this.has(origin)) break;
      const next = entry.trim();
      if (isIP(next) === 0) break;
      origin = next;
    }
    return origin;
  }
}
