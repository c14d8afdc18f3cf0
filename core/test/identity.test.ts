import { createHash } from 'node:crypto';
import { ED25519_TORSION_SUBGROUP, ed25519 } from '@noble/curves/ed25519.js';
import test from 'ava';
import fc from 'fast-check';
import { concat, utf8 } from '../src/channel/bytes.js';
import { systemRandom } from '../src/channel/crypto.js';
import {
  createIdentity,
  decodeIdentityRecord,
  encodeIdentityRecord,
  fingerprint,
  identityFromSeed,
} from '../src/channel/identity.js';
import type { Side } from '../src/contracts/session.js';
import { LiveletError } from '../src/errors.js';
import { bitFor, codeOf, flipped, fromHex, hex, outcome, readVectors } from './channel-fixtures.js';

const identity = identityFromSeed(new Uint8Array(32).fill(5));
const th3 = new Uint8Array(64).fill(6);

test('the identity vector, byte for byte', (t) => {
  interface IdentityVector {
    readonly seed: string;
    readonly th3: string;
    readonly side: Side;
    readonly name: string;
    readonly publicKey: string;
    readonly fingerprint: string;
    readonly body: string;
  }
  const vector = readVectors<IdentityVector>('identity-record.json');
  const own = identityFromSeed(fromHex(vector.seed));
  t.is(hex(own.publicKey), vector.publicKey);
  t.is(hex(encodeIdentityRecord(own, vector.name, vector.side, fromHex(vector.th3))), vector.body);
  t.deepEqual(decodeIdentityRecord(fromHex(vector.body), vector.side, fromHex(vector.th3)), {
    name: vector.name,
    publicKey: own.publicKey,
    fingerprint: vector.fingerprint,
  });
});

test('the signature is plain Ed25519 over role and transcript', (t) => {
  const body = encodeIdentityRecord(identity, 'Anna', 'customer', th3);
  const message = concat(utf8('livelet/1 idcustomer'), th3);
  t.true(ed25519.verify(body.subarray(32, 96), message, body.subarray(0, 32), { zip215: false }));
});

test('the fingerprint is SHA-256 in eight groups', (t) => {
  const print = fingerprint(identity.publicKey);
  t.regex(print, /^[0-9a-f]{4}( [0-9a-f]{4}){7}$/);
  const digest = createHash('sha256').update(identity.publicKey).digest('hex');
  t.is(print.replaceAll(' ', ''), digest.slice(0, 32));
});

test('names come back, without what could disguise them', (t) => {
  const read = (name: string): string =>
    decodeIdentityRecord(encodeIdentityRecord(identity, name, 'operator', th3), 'operator', th3).name;
  t.is(read('Città di Bologna, sportello 3'), 'Città di Bologna, sportello 3');
  t.is(read(''), '');
  t.is(read('a\u0000b\nc\u202ed\u2066e\ufefff'), 'abcdef');
  t.is(read('  x  '), 'x');
  t.is(read(`Bank${'\u00a0\u3000 '.repeat(9)}(checked)`), 'Bank (checked)');
  t.is(read('A\u00add\u3164a\u{e0041}'), 'Ada');
  t.is(read('\u2800\u200d\u115f'), '');
  t.is(read(`Ad${'\u0316'.repeat(50)}a`), `Ad${'\u0316'.repeat(4)}a`);
  t.is(read('👩‍🔧 Ines'), '👩‍🔧 Ines');
  t.is(read('é'.repeat(64)), 'é'.repeat(64));
  t.is(
    codeOf(t, () => read('é'.repeat(65))),
    'identity-invalid',
  );
});

test('control characters that a peer sends are removed', (t) => {
  const body = encodeIdentityRecord(identity, '', 'operator', th3);
  t.is(decodeIdentityRecord(concat(body, utf8('a\u001b[31m\u202eb')), 'operator', th3).name, 'a[31mb');
});

