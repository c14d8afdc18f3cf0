import { isIP } from 'node:net';

/** The PROXY protocol, versions 1 and 2, as haproxy's proxy-protocol.txt has it. */
const SIGNATURE = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');
const SIGNATURE_1 = Buffer.from('PROXY ');
/** Bytes of version 2 before the addresses. */
const HEADER = 16;
/** Bytes of addresses and further fields in version 2; haproxy's with all its TLS fields stay below 512. */
const MAX_REST = 2048;
/** Bytes of a line of version 1, with its end. */
const MAX_LINE = 107;
const LOCAL = 0x20;
const PROXY = 0x21;
const TCP4 = 0x11;
const TCP6 = 0x21;

/** What the bytes a proxy sent so far begin with. */
export type ProxyHeader =
  /** Not yet to be told. */
  | 'more'
  /** Another protocol. */
  | 'none'
  | 'malformed'
  /** `address` undefined: the proxy itself asks, or doesn't know who does. */
  | { readonly bytes: number; readonly address: string | undefined };

/** Reads the header of a connection that a proxy passes on, from its first bytes. */
export function readProxyHeader(bytes: Buffer): ProxyHeader {
  if (beginsLike(bytes, SIGNATURE)) return bytes.length < HEADER ? 'more' : readVersion2(bytes);
  if (beginsLike(bytes, SIGNATURE_1)) return bytes.length < SIGNATURE_1.length ? 'more' : readVersion1(bytes);
  return 'none';
}

function readVersion2(bytes: Buffer): ProxyHeader {
  const command = bytes.readUInt8(12);
  const family = bytes.readUInt8(13);
  const rest = bytes.readUInt16BE(14);
  if ((command !== LOCAL && command !== PROXY) || rest > MAX_REST) return 'malformed';
  if (bytes.length < HEADER + rest) return 'more';
  const whole = HEADER + rest;
  if (command === LOCAL) return { bytes: whole, address: undefined };
  const length = family === TCP4 ? 4 : family === TCP6 ? 16 : 0;
  if (length === 0) return { bytes: whole, address: undefined };
  // Source, destination, and two ports.
  if (rest < length * 2 + 4) return 'malformed';
  const source = bytes.subarray(HEADER, HEADER + length);
  return { bytes: whole, address: length === 4 ? source.join('.') : ipv6(source) };
}

function readVersion1(bytes: Buffer): ProxyHeader {
  const end = bytes.subarray(0, MAX_LINE).indexOf('\r\n');
  if (end === -1) return bytes.length < MAX_LINE ? 'more' : 'malformed';
  const line = bytes.toString('latin1', 0, end);
  if (/^PROXY UNKNOWN( |$)/.test(line)) return { bytes: end + 2, address: undefined };
  const [, , source = ''] = /^PROXY (TCP4|TCP6) (\S+) \S+ \d{1,5} \d{1,5}$/.exec(line) ?? [];
  const family = line.startsWith('PROXY TCP4') ? 4 : 6;
  return isIP(source) === family ? { bytes: end + 2, address: source } : 'malformed';
}

const MAPPED = Buffer.from('00000000000000000000ffff', 'hex');

function ipv6(bytes: Buffer): string {
  // A proxy that listens for both families may know IPv4 only in this form.
  if (bytes.subarray(0, MAPPED.length).equals(MAPPED)) return bytes.subarray(MAPPED.length).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  return groups.join(':');
}

/** Whether one of the two is the beginning of the other. */
function beginsLike(bytes: Buffer, signature: Buffer): boolean {
  const length = Math.min(bytes.length, signature.length);
  return bytes.subarray(0, length).equals(signature.subarray(0, length));
}
