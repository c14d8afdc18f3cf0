import { createPublicKey, verify } from 'node:crypto';
import test from 'ava';
import {
  bodyHash,
  identityFromSeed,
  keyText,
  parseRequestToken,
  type RequestTarget,
  type RequestToken,
  signedBytes,
  signRequest,
} from '../../src/index.js';

const IDENTITY = identityFromSeed(new Uint8Array(32).fill(7));
const TARGET: RequestTarget = { deploymentId: 'house', method: 'PUT', path: '/livelet/1/api/me?a=1' };
const TIME = 1_800_000_000_123;
const BODY = new TextEncoder().encode('{"a":1}');
const NONCE = (length: number): Uint8Array => new Uint8Array(length).fill(9);

function token(): RequestToken {
  const parsed = parseRequestToken(signRequest(IDENTITY, { ...TARGET, body: BODY }, TIME, NONCE));
  if (parsed === undefined) throw new Error('not a token');
  return parsed;
}

/** By Node's own Ed25519, not the library that signed. */
function holds(parts: RequestToken, target: RequestTarget): boolean {
  const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: parts.publicKey } });
  return verify(undefined, signedBytes(parts, target), key, Buffer.from(parts.signature, 'base64url'));
}

test('a token names its key, time, nonce and body, and its signature holds for its request', (t) => {
  const parts = token();
  t.is(parts.publicKey, keyText(IDENTITY.publicKey));
  t.is(parts.publicKey, Buffer.from(IDENTITY.publicKey).toString('base64url'));
  t.is(parts.time, String(TIME));
  t.is(parts.nonce, Buffer.alloc(16, 9).toString('base64url'));
  t.is(parts.bodyHash, bodyHash(BODY));
  t.true(holds(parts, TARGET));
});

test('the signed bytes are pinned', (t) => {
  const bytes = signedBytes(token(), TARGET);
  const nonce = 'CQkJCQkJCQkJCQkJCQkJCQ';
  const hash = 'AVq9f1zFei3ZS3WQ8ErYCEJzkF7jPsXOvq5iJ2qX-GI';
  const expected = `livelet/1 request\x05house\x03PUT\x15/livelet/1/api/me?a=1\x0d1800000000123\x16${nonce}\x2b${hash}`;
  t.is(new TextDecoder().decode(bytes), expected);
});

const OTHER_PARTS: readonly [string, Partial<RequestToken>][] = [
  ['time', { time: String(TIME + 1) }],
  ['nonce', { nonce: 'AQkJCQkJCQkJCQkJCQkJCQ' }],
  ['body', { bodyHash: '-' }],
  ['key', { publicKey: keyText(identityFromSeed(new Uint8Array(32).fill(8)).publicKey) }],
];
for (const [what, change] of OTHER_PARTS) {
  test(`a token with another ${what} doesn't hold`, (t) => t.false(holds({ ...token(), ...change }, TARGET)));
}

const OTHER_TARGETS: readonly Partial<RequestTarget>[] = [
  { deploymentId: 'other' },
  { method: 'GET' },
  { path: '/livelet/1/api/me?a=2' },
  { method: 'PU', path: 'T/livelet/1/api/me?a=1' },
];
for (const change of OTHER_TARGETS) {
  test(`a token doesn't hold for ${JSON.stringify(change)}`, (t) => {
    t.false(holds(token(), { ...TARGET, ...change }));
  });
}

test('no body, an empty body: the same', (t) => {
  t.is(bodyHash(undefined), '-');
  t.is(bodyHash(new Uint8Array()), '-');
});

test('what isn’t a token isn’t taken apart', (t) => {
  const good = signRequest(IDENTITY, TARGET, TIME, NONCE);
  t.truthy(parseRequestToken(good));
  for (const bad of ['', 'x', `${good}A`, ` ${good}`, `${good}\n`, good.slice(1), good.replace('.', ':')]) {
    t.is(parseRequestToken(bad), undefined, bad);
  }
  t.is(parseRequestToken('A'.repeat(10_000_000)), undefined);
});
