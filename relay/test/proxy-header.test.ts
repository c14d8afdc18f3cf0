import test from 'ava';
import fc from 'fast-check';
import { readProxyHeader } from '../src/entrance/proxy-header.js';

const SIGNATURE = '0d0a0d0a000d0a515549540a';
const V4 = Buffer.from(`${SIGNATURE}2111000cc633640acb007105d4311f90`, 'hex');
const V6 = Buffer.from(
  `${SIGNATURE}21210024${'20010db8000000000000000000000001'}${'20010db8000000000000000000000002'}d4311f90`,
  'hex',
);
const V4_WITH_FIELDS = Buffer.from(`${SIGNATURE}21110010c633640acb007105d4311f9004000101`, 'hex');
const V4_AS_V6 = Buffer.from(
  `${SIGNATURE}21210024${'00000000000000000000ffffc633640a'}${'00000000000000000000ffffcb007105'}d4311f90`,
  'hex',
);
const LOCAL = Buffer.from(`${SIGNATURE}20000000`, 'hex');
const UNIX = Buffer.concat([Buffer.from(`${SIGNATURE}213100d8`, 'hex'), Buffer.alloc(216)]);

const headers: Record<string, [bytes: Buffer, address: string | undefined]> = {
  'version 2, IPv4': [V4, '198.51.100.10'],
  'version 2, IPv6': [V6, '2001:db8:0:0:0:0:0:1'],
  'version 2, IPv4 in an IPv6 address': [V4_AS_V6, '198.51.100.10'],
  'version 2 with further fields': [V4_WITH_FIELDS, '198.51.100.10'],
  'version 2, the proxy itself': [LOCAL, undefined],
  'version 2, a unix socket': [UNIX, undefined],
  'version 1, IPv4': [Buffer.from('PROXY TCP4 198.51.100.10 203.0.113.5 54321 8080\r\n'), '198.51.100.10'],
  'version 1, IPv6': [Buffer.from('PROXY TCP6 2001:db8::1 2001:db8::2 54321 8080\r\n'), '2001:db8::1'],
  'version 1, unknown': [Buffer.from('PROXY UNKNOWN\r\n'), undefined],
  'version 1, unknown with addresses': [Buffer.from('PROXY UNKNOWN ff::1 ff::2 1 2\r\n'), undefined],
};
for (const [name, [header, address]] of Object.entries(headers)) {
  test(`${name}: the address, and how long it is, whatever follows and however it comes`, (t) => {
    const followed = Buffer.concat([header, Buffer.from('\x16\x03\x01')]);
    t.deepEqual(readProxyHeader(followed), { bytes: header.length, address });
    for (let length = 0; length < header.length; length += 1) {
      t.is(readProxyHeader(header.subarray(0, length)), 'more');
    }
  });
}

const malformed: Record<string, Buffer> = {
  'version 3': Buffer.from(`${SIGNATURE}3111000c`, 'hex'),
  'an unknown command': Buffer.from(`${SIGNATURE}2f11000c`, 'hex'),
  'too long': Buffer.from(`${SIGNATURE}2111ffff`, 'hex'),
  'shorter than its addresses': Buffer.concat([Buffer.from(`${SIGNATURE}2111000b`, 'hex'), Buffer.alloc(11)]),
  'a line without end': Buffer.from(`PROXY TCP4 ${'1'.repeat(107)}`),
  'no address': Buffer.from('PROXY TCP4 relay.example 203.0.113.5 1 2\r\n'),
  'the other family': Buffer.from('PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n'),
  'parts missing': Buffer.from('PROXY TCP4 198.51.100.10\r\n'),
};
for (const [name, bytes] of Object.entries(malformed)) {
  test(`malformed: ${name}`, (t) => {
    t.is(readProxyHeader(bytes), 'malformed');
  });
}

test('TLS, HTTP and TLS-TCP are told from it by their first bytes', (t) => {
  for (const text of ['\x16\x03\x01', 'GET / HTTP/1.1\r\n', 'POST /', 'PUT /', '\x00\x00\x00\x10']) {
    t.is(readProxyHeader(Buffer.from(text)), 'none', text);
  }
});

test('any bytes are read without failing, and asked for are at most 2,064', (t) => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 3000 }),
    fc.uint8Array({ maxLength: 3000 }).map((rest) => Buffer.concat([Buffer.from(SIGNATURE, 'hex'), rest])),
    fc.string({ maxLength: 300 }).map((rest) => Buffer.from(`PROXY ${rest}`)),
  );
  t.notThrows(() =>
    fc.assert(
      fc.property(bytes, (input) => {
        const header = readProxyHeader(Buffer.from(input));
        if (header === 'more') return input.length < 2064;
        return typeof header === 'string' || header.bytes <= input.length;
      }),
      { numRuns: 5000 },
    ),
  );
});
