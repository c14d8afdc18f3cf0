import {
  connectSession,
  customerHandshake,
  HANDSHAKE_SIZES,
  type HandshakeOptions,
  LiveletError,
  operatorHandshake,
  type SessionChannel,
} from '@livelet/core';
import { SeededRandom } from '@livelet/core/test-support';
import test from 'ava';
import { HostileRelay } from './hostile-relay.js';
import { meddleWith, passOn } from './meddle.js';
import { type Attempt, attempt, connectOptions, type TalkingEnd } from './talk.js';
import { assertNoHarm, assertNoticed, finish, outcome } from './verdict.js';
import { type Visitor, VisitorTransport } from './visitor.js';

const RIGHT = '705618';
const WRONG = '000000';

test('two sessions spliced together from the start are two wrong secrets, and two spent codes', async (t) => {
  await using relay = await HostileRelay.start();
  const one = await attempt(relay);
  const other = await attempt(relay, { secrets: { operator: '111111', customer: '111111' } });
  passOn(one.operator, other.customer);
  passOn(other.operator, one.customer);
  for (const talk of [one, other]) {
    const ends = await talk.ends;
    assertNoHarm(t, talk, ends);
    for (const end of ends) {
      t.is(outcome(end), 'code-wrong-secret');
      t.true(end.error?.data.codeSpent);
    }
  }
});

test('two sessions with the same secret, crossed, are wrong too: the nameplate is part of it', async (t) => {
  await using relay = await HostileRelay.start();
  const [one, other] = [await attempt(relay), await attempt(relay)];
  passOn(one.operator, other.customer);
  passOn(other.operator, one.customer);
  for (const talk of [one, other]) {
    const ends = await talk.ends;
    assertNoHarm(t, talk, ends);
    for (const end of ends) t.is(outcome(end), 'code-wrong-secret');
  }
});

for (const at of [2, 3, 10, 30]) {
  test(`two running sessions crossed at frame ${at} are both refused`, async (t) => {
    await using relay = await HostileRelay.start();
    const [one, other] = [await attempt(relay), await attempt(relay)];
    // Both are held until both are there, then each operator's frame goes to the other's customer.
    cross(one, other, at);
    for (const talk of [one, other]) {
      const ends = await talk.ends;
      assertNoHarm(t, talk, ends);
      assertNoticed(t, ends);
    }
  });
}

function cross(one: Attempt, other: Attempt, at: number): void {
  for (const [talk, stranger] of [
    [one, other],
    [other, one],
  ] as const) {
    meddleWith(talk.customer, talk.operator, -1, () => {});
    talk.operator.onFrame((frame, index) => (index < at ? talk : stranger).customer.send(frame));
    void talk.operator.gone.then(() => talk.customer.close());
  }
}

for (const side of ['operator', 'customer'] as const) {
  test(`an old session, replayed to a new ${side} with the same code, is refused`, async (t) => {
    await using relay = await HostileRelay.start();
    const old = await attempt(relay, { lines: 20 });
    passOn(old.operator, old.customer);
    await old.ends;
    const recorded = side === 'operator' ? old.customer.frames : old.operator.frames;
    t.true(recorded.length > 20);
    const talk = await attempt(relay);
    const [target, other] = [talk[side], side === 'operator' ? talk.customer : talk.operator];
    // One old frame for each new one, as the protocol waits for answers; then all the rest.
    if (side === 'operator') target.send(recorded[0] ?? new Uint8Array());
    target.onFrame((_, index) => {
      const next = recorded[side === 'operator' ? index + 1 : index];
      if (next !== undefined) target.send(next);
      if (index === 1) for (const frame of recorded.slice(2)) target.send(frame);
    });
    void target.gone.then(() => other.close());
    const ends = await talk.ends;
    assertNoHarm(t, talk, ends);
    t.regex(outcome(endOf(ends, side)), /^(code-wrong-secret|handshake-failed|handshake-malformed)$/);
    t.is(endOf(ends, side).session, undefined);
  });

  test(`records of an old session, put into a new one for the ${side}, are refused`, async (t) => {
    await using relay = await HostileRelay.start();
    const old = await attempt(relay, { lines: 20 });
    passOn(old.operator, old.customer);
    await old.ends;
    for (const at of [2, 3, 8]) {
      const talk = await attempt(relay);
      const [receiver, sender] =
        side === 'operator' ? [talk.operator, talk.customer] : [talk.customer, talk.operator];
      const record = (side === 'operator' ? old.customer : old.operator).frames[at];
      meddleWith(sender, receiver, at, () => record && receiver.send(record));
      meddleWith(receiver, sender, -1, () => {});
      const ends = await talk.ends;
      assertNoHarm(t, talk, ends);
      t.is(outcome(endOf(ends, side)), 'record-refused');
    }
  });
}

