/**
 * The steps of both halves of the handshake as functions: from what an end waits with and the message that it waited
 * for, to its answer and what it waits with next. handshake.ts keeps the turns.
 */
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { LiveletError } from '../errors.js';
import { concat } from './bytes.js';
import { cpaceKey, cpaceMultiply, cpaceScalar, cpaceShare } from './cpace.js';
import { constantTimeEqual, type RandomSource, Scratch } from './crypto.js';
import {
  customerData,
  decodeM0,
  decodeM1,
  decodeM2,
  decodeM3,
  encodeM0,
  encodeM1,
  encodeM2WithoutConfirmation,
  encodeM3,
  type M1,
  operatorData,
} from './handshake-messages.js';
import {
  channelIdentifier,
  commitTo,
  confirmAsCustomer,
  confirmAsOperator,
  deriveSessionKeys,
  extractKey,
  hashConfirmation,
  hashTranscript,
  passwordString,
  type SessionKeys,
} from './key-schedule.js';

/** Bytes of session ids and nonces. */
const NONCE_BYTES = 32;
/** Bytes of the seed that an ML-KEM-768 key pair is made from: d and z of FIPS 203. */
const KEM_SEED_BYTES = 64;
/** Bytes of the randomness of one ML-KEM-768 encapsulation. */
const KEM_COINS_BYTES = 32;

export interface HandshakeOptions {
  readonly nameplate: string;
  readonly secret: string;
  /** Which deployment both ends believe to be in. */
  readonly deploymentId: string;
  readonly random: RandomSource;
}

/** What an end gives out at a step, and what it waits with for the next one, if there is one. */
export interface StepResult<Answer, Next = never> {
  readonly answer: Answer;
  readonly next?: Next;
}

/** `secrets` are overwritten as soon as the state is used or given up. */
interface State<Due extends string> {
  readonly due: Due;
  readonly secrets: readonly Uint8Array[];
}

export interface OperatorAwaitsM0 extends State<'m0'> {}

export interface OperatorAwaitsM2 extends State<'m2'> {
  readonly m0: Uint8Array;
  readonly m1: Uint8Array;
  readonly sid: Uint8Array;
  readonly sent: M1;
  readonly scalar: Uint8Array;
  readonly kemSecretKey: Uint8Array;
  readonly nonceA: Uint8Array;
}

export interface CustomerAwaitsStart extends State<'start'> {}

export interface CustomerAwaitsM1 extends State<'m1'> {
  readonly m0: Uint8Array;
  readonly sidB: Uint8Array;
}

export interface CustomerAwaitsM3 extends State<'m3'> {
  readonly prk: Uint8Array;
  readonly th2: Uint8Array;
  readonly commitment: Uint8Array;
}

export interface OperatorResult {
  readonly m3: Uint8Array;
  readonly keys: SessionKeys;
}

export function startCustomer(options: HandshakeOptions): StepResult<Uint8Array, CustomerAwaitsM1> {
  const sidB = options.random(NONCE_BYTES);
  const m0 = encodeM0({ sidB });
  return { answer: m0, next: { due: 'm1', secrets: [], m0: Uint8Array.from(m0), sidB } };
}

export function answerM0(
  options: HandshakeOptions,
  bytes: Uint8Array,
): StepResult<Uint8Array, OperatorAwaitsM2> {
  const { sidB } = decodeM0(bytes);
  const { random } = options;
  using scratch = new Scratch();
  const sidA = random(NONCE_BYTES);
  const nonceA = random(NONCE_BYTES);
  const kem = ml_kem768.keygen(scratch.keep(random(KEM_SEED_BYTES)));
  const scalar = cpaceScalar(random);
  const sid = concat(sidA, sidB);
  const sent: M1 = {
    sidA,
    shareA: share(options, sid, scalar),
    commitment: commitTo(nonceA),
    encapsulationKey: kem.publicKey,
  };
  const m1 = encodeM1(sent);
  const kemSecretKey = kem.secretKey;
  return {
    answer: m1,
    next: {
      due: 'm2',
      secrets: [scalar, kemSecretKey],
      m0: Uint8Array.from(bytes),
      m1: Uint8Array.from(m1),
      sid,
      sent,
      scalar,
      kemSecretKey,
      nonceA,
    },
  };
}

