import test from 'ava';
import fc from 'fast-check';
import { utf8 } from '../src/channel/bytes.js';
import { sha512, systemRandom } from '../src/channel/crypto.js';
import { customerHandshake, operatorHandshake } from '../src/channel/handshake.js';
import { HANDSHAKE_SIZES } from '../src/channel/handshake-messages.js';
import {
  answerM0,
  answerM1,
  answerM2,
  finishCustomer,
  startCustomer,
} from '../src/channel/handshake-steps.js';
import { RecordSealer } from '../src/channel/records.js';
import { LiveletError } from '../src/errors.js';
import {
  codeOf,
  flipped,
  fromHex,
  handshakeOptions,
  hex,
  outcome,
  readVectors,
  runHandshake,
  StillClock,
  seededRandom,
} from './channel-fixtures.js';

interface HandshakeVector {
  readonly sizes: Readonly<Record<'M0' | 'M1' | 'M2' | 'M3', number>>;
  readonly th3: string;
  readonly secret_o2c: string;
  readonly secret_c2o: string;
  readonly resume: string;
  readonly sas: string;
  readonly record0_o2c_type10_hello_pad64: string;
  readonly in: {
    readonly nameplate: string;
    readonly secret: string;
    readonly deploymentId: string;
    readonly seed: string;
  };
  readonly M0: string;
  readonly M1_sha512: string;
  readonly M2_sha512: string;
  readonly Ta: string;
  readonly Tb: string;
}
const vector = readVectors<HandshakeVector>('session-handshake.json');
const options = handshakeOptions(systemRandom);

test('the composition vector, byte for byte', (t) => {
  const { nameplate, secret, deploymentId, seed } = vector.in;
  const run = runHandshake({ nameplate, secret, deploymentId, random: seededRandom(seed) });
  const { M0, M1, M2, M3 } = vector.sizes;
  t.deepEqual([run.m0.length, run.m1.length, run.m2.length, run.m3.length], [M0, M1, M2, M3]);
  t.is(hex(run.m0), vector.M0);
  t.is(hex(sha512(run.m1)), vector.M1_sha512);
  t.is(hex(sha512(run.m2)), vector.M2_sha512);
  t.is(hex(run.m2.subarray(-32)), vector.Tb);
  t.is(hex(run.m3.subarray(3, 35)), vector.Ta);
  for (const keys of [run.operator, run.customer]) {
    t.is(hex(keys.th3), vector.th3);
    t.is(hex(keys.secretO2C), vector.secret_o2c);
    t.is(hex(keys.secretC2O), vector.secret_c2o);
    t.is(hex(keys.resume), vector.resume);
    t.is(hex(keys.sas), vector.sas);
  }
  const sealer = new RecordSealer('o2c', run.operator.secretO2C, new StillClock());
  t.is(hex(sealer.seal(0x10, utf8('hello'), true)), vector.record0_o2c_type10_hello_pad64);
});

test('each run has keys of its own, and both ends the same', (t) => {
  const [first, second] = [runHandshake(options), runHandshake(options)];
  t.deepEqual(first.operator, first.customer);
  t.deepEqual(second.operator, second.customer);
  t.notDeepEqual(first.operator, second.operator);
});

test('another secret, nameplate or deployment is found at the operator, who gives no keys', (t) => {
  for (const other of [{ secret: '705619' }, { nameplate: '48292' }, { deploymentId: 'deployment-2' }]) {
    t.is(
      codeOf(t, () => runHandshake(options, { ...options, ...other })),
      'code-wrong-secret',
    );
  }
});

test('one attempt: a second M2 is never looked at, not even the right one', (t) => {
  const operator = operatorHandshake(options);
  const customer = customerHandshake(options);
  const m2 = customer.receiveM1(operator.receiveM0(customer.start()));
  t.is(
    codeOf(t, () => operator.receiveM2(flipped(m2, 1200, 3))),
    'code-wrong-secret',
  );
  t.is(
    codeOf(t, () => operator.receiveM2(m2)),
    'handshake-failed',
  );
});

