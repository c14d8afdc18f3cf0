/** One bit turned in every byte of M0, M2 and M3: never keys at both ends. M1 has a file of its own. */
import test from 'ava';
import { HANDSHAKE_SIZES } from '../src/channel/handshake-messages.js';
import {
  answerM0,
  answerM1,
  answerM2,
  finishCustomer,
  startCustomer,
} from '../src/channel/handshake-steps.js';
import { LiveletError } from '../src/errors.js';
import { bitFor, flipped, handshakeOptions, outcome, seededRandom } from './channel-fixtures.js';

const options = handshakeOptions(seededRandom('flips/'));
const opened = startCustomer(options);
const m0 = opened.answer;

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a step gave nothing to wait with');
  return value;
}

test('M0: refused, or the confirmation fails at the operator', (t) => {
  for (let at = 0; at < HANDSHAKE_SIZES.m0; at += 1) {
    const operator = outcome(() => answerM0(options, flipped(m0, at, bitFor(at))));
    if (operator instanceof LiveletError) {
      t.true(at < 3, `byte ${at}`);
      continue;
    }
    const customer = answerM1(options, structuredClone(required(opened.next)), operator.answer);
    const end = outcome(() => answerM2(required(operator.next), customer.answer));
    t.true(end instanceof LiveletError && end.code === 'code-wrong-secret', `byte ${at}`);
  }
});

test('M2: refused at the operator', (t) => {
  const operator = answerM0(options, m0);
  const customer = answerM1(options, structuredClone(required(opened.next)), operator.answer);
  const codes = new Set<string>();
  for (let at = 0; at < HANDSHAKE_SIZES.m2; at += 1) {
    const waiting = structuredClone(required(operator.next));
    const end = outcome(() => answerM2(waiting, flipped(customer.answer, at, bitFor(at))));
    if (end instanceof LiveletError) codes.add(end.code);
    else t.fail(`byte ${at}`);
  }
  t.deepEqual([...codes].sort(), [
    'code-wrong-secret',
    'handshake-malformed',
    'protocol-version-unsupported',
  ]);
});

test('M3: refused at the customer, whichever bit', (t) => {
  const operator = answerM0(options, m0);
  const customer = answerM1(options, structuredClone(required(opened.next)), operator.answer);
  const { m3, keys } = answerM2(required(operator.next), customer.answer).answer;
  for (let place = 0; place < HANDSHAKE_SIZES.m3 * 8; place += 1) {
    const waiting = structuredClone(required(customer.next));
    const end = outcome(() => finishCustomer(waiting, flipped(m3, place >> 3, place % 8)));
    t.true(end instanceof LiveletError, `bit ${place}`);
  }
  t.deepEqual(finishCustomer(required(customer.next), m3).answer, keys);
});
