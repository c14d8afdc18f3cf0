import { ristretto255 } from '@noble/curves/ed25519.js';
import test from 'ava';
import fc from 'fast-check';
import {
  type CpaceContext,
  cpaceGeneratorString,
  cpaceKey,
  cpaceMultiply,
  cpaceScalar,
  cpaceShare,
} from '../src/channel/cpace.js';
import { sha512 } from '../src/channel/crypto.js';
import { LiveletError } from '../src/errors.js';
import { codeOf, fromHex, hex, outcome, readVectors } from './channel-fixtures.js';

interface Context {
  readonly PRS: string;
  readonly CI: string;
  readonly sid: string;
}
interface Generator extends Context {
  readonly 'generator_string(G.DSI,PRS,CI,sid,H.s_in_bytes)': string;
  readonly 'hash result': string;
  readonly 'encoded generator g': string;
}
interface Exchange extends Context {
  readonly ya: string;
  readonly ADa: string;
  readonly Ya: string;
  readonly yb: string;
  readonly ADb: string;
  readonly Yb: string;
  readonly K: string;
  readonly ISK_IR: string;
}
interface Multiplication {
  readonly Valid: {
    readonly s: string;
    readonly X: string;
    readonly 'G.scalar_mult_vfy(s,X)': string;
  };
  readonly 'Invalid Y1': string;
  readonly 'Invalid Y2': string;
}
const [generator, exchange, multiplication] = readVectors<[Generator, Exchange, Multiplication]>(
  'cpace-ristretto255-sha512.json',
);

function upperHex(bytes: Uint8Array): string {
  return hex(bytes).toUpperCase();
}

function contextOf({ PRS, CI, sid }: Context): CpaceContext {
  return { prs: fromHex(PRS), ci: fromHex(CI), sid: fromHex(sid) };
}

test("the draft's generator", (t) => {
  const string = cpaceGeneratorString(contextOf(generator));
  t.is(upperHex(string), generator['generator_string(G.DSI,PRS,CI,sid,H.s_in_bytes)']);
  t.is(upperHex(sha512(string)), generator['hash result']);
  const one = Uint8Array.from({ length: 32 }, (_, index) => (index === 0 ? 1 : 0));
  t.is(upperHex(cpaceShare(contextOf(generator), one)), generator['encoded generator g']);
});

test("the draft's exchange", (t) => {
  const context = contextOf(exchange);
  const [ya, yb] = [fromHex(exchange.ya), fromHex(exchange.yb)];
  const shareA = cpaceShare(context, ya);
  const shareB = cpaceShare(context, yb);
  t.is(upperHex(shareA), exchange.Ya);
  t.is(upperHex(shareB), exchange.Yb);
  t.is(upperHex(cpaceMultiply(ya, shareB)), exchange.K);
  t.is(upperHex(cpaceMultiply(yb, shareA)), exchange.K);
  const key = cpaceKey(
    context.sid,
    fromHex(exchange.K),
    { share: shareA, associatedData: fromHex(exchange.ADa) },
    { share: shareB, associatedData: fromHex(exchange.ADb) },
  );
  t.is(upperHex(key), exchange.ISK_IR);
});

test("the draft's good and bad multiplications", (t) => {
  const scalar = fromHex(multiplication.Valid.s);
  const product = cpaceMultiply(scalar, fromHex(multiplication.Valid.X));
  t.is(upperHex(product), multiplication.Valid['G.scalar_mult_vfy(s,X)']);
  for (const bad of [multiplication['Invalid Y1'], multiplication['Invalid Y2']]) {
    t.is(
      codeOf(t, () => cpaceMultiply(scalar, fromHex(bad))),
      'handshake-malformed',
    );
  }
});

// RFC 9496, appendix A.2: non-canonical field elements, negative ones, and ones that decode to no point.
const BAD_ENCODINGS = [
  '00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'ed57ffd8c914fb201471d1c3d245ce3c746fcbe63a3679d51b6a516ebebe0e20',
  '26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
];

test('no other bytes stand for a point', (t) => {
  const scalar = cpaceScalar((length) => new Uint8Array(length).fill(7));
  for (const bad of BAD_ENCODINGS) {
    t.is(
      codeOf(t, () => cpaceMultiply(scalar, fromHex(bad))),
      'handshake-malformed',
      bad,
    );
  }
  for (const length of [0, 31, 33, 64]) {
    t.is(
      codeOf(t, () => cpaceMultiply(scalar, new Uint8Array(length).fill(2))),
      'handshake-malformed',
    );
  }
});

test('any 32 bytes are the one encoding of a point, or refused', (t) => {
  const scalar = cpaceScalar((length) => new Uint8Array(length).fill(7));
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const product = outcome(() => cpaceMultiply(scalar, bytes));
        if (product instanceof LiveletError) return product.code === 'handshake-malformed';
        return hex(ristretto255.Point.fromBytes(bytes).toBytes()) === hex(bytes);
      }),
      { numRuns: 300 },
    ),
  );
});

test('scalars are below 2^252', (t) => {
  const scalar = cpaceScalar((length) => new Uint8Array(length).fill(255));
  t.is(hex(scalar), `${'ff'.repeat(31)}0f`);
});
