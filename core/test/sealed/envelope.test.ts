import test from 'ava';
import fc from 'fast-check';
import { sha256, systemRandom } from '../../src/channel/crypto.js';
import { LiveletError } from '../../src/errors.js';
import {
  createSealKeys,
  MAX_ENVELOPE,
  openEnvelope,
  type SealedPurpose,
  sealEnvelope,
  sealKeysFromSecret,
} from '../../src/sealed/envelope.js';
import { SeededRandom } from '../../test-support/index.js';

const KEYS = createSealKeys(systemRandom);
const OTHER = createSealKeys(systemRandom);
const seal = (content: Uint8Array, purpose: SealedPurpose = 'chat'): Uint8Array =>
  sealEnvelope(purpose, content, KEYS.publicKey, systemRandom);
const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(7);

test('what is sealed comes back to the holder of the key, whatever it is', (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), (content) => {
      t.deepEqual(openEnvelope('chat', seal(content), KEYS), content);
    }),
    { numRuns: 30 },
  );
});

const SIZES: readonly (readonly [content: number, envelope: number])[] = [
  [0, 1024],
  [1020, 1024],
  [1021, 2048],
  [2045, 4096],
  [65_532, 65_536],
  [65_533, 131_072],
  [131_068, 131_072],
];
test('the size of an envelope tells only a step', (t) => {
  const sealed = (padded: number): number => padded + 82 + 16 * Math.ceil(padded / 65_536);
  for (const [content, padded] of SIZES) t.is(seal(bytes(content)).length, sealed(padded), `${content}`);
  t.is(seal(bytes(200_000), 'report').length, sealed(4 * 65_536));
});

test('too much is refused by its purpose', (t) => {
  const tooLarge = { instanceOf: LiveletError, code: 'sealed-malformed' };
  t.throws(() => seal(bytes(131_069)), tooLarge);
  t.notThrows(() => seal(bytes(131_069), 'report'));
  t.throws(() => seal(bytes(MAX_ENVELOPE.report), 'report'), tooLarge);
  t.throws(() => openEnvelope('chat', bytes(MAX_ENVELOPE.chat + 65_536), KEYS), tooLarge);
});

test('no other key and no other purpose opens it', (t) => {
  const sealed = seal(bytes(10));
  t.throws(() => openEnvelope('chat', sealed, OTHER), { code: 'sealed-malformed' });
  t.throws(() => openEnvelope('report', sealed, KEYS), { code: 'sealed-malformed' });
  const renamed = Uint8Array.from(sealed).with(1, 2);
  t.throws(() => openEnvelope('report', renamed, KEYS), { code: 'sealed-malformed' });
});

test('no byte of it can be changed, and no part is left out', (t) => {
  const sealed = seal(bytes(10));
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = sealed.with(at, (sealed[at] ?? 0) ^ 1);
    t.throws(() => openEnvelope('chat', changed, KEYS), { code: 'sealed-malformed' }, `byte ${at}`);
  }
  for (const length of [0, 1, 33, 81, 82, 98, sealed.length - 1]) {
    t.throws(() => openEnvelope('chat', sealed.subarray(0, length), KEYS), { code: 'sealed-malformed' });
  }
});

const CHUNK = 65_536 + 16;
test('of many chunks none is left out, put elsewhere or taken from another envelope', (t) => {
  const content = systemRandom(200_000);
  const sealed = seal(content, 'report');
  t.deepEqual(openEnvelope('report', sealed, KEYS), content);
  const chunks = Array.from({ length: 4 }, (_, at) =>
    sealed.subarray(82 + at * CHUNK, 82 + (at + 1) * CHUNK),
  );
  const another = seal(content, 'report').subarray(82);
  const forged = [
    [chunks[1], chunks[0], chunks[2], chunks[3]],
    [chunks[0], chunks[1], chunks[2]],
    [chunks[0], chunks[1], chunks[2], chunks[3], chunks[3]],
    [chunks[0], chunks[1], chunks[2], another.subarray(3 * CHUNK)],
  ].map((parts) => Buffer.concat([sealed.subarray(0, 82), ...parts.map((part) => part ?? new Uint8Array())]));
  for (const [number, envelope] of forged.entries()) {
    t.throws(
      () => openEnvelope('report', Uint8Array.from(envelope), KEYS),
      { code: 'sealed-malformed' },
      `${number}`,
    );
  }
});

test('the same content is sealed differently each time', (t) => {
  t.notDeepEqual(seal(bytes(10)), seal(bytes(10)));
});

test('nothing is sealed to, or opened from, a key that gives no secret', (t) => {
  for (const weak of [new Uint8Array(32), new Uint8Array(32).with(0, 1), new Uint8Array(31)]) {
    const sealing = () => sealEnvelope('chat', bytes(1), weak, systemRandom);
    t.throws(sealing, { code: 'sealed-malformed' });
  }
  const fromNobody = Uint8Array.from(seal(bytes(1)));
  fromNobody.fill(0, 2, 34);
  t.throws(() => openEnvelope('chat', fromNobody, KEYS), { code: 'sealed-malformed' });
});

test('keys come back from their secret, and the bytes of the format stay', (t) => {
  t.deepEqual(sealKeysFromSecret(KEYS.secretKey), { ...KEYS });
  t.throws(() => sealKeysFromSecret(bytes(31)), { code: 'sealed-malformed' });
  const recipient = sealKeysFromSecret(bytes(32));
  const content = new TextEncoder().encode('ciao');
  const sealed = sealEnvelope('chat', content, recipient.publicKey, new SeededRandom(1).bytes);
  t.is(
    Buffer.from(sha256(sealed)).toString('hex'),
    '5eb27e894460566d7295955b4973ff833d88c1e75202db7ce9ae1ea9a15b2cd2',
  );
  t.deepEqual(openEnvelope('chat', sealed, recipient), content);
});