test('another role, another session, a name that is too long or no UTF-8: identity-invalid', (t) => {
  const body = encodeIdentityRecord(identity, 'Anna', 'operator', th3);
  const bad = [
    () => decodeIdentityRecord(body, 'customer', th3),
    () => decodeIdentityRecord(body, 'operator', flipped(th3, 63, 7)),
    () => decodeIdentityRecord(body.subarray(0, 95), 'operator', th3),
    () => decodeIdentityRecord(concat(body, new Uint8Array(125)), 'operator', th3),
    () => decodeIdentityRecord(concat(body, Uint8Array.of(0xc3, 0x28)), 'operator', th3),
    () => identityFromSeed(new Uint8Array(31)),
  ];
  for (const action of bad) t.is(codeOf(t, action), 'identity-invalid');
});

test('every byte of key and signature counts', (t) => {
  const body = encodeIdentityRecord(identity, 'Anna', 'operator', th3);
  for (let at = 0; at < 96; at += 1) {
    t.is(
      codeOf(t, () => decodeIdentityRecord(flipped(body, at, bitFor(at)), 'operator', th3)),
      'identity-invalid',
    );
  }
});

test('S + L in place of S is refused', (t) => {
  const body = encodeIdentityRecord(identity, 'Anna', 'operator', th3);
  let s = 0n;
  for (let at = 95; at >= 64; at -= 1) s = (s << 8n) | BigInt(body[at] ?? 0);
  let raised = s + ed25519.Point.Fn.ORDER;
  for (let at = 64; at < 96; at += 1) {
    body[at] = Number(raised & 0xffn);
    raised >>= 8n;
  }
  t.is(
    codeOf(t, () => decodeIdentityRecord(body, 'operator', th3)),
    'identity-invalid',
  );
});

test('keys of small or mixed order and other encodings of them are refused', (t) => {
  const p = 2n ** 255n - 19n;
  const littleEndian = (value: bigint): string =>
    hex(fromHex(value.toString(16).padStart(64, '0')).toReversed());
  const mixed = ed25519.Point.fromHex(hex(identity.publicKey)).add(
    ed25519.Point.fromHex(ED25519_TORSION_SUBGROUP[1] ?? ''),
  );
  const keys = [
    ...ED25519_TORSION_SUBGROUP,
    mixed.toHex(),
    littleEndian(p),
    littleEndian(p + 1n),
    littleEndian(p | (1n << 255n)),
    littleEndian((p + 1n) | (1n << 255n)),
    littleEndian(1n | (1n << 255n)),
  ];
  // R is the identity and S is 0: under a key of small order this verifies for one message in eight or more.
  const forgery = concat(Uint8Array.of(1), new Uint8Array(63));
  for (const key of keys) {
    t.is(
      codeOf(t, () => decodeIdentityRecord(concat(fromHex(key), forgery), 'operator', th3)),
      'identity-invalid',
      key,
    );
  }
});

test('any bytes are refused with identity-invalid', (t) => {
  const body = encodeIdentityRecord(identity, 'Anna', 'operator', th3);
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc
      .tuple(fc.nat(95), fc.integer({ min: 1, max: 255 }))
      .map(([at, change]) => body.with(at, (body[at] ?? 0) ^ change)),
  );
  fc.assert(
    fc.property(noise, (bytes) => {
      const result = outcome(() => decodeIdentityRecord(bytes, 'operator', th3));
      t.true(result instanceof LiveletError && result.code === 'identity-invalid');
    }),
    { numRuns: 500 },
  );
});

test('every name of at most 128 bytes makes a record that is accepted', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (name) => {
      fc.pre(utf8(name).length <= 128);
      const body = encodeIdentityRecord(identity, name, 'customer', th3);
      const read = decodeIdentityRecord(body, 'customer', th3);
      t.is(hex(read.publicKey), hex(identity.publicKey));
      t.is(hex(encodeIdentityRecord(identity, read.name, 'customer', th3)), hex(body));
    }),
    { numRuns: 50 },
  );
});

test('a new identity is made of 32 random bytes, which are overwritten', (t) => {
  const drawn: Uint8Array[] = [];
  const made = createIdentity((length) => {
    const bytes = systemRandom(length);
    drawn.push(bytes);
    return bytes;
  });
  t.deepEqual(
    drawn.map((bytes) => bytes.length),
    [32],
  );
  t.true(drawn[0]?.every((byte) => byte === 0));
  t.is(hex(identityFromSeed(made.secretKey.subarray(0, 32)).publicKey), hex(made.publicKey));
});