test('the customer answers M1 once', (t) => {
  const operator = operatorHandshake(options);
  const customer = customerHandshake(options);
  const m1 = operator.receiveM0(customer.start());
  const m2 = customer.receiveM1(m1);
  t.is(
    codeOf(t, () => customer.receiveM1(m1)),
    'handshake-failed',
  );
  const { m3 } = operator.receiveM2(m2);
  t.is(
    codeOf(t, () => customer.receiveM3(m3)),
    'handshake-failed',
  );
});

test('a step out of turn ends the attempt', (t) => {
  const { m0, m1, m2, m3 } = runHandshake(options);
  const operator = operatorHandshake(options);
  t.is(
    codeOf(t, () => operator.receiveM2(m2)),
    'handshake-failed',
  );
  t.is(
    codeOf(t, () => operator.receiveM0(m0)),
    'handshake-failed',
  );
  for (const early of ['receiveM1', 'receiveM3'] as const) {
    const customer = customerHandshake(options);
    t.is(
      codeOf(t, () => customer[early](early === 'receiveM1' ? m1 : m3)),
      'handshake-failed',
    );
    t.is(
      codeOf(t, () => customer.start()),
      'handshake-failed',
    );
  }
});

test('after wipe nothing goes on', (t) => {
  const operator = operatorHandshake(options);
  const customer = customerHandshake(options);
  const m1 = operator.receiveM0(customer.start());
  const m2 = customer.receiveM1(m1);
  operator.wipe();
  customer.wipe();
  t.is(
    codeOf(t, () => operator.receiveM2(m2)),
    'handshake-failed',
  );
  t.is(
    codeOf(t, () => customer.receiveM3(new Uint8Array(67))),
    'handshake-failed',
  );
});

test('another version is named, whatever its size', (t) => {
  const { m0, m1, m2, m3 } = runHandshake(options);
  const version2 = (bytes: Uint8Array): Uint8Array =>
    Uint8Array.of(bytes[0] ?? 0, 0, 2, ...bytes.subarray(3));
  const started = (): ReturnType<typeof customerHandshake> => {
    const customer = customerHandshake(options);
    customer.start();
    return customer;
  };
  const failures = [
    () => operatorHandshake(options).receiveM0(version2(m0)),
    () => operatorHandshake(options).receiveM0(Uint8Array.of(1, 0, 2)),
    () => started().receiveM1(version2(m1)),
    () => started().receiveM1(Uint8Array.of(...version2(m1), 0)),
  ];
  for (const failure of failures) {
    const error = t.throws(failure, { instanceOf: LiveletError });
    t.is(error?.code, 'protocol-version-unsupported');
    t.deepEqual(error?.data, { ours: 1, theirs: 2 });
  }
  const operator = operatorHandshake(options);
  operator.receiveM0(m0);
  t.is(
    codeOf(t, () => operator.receiveM2(version2(m2))),
    'protocol-version-unsupported',
  );
  const customer = started();
  customer.receiveM1(m1);
  t.is(
    codeOf(t, () => customer.receiveM3(version2(m3))),
    'protocol-version-unsupported',
  );
});

test('a share that is the identity or no point is refused on both sides', (t) => {
  const customerState = startCustomer(options);
  const operatorState = answerM0(options, customerState.answer);
  const m1 = operatorState.answer;
  const notAPoint = fromHex('ed57ffd8c914fb201471d1c3d245ce3c746fcbe63a3679d51b6a516ebebe0e20');
  for (const share of [new Uint8Array(32), notAPoint, new Uint8Array(32).fill(255)]) {
    const bad = Uint8Array.from(m1);
    bad.set(share, 35);
    const state = customerState.next;
    t.is(state && codeOf(t, () => answerM1(options, state, bad)), 'handshake-malformed');
    const m2 = new Uint8Array(HANDSHAKE_SIZES.m2);
    const good = runHandshake(options).m2;
    m2.set(good);
    m2.set(share, 3);
    const waiting = operatorState.next;
    t.is(waiting && codeOf(t, () => answerM2(waiting, m2)), 'handshake-malformed');
  }
});

test('an encapsulation key with a coefficient out of range is refused', (t) => {
  const customer = customerHandshake(options);
  const m1 = operatorHandshake(options).receiveM0(customer.start());
  m1.set([0xff, 0xff, 0xff], 67 + 2 + 9 + 33 + 2);
  t.is(
    codeOf(t, () => customer.receiveM1(m1)),
    'handshake-malformed',
  );
});

