import { createCipheriv, hkdfSync } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import {
  constantTimeEqual,
  gcmKey,
  gcmOpen,
  gcmSeal,
  hkdfExpand,
  hkdfExtract,
  systemRandom,
} from '../src/channel/crypto.js';
import { flipped, fromHex, hex } from './channel-fixtures.js';

test("HKDF is Node's own", (t) => {
  const bytes = fc.uint8Array({ maxLength: 100 });
  fc.assert(
    fc.property(bytes, bytes, bytes, fc.integer({ min: 1, max: 300 }), (key, salt, info, length) => {
      const ours = hkdfExpand(hkdfExtract(salt, key), info, length);
      t.is(hex(ours), hex(new Uint8Array(hkdfSync('sha512', key, salt, info, length))));
    }),
  );
});

// Test case 16 of McGrew and Viega, "The Galois/Counter Mode of Operation (GCM)", appendix B.
const GCM = {
  key: fromHex('feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308'),
  nonce: fromHex('cafebabefacedbaddecaf888'),
  data: fromHex('feedfacedeadbeeffeedfacedeadbeefabaddad2'),
  plaintext: fromHex(
    'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
  ),
  sealed:
    '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662' +
    '76fc6ece0f4e1768cddf8853bb2d551b',
};

test('AES-256-GCM seals and opens the published case', (t) => {
  const sealed = new Uint8Array(GCM.plaintext.length + 16);
  gcmSeal(
    gcmKey(GCM.key),
    GCM.nonce,
    GCM.data,
    [GCM.plaintext.subarray(0, 7), GCM.plaintext.subarray(7)],
    sealed,
  );
  t.is(hex(sealed), GCM.sealed);
  t.is(hex(gcmOpen(gcmKey(GCM.key), GCM.nonce, GCM.data, sealed) ?? new Uint8Array()), hex(GCM.plaintext));
  t.is(gcmOpen(gcmKey(GCM.key), GCM.nonce, flipped(GCM.data, 0, 0), sealed), undefined);
});

test('a good tag of any other length opens nothing', (t) => {
  for (const authTagLength of [4, 8, 12, 13, 14, 15]) {
    const cipher = createCipheriv('aes-256-gcm', GCM.key, GCM.nonce, { authTagLength });
    cipher.setAAD(GCM.data);
    const ciphertext = Buffer.concat([cipher.update(GCM.plaintext), cipher.final()]);
    const tag = cipher.getAuthTag();
    t.is(tag.length, authTagLength);
    t.is(gcmOpen(gcmKey(GCM.key), GCM.nonce, GCM.data, Buffer.concat([ciphertext, tag])), undefined);
    t.is(gcmOpen(gcmKey(GCM.key), GCM.nonce, GCM.data, tag), undefined);
  }
});

test('equality looks at length and every byte', (t) => {
  const bytes = Uint8Array.from({ length: 40 }, (_, index) => index);
  t.true(constantTimeEqual(bytes, Uint8Array.from(bytes)));
  t.false(constantTimeEqual(bytes, bytes.subarray(1)));
  for (let at = 0; at < bytes.length; at += 1) t.false(constantTimeEqual(bytes, flipped(bytes, at, at % 8)));
});

test('the system source gives arrays of its own', (t) => {
  const [first, second] = [systemRandom(32), systemRandom(32)];
  t.is(first.length, 32);
  t.not(hex(first), hex(second));
  t.not(first.buffer, second.buffer);
});