test('a relay that answers as both sides without the code reaches nobody, and spends its one guess', async (t) => {
  await using relay = await HostileRelay.start();
  const talk = await attempt(relay);
  const toOperator = impersonate('customer', talk.operator, WRONG, talk);
  const toCustomer = impersonate('operator', talk.customer, WRONG, talk);
  const ends = await talk.ends;
  assertNoHarm(t, talk, ends);
  for (const end of ends) {
    t.is(outcome(end), 'code-wrong-secret');
    t.true(end.error?.data.codeSpent);
    t.deepEqual(end.steps, ['code-spent']);
  }
  for (const result of [await toOperator, await toCustomer]) t.true(result instanceof LiveletError);
});

test('a relay that guessed the code of both sides shows in the four words', async (t) => {
  await using relay = await HostileRelay.start();
  const talk = await attempt(relay, { lines: 1 });
  const [asCustomer, asOperator] = await Promise.all([
    impersonate('customer', talk.operator, RIGHT, talk),
    impersonate('operator', talk.customer, RIGHT, talk),
  ]);
  if (asCustomer instanceof LiveletError || asOperator instanceof LiveletError) {
    t.fail('one in a million: the relay is let in');
    return;
  }
  await Promise.all([asCustomer.end('person'), asOperator.end('person')]);
  const [operator, customer] = await talk.ends;
  t.truthy(operator.session);
  t.notDeepEqual(operator.session?.sasWords, customer.session?.sasWords);
  t.notDeepEqual(operator.session?.peer.fingerprint, customer.session?.peer.fingerprint);
});

test('an operator judges one guess, even when the right one is right behind it', async (t) => {
  await using relay = await HostileRelay.start();
  const talk = await attempt(relay);
  const { operator: visitor, customer } = talk;
  // The same random bytes, so the same first message: one handshake with two guesses.
  const guesses = [WRONG, RIGHT].map((secret) => customerHandshake(sameRandom(visitor, secret)));
  const [first] = guesses.map((guess) => guess.start());
  visitor.onFrame((m1, index) => {
    if (index === 0) for (const guess of guesses) visitor.send(guess.receiveM1(m1));
  });
  visitor.send(first ?? new Uint8Array());
  void visitor.gone.then(() => customer.close());
  const [operator] = await talk.ends;
  t.is(outcome(operator), 'code-wrong-secret');
  t.true(operator.error?.data.codeSpent);
  t.deepEqual(sizes(visitor), [HANDSHAKE_SIZES.m1], 'no confirmation for anyone');
});

test('a customer confirms once, even when the right answer is right behind the wrong one', async (t) => {
  await using relay = await HostileRelay.start();
  const talk = await attempt(relay);
  const { operator, customer: visitor } = talk;
  const guesses = [WRONG, RIGHT].map((secret) => operatorHandshake(sameRandom(visitor, secret)));
  visitor.onFrame((m0, index) => {
    if (index === 0) for (const guess of guesses) visitor.send(guess.receiveM0(m0));
  });
  void visitor.gone.then(() => operator.close());
  const [, customer] = await talk.ends;
  t.is(customer.session, undefined);
  t.is(outcome(customer), 'handshake-malformed');
  t.true(customer.error?.data.codeSpent);
  t.deepEqual(sizes(visitor), [HANDSHAKE_SIZES.m0, HANDSHAKE_SIZES.m2]);
  const [wrong] = guesses;
  t.throws(() => wrong?.receiveM2(visitor.frames[1] ?? new Uint8Array()), { instanceOf: LiveletError });
});

function sameRandom({ nameplate }: Visitor, secret: string): HandshakeOptions {
  return { nameplate, secret, deploymentId: 'hostile', random: new SeededRandom(7).bytes };
}

test('an end whose messages come back to it has no session with itself', async (t) => {
  await using relay = await HostileRelay.start();
  const talk = await attempt(relay);
  talk.customer.onFrame((frame) => talk.customer.send(frame));
  talk.operator.onFrame((frame) => talk.operator.send(frame));
  talk.operator.send(new Uint8Array(HANDSHAKE_SIZES.m0));
  const ends = await finish(talk);
  assertNoHarm(t, talk, ends);
  for (const end of ends) t.is(end.session, undefined);
});

/** The relay itself talks with an end, as `side`; what came of it. */
function impersonate(
  side: 'operator' | 'customer',
  visitor: Visitor,
  secret: string,
  { clock }: Attempt,
): Promise<SessionChannel | LiveletError> {
  const options = connectOptions(side, visitor.nameplate, secret, new VisitorTransport(visitor), clock);
  return connectSession(options).catch((error) => error as LiveletError);
}

function endOf([operator, customer]: readonly TalkingEnd[], side: 'operator' | 'customer'): TalkingEnd {
  const end = side === 'operator' ? operator : customer;
  if (end === undefined) throw new Error('both ends have an outcome');
  return end;
}

function sizes(visitor: Visitor): number[] {
  return visitor.frames.map((frame) => frame.length);
}