export function answerM1(
  options: HandshakeOptions,
  state: CustomerAwaitsM1,
  bytes: Uint8Array,
): StepResult<Uint8Array, CustomerAwaitsM3> {
  const received = decodeM1(bytes);
  const { random } = options;
  using scratch = new Scratch();
  const scalar = scratch.keep(cpaceScalar(random));
  const nonceB = random(NONCE_BYTES);
  const coins = scratch.keep(random(KEM_COINS_BYTES));
  const sid = concat(received.sidA, state.sidB);
  const shared = scratch.keep(cpaceMultiply(scalar, received.shareA));
  const kem = encapsulate(received.encapsulationKey, coins);
  const message = { shareB: share(options, sid, scalar), nonceB, kemCiphertext: kem.cipherText };
  const cpaceSecret = cpaceKey(
    sid,
    shared,
    { share: received.shareA, associatedData: operatorData(received) },
    { share: message.shareB, associatedData: customerData(message) },
  );
  const unconfirmed = encodeM2WithoutConfirmation(message);
  const th1 = hashTranscript(state.m0, bytes, unconfirmed);
  const prk = extractKey(th1, kem.sharedSecret, cpaceSecret);
  const confirmation = confirmAsCustomer(prk, th1);
  const th2 = hashConfirmation(th1, confirmation);
  return {
    answer: concat(unconfirmed, confirmation),
    next: { due: 'm3', secrets: [prk], prk, th2, commitment: received.commitment },
  };
}

export function answerM2(state: OperatorAwaitsM2, bytes: Uint8Array): StepResult<OperatorResult> {
  const { message, unconfirmed, confirmation } = decodeM2(bytes);
  using scratch = new Scratch();
  const shared = scratch.keep(cpaceMultiply(state.scalar, message.shareB));
  const cpaceSecret = cpaceKey(
    state.sid,
    shared,
    { share: state.sent.shareA, associatedData: operatorData(state.sent) },
    { share: message.shareB, associatedData: customerData(message) },
  );
  const th1 = hashTranscript(state.m0, state.m1, unconfirmed);
  const kemSecret = ml_kem768.decapsulate(message.kemCiphertext, state.kemSecretKey);
  const prk = scratch.keep(extractKey(th1, kemSecret, cpaceSecret));
  if (!constantTimeEqual(confirmAsCustomer(prk, th1), confirmation)) {
    throw new LiveletError('code-wrong-secret', "the customer's confirmation doesn't fit");
  }
  const th2 = hashConfirmation(th1, confirmation);
  const confirmationA = confirmAsOperator(prk, th2, state.nonceA);
  const m3 = encodeM3({ confirmationA, nonceA: state.nonceA });
  return { answer: { m3, keys: deriveSessionKeys(prk, th2, confirmationA, state.nonceA) } };
}

export function finishCustomer(state: CustomerAwaitsM3, bytes: Uint8Array): StepResult<SessionKeys> {
  const { confirmationA, nonceA } = decodeM3(bytes);
  const expected = confirmAsOperator(state.prk, state.th2, nonceA);
  const confirmed = constantTimeEqual(expected, confirmationA);
  const committed = constantTimeEqual(commitTo(nonceA), state.commitment);
  if (!confirmed || !committed) {
    throw new LiveletError('handshake-failed', "the operator's confirmation doesn't fit");
  }
  return { answer: deriveSessionKeys(state.prk, state.th2, confirmationA, nonceA) };
}

function share(options: HandshakeOptions, sid: Uint8Array, scalar: Uint8Array): Uint8Array {
  const prs = passwordString(options.secret);
  const ci = channelIdentifier(options.deploymentId, options.nameplate);
  return cpaceShare({ prs, ci, sid }, scalar);
}

function encapsulate(key: Uint8Array, coins: Uint8Array): ReturnType<typeof ml_kem768.encapsulate> {
  try {
    return ml_kem768.encapsulate(key, coins);
  } catch (cause) {
    throw new LiveletError('handshake-malformed', 'not an ML-KEM-768 encapsulation key', { cause });
  }
}