test('an end that is answered with its own messages gets nowhere', (t) => {
  const customer = customerHandshake(options);
  const m0 = customer.start();
  t.is(
    codeOf(t, () => customer.receiveM1(m0)),
    'handshake-malformed',
  );
  const operator = operatorHandshake(options);
  const m1 = operator.receiveM0(runHandshake(options).m0);
  t.is(
    codeOf(t, () => operator.receiveM2(m1)),
    'handshake-malformed',
  );
});

test('an operator that changes its nonce after its commitment is refused', (t) => {
  const opened = startCustomer(options);
  const waiting = answerM0(options, opened.answer);
  if (opened.next === undefined || waiting.next === undefined) return t.fail();
  const sent = answerM1(options, opened.next, waiting.answer);
  if (sent.next === undefined) return t.fail();
  const { m3 } = answerM2({ ...waiting.next, nonceA: new Uint8Array(32).fill(9) }, sent.answer).answer;
  const awaitsM3 = sent.next;
  t.is(
    codeOf(t, () => finishCustomer(awaitsM3, m3)),
    'handshake-failed',
  );
});

test('a spliced run is refused: M3 or M2 of another session with the same code', (t) => {
  const other = runHandshake(options);
  const customer = customerHandshake(options);
  const operator = operatorHandshake(options);
  customer.receiveM1(operator.receiveM0(customer.start()));
  t.is(
    codeOf(t, () => customer.receiveM3(other.m3)),
    'handshake-failed',
  );
  t.is(
    codeOf(t, () => operator.receiveM2(other.m2)),
    'code-wrong-secret',
  );
});

test('any bytes in place of a message are refused with one of our errors', (t) => {
  const { m0, m1, m2, m3 } = runHandshake(options);
  const feeds = [
    (bytes: Uint8Array): unknown => operatorHandshake(options).receiveM0(bytes),
    (bytes: Uint8Array): unknown => {
      const customer = customerHandshake(options);
      customer.start();
      return customer.receiveM1(bytes);
    },
  ];
  const waiting = answerM0(options, m0).next;
  const opened = startCustomer(options);
  const awaitsM3 = opened.next && answerM1(options, opened.next, m1).next;
  if (waiting === undefined || awaitsM3 === undefined) return t.fail();
  feeds.push(
    (bytes) => answerM2(waiting, bytes),
    (bytes) => finishCustomer(awaitsM3, bytes),
  );
  const lengths = fc.constantFrom(...Object.values(HANDSHAKE_SIZES), 0, 1, 2, 3, 66, 1298, 70_000);
  const noise = fc
    .tuple(fc.constantFrom(m0, m1, m2, m3), lengths, fc.uint8Array({ maxLength: 300 }), fc.nat(1300))
    .map(([base, length, bytes, at]) => {
      const whole = new Uint8Array(length);
      whole.set(base.subarray(0, length));
      whole.set(bytes.subarray(0, Math.max(0, length - at)), Math.min(at, length));
      return whole;
    });
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 2000 }), noise), (bytes) => {
        for (const feed of feeds) {
          const result = outcome(() => feed(bytes));
          if (result instanceof LiveletError) continue;
          // Well-formed bytes may get an answer, but never keys.
          t.true(result instanceof Uint8Array);
        }
      }),
      { numRuns: 400 },
    ),
  );
});

test('a state is overwritten once it is used', (t) => {
  const drawn: Uint8Array[] = [];
  const random = (length: number): Uint8Array => {
    const bytes = systemRandom(length);
    drawn.push(bytes);
    return bytes;
  };
  const operator = operatorHandshake({ ...options, random });
  const customer = customerHandshake(options);
  const m1 = operator.receiveM0(customer.start());
  const [, , seed, scalar] = drawn;
  t.true(seed?.every((byte) => byte === 0));
  t.false(scalar?.every((byte) => byte === 0));
  operator.receiveM2(customer.receiveM1(m1));
  t.true(scalar?.every((byte) => byte === 0));
});
