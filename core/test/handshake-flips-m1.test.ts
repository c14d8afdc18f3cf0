/** One bit turned in every byte of M1: never keys at both ends. */
import test from 'ava';
import { HANDSHAKE_SIZES } from '../src/channel/handshake-messages.js';
import { answerM0, answerM1, answerM2, startCustomer } from '../src/channel/handshake-steps.js';
import { LiveletError } from '../src/errors.js';
import { bitFor, flipped, handshakeOptions, outcome, seededRandom } from './channel-fixtures.js';

test('M1: refused at the customer, or the confirmation fails at the operator', (t) => {
  const options = handshakeOptions(seededRandom('flips/'));
  const opened = startCustomer(options);
  const operator = answerM0(options, opened.answer);
  const [awaitsM1, awaitsM2] = [opened.next, operator.next];
  if (awaitsM1 === undefined || awaitsM2 === undefined) return t.fail();
  const codes = new Set<string>();
  for (let at = 0; at < HANDSHAKE_SIZES.m1; at += 1) {
    const m1 = flipped(operator.answer, at, bitFor(at));
    const customer = outcome(() => answerM1(options, structuredClone(awaitsM1), m1));
    if (customer instanceof LiveletError) {
      codes.add(customer.code);
      continue;
    }
    const end = outcome(() => answerM2(structuredClone(awaitsM2), customer.answer));
    if (end instanceof LiveletError) codes.add(end.code);
    else t.fail(`byte ${at}`);
  }
  t.deepEqual([...codes].sort(), [
    'code-wrong-secret',
    'handshake-malformed',
    'protocol-version-unsupported',
  ]);
});
