import test from 'ava';
import {
  type Capability,
  type ConnectOptions,
  connectSession,
  type ErrorCode,
  LiveletError,
  type SessionChannel,
  type Side,
} from '../src/index.js';
import {
  connectedSessions,
  connectOptions,
  ManualClock,
  SimulatedNetwork,
  settled,
} from '../test-support/index.js';

type Outcome = SessionChannel | LiveletError;

async function outcomes(
  changes: Partial<Record<Side, Partial<ConnectOptions>>>,
  prepare: (link: ReturnType<SimulatedNetwork['connect']>, clock: ManualClock) => void = () => {},
): Promise<Record<Side, Outcome>> {
  const clock = new ManualClock();
  const link = new SimulatedNetwork().connect();
  prepare(link, clock);
  const attempt = (side: Side): Promise<Outcome> =>
    connectSession({ ...connectOptions(side, link, clock), ...changes[side] }).catch((error) => error);
  const both = Promise.all([attempt('operator'), attempt('customer')]);
  await clock.advance(20_000);
  const [operator, customer] = await both;
  return { operator, customer };
}

function codeOf(outcome: Outcome): ErrorCode | 'connected' {
  return outcome instanceof LiveletError ? outcome.code : 'connected';
}

test('two ends with the same code meet', async (t) => {
  const steps: string[] = [];
  const { operator, customer } = await connectedSessions({
    operator: {
      hello: [{ id: 'livelet.chat', version: '1.2.3', services: ['/livelet/chat/1'] }],
      onProgress: (step) => steps.push(step),
    },
  });
  t.is(operator.peer.name, 'Bruno');
  t.is(customer.peer.name, 'Ada');
  t.deepEqual(operator.sasWords, customer.sasWords);
  t.deepEqual(customer.peerPlugins, [
    { id: 'livelet.chat', version: '1.2.3', services: ['/livelet/chat/1'] },
  ]);
  t.deepEqual(steps, ['code-spent', 'keys-agreed']);
  t.regex(operator.id, /^[0-9a-f]{32}$/);
  t.is(operator.statistics().recordsSent, 2);
  t.false(operator.signal.aborted);
});

test('a name that is too long costs no code', async (t) => {
  const { operator, customer } = await outcomes({ customer: { name: 'Ü'.repeat(65) } });
  t.is(codeOf(customer), 'identity-invalid');
  t.false((customer as LiveletError).data.codeSpent);
  t.false((operator as LiveletError).data.codeSpent);
});

test('a wrong secret is told to both, and spends the code', async (t) => {
  const { operator, customer } = await outcomes({
    customer: { code: { nameplate: '48291', secret: '705619' } },
  });
  t.is(codeOf(operator), 'code-wrong-secret');
  t.is(codeOf(customer), 'code-wrong-secret');
  t.true((operator as LiveletError).data.codeSpent);
  t.true((customer as LiveletError).data.codeSpent);
});

test('another deployment is a wrong secret', async (t) => {
  const { operator, customer } = await outcomes({ customer: { deploymentId: 'elsewhere' } });
  t.is(codeOf(operator), 'code-wrong-secret');
  t.is(codeOf(customer), 'code-wrong-secret');
});

test('another version of the protocol is refused before the code is spent', async (t) => {
  const { operator } = await outcomes({}, (link) => {
    link.toOperator.intercept = (frame) => {
      if (frame[0] === 1) frame[1] = 0xff;
      return [frame];
    };
  });
  t.is(codeOf(operator), 'protocol-version-unsupported');
  t.false((operator as LiveletError).data.codeSpent);
});

test('any second message of the customer spends the code', async (t) => {
  const { operator, customer } = await outcomes({}, (link) => {
    link.toOperator.intercept = (frame, index) => (index === 1 ? [Uint8Array.of(3)] : [frame]);
  });
  t.is(codeOf(operator), 'handshake-malformed');
  t.true((operator as LiveletError).data.codeSpent);
  t.is(codeOf(customer), 'code-wrong-secret');
});

test('a silent peer is given 15 seconds', async (t) => {
  const { operator, customer } = await outcomes({}, (link) => link.toCustomer.stall());
  t.is(codeOf(operator), 'handshake-timeout');
  t.is(codeOf(customer), 'handshake-timeout');
  t.false((customer as LiveletError).data.codeSpent);
});

test('an attempt can be cancelled, and the other end hears of it', async (t) => {
  const cancel = new AbortController();
  const { operator, customer } = await outcomes({ operator: { signal: cancel.signal } }, (link) => {
    link.toCustomer.intercept = () => {
      cancel.abort();
      return [];
    };
  });
  t.is(codeOf(operator), 'cancelled');
  t.is(codeOf(customer), 'session-interrupted');
});

for (let frame = 0; frame < 6; frame++) {
  test(`a connection cut at frame ${frame} of an attempt is no session at either end`, async (t) => {
    const { operator, customer } = await outcomes({}, (link) => {
      (frame < 3 ? link.toCustomer : link.toOperator).cutAfterFrames(frame % 3);
    });
    const codes = [codeOf(operator), codeOf(customer)];
    t.true(codes.includes('relay-closed'), codes.join());
    for (const outcome of [operator, customer]) {
      // The end that had heard all of the other is told of the cut as the end of its session.
      if (outcome instanceof LiveletError) t.is(outcome.code, 'relay-closed');
      else t.is((await outcome.ended).how, 'interrupted');
    }
  });
}

test('a flood of frames before the session is refused', async (t) => {
  const { customer } = await outcomes({}, (link) => {
    link.toCustomer.intercept = (frame) => new Array<Uint8Array>(100).fill(frame);
  });
  t.is(codeOf(customer), 'handshake-malformed');
});

test('a hello that this end got wrong costs no code', async (t) => {
  const { operator, customer } = await outcomes({
    customer: { hello: [{ id: 'UPPER', version: '1.0.0', services: [] }] },
  });
  t.is(codeOf(customer), 'hello-invalid');
  t.false((customer as LiveletError).data.codeSpent);
  t.is(codeOf(operator), 'session-interrupted');
});

test('what this host never grants stays outside the policy', async (t) => {
  const allowed: Capability[] = ['view'];
  const { customer } = await connectedSessions({ customer: { allowed } });
  t.deepEqual(customer.ownGrants.policy, allowed);
  t.throws(() => customer.ownGrants.grant('control'), { code: 'not-granted' });
});

test('an end that is said is the same end on both sides', async (t) => {
  const { operator, customer } = await connectedSessions();
  const told = await customer.end('person');
  t.deepEqual(told, { how: 'ended-here', reason: 'person' });
  t.deepEqual(await operator.ended, { how: 'ended-by-peer', reason: 'person' });
  t.true(operator.signal.aborted);
  t.true(customer.signal.aborted);
  await t.throwsAsync(operator.ask('view'), { code: 'session-ended' });
});

test('a lost connection is never an end that was said', async (t) => {
  const { operator, customer, link } = await connectedSessions();
  link.cut();
  for (const side of [operator, customer]) {
    const end = await side.ended;
    t.is(end.how, 'interrupted');
    t.is(end.error?.code, 'session-interrupted');
    t.like(end.error?.cause, { code: 'relay-closed' });
  }
});

test('a connection closed without END is interrupted', async (t) => {
  const { operator, customer, link } = await connectedSessions();
  link.customer.close();
  t.is((await operator.ended).how, 'interrupted');
  t.is((await customer.ended).how, 'interrupted');
});

const faults: Record<string, (frame: Uint8Array) => readonly Uint8Array[]> = {
  flipped: (frame) => [frame.with(frame.length - 1, (frame.at(-1) ?? 0) ^ 1)],
  repeated: (frame) => [frame, frame],
  lost: () => [],
  'cut short': (frame) => [frame.subarray(0, -1)],
  'replaced by noise': () => [Uint8Array.from({ length: 90 }, (_, index) => index)],
};

for (const [what, fault] of Object.entries(faults)) {
  test(`a record that is ${what} ends the session at once, and nothing of it is delivered`, async (t) => {
    const { operator, customer, link } = await connectedSessions();
    let asked = 0;
    customer.onAsked(() => asked++);
    await operator.ask('view');
    link.toCustomer.intercept = (frame) => {
      link.toCustomer.intercept = undefined;
      return fault(frame);
    };
    const calls = ['chat', 'control'].map((capability) => operator.ask(capability as Capability));
    for (const call of calls) await t.throwsAsync(call, { code: 'session-interrupted' });
    const end = await customer.ended;
    t.is(end.how, 'failed');
    t.regex(end.error?.code ?? '', /^record-(refused|malformed)$/);
    t.is((await operator.ended).how, 'interrupted');
    t.is(asked, 1);
  });
}

test('an idle session exchanges nothing but a sign of life every 15 seconds', async (t) => {
  const { clock, link } = await connectedSessions();
  await clock.advance(1_000);
  const before = link.toCustomer.frames + link.toOperator.frames;
  await clock.advance(60_000);
  const frames = link.toCustomer.frames + link.toOperator.frames - before;
  t.true(frames >= 8 && frames <= 16, `${frames} frames in a minute`);
});

test('a peer that owes a sign of life for 8 seconds is lost', async (t) => {
  const { clock, link, operator, customer } = await connectedSessions();
  await clock.advance(1_000);
  link.toOperator.stall();
  // The ping after 15 s of silence is owed one, and anything else that is sent.
  await clock.advance(21_000);
  t.false(operator.signal.aborted);
  await clock.advance(2_000);
  const end = await operator.ended;
  t.is(end.how, 'interrupted');
  t.is(end.error?.code, 'peer-silent');
  await settled();
  t.is((await customer.ended).how, 'interrupted');
});

test('the round trip is measured', async (t) => {
  const clock = new ManualClock();
  const network = new SimulatedNetwork({ clock, delay: { min: 20, max: 20 } });
  const pair = connectedSessions({ clock, link: network.connect() });
  await clock.advance(1_000);
  const { operator } = await pair;
  t.is(operator.statistics().rttMs, undefined);
  const asked = operator.ask('view');
  await clock.advance(1_000);
  await asked;
  t.is(operator.statistics().rttMs, 40);
});

test('the round trip is measured afresh when traffic comes back, at most every 5 seconds', async (t) => {
  const clock = new ManualClock();
  const pair = await connectedSessions({ clock });
  const ask = async (): Promise<number> => {
    const before = pair.link.toCustomer.frames;
    await pair.operator.ask('view');
    await settled();
    return pair.link.toCustomer.frames - before;
  };
  await ask();
  await clock.advance(1_000);
  const withoutPing = await ask();
  await clock.advance(6_000);
  t.is(await ask(), withoutPing + 2, 'a ping of its own and a pong to the peer');
});

test('a session outlives its keys', async (t) => {
  const { clock, operator, customer } = await connectedSessions();
  for (let hour = 0; hour < 3; hour++) {
    await clock.advance(60 * 60_000);
    customer.ownGrants.grant('view');
    await settled();
    t.true(operator.peerGrants.isGranted('view'));
    customer.ownGrants.revoke('view');
  }
  await clock.advance(1_000);
  const { recordsSent, recordsAcknowledged } = operator.statistics();
  t.true(recordsSent - recordsAcknowledged < 5, `${recordsAcknowledged} of ${recordsSent}`);
  t.is((await operator.end('person')).how, 'ended-here');
});

test('a session leaves no timer behind', async (t) => {
  const { clock, operator, customer } = await connectedSessions();
  customer.ownGrants.grant('view', { durationMs: 60_000 });
  await operator.ask('chat');
  await customer.end('person');
  await operator.ended;
  t.is(clock.pending, 0);
});

test('many sessions leave no timer behind', async (t) => {
  const clock = new ManualClock();
  for (let index = 0; index < 20; index++) {
    const { customer, operator } = await connectedSessions({ clock });
    await (index % 2 === 0 ? customer : operator).end('person');
    await Promise.all([customer.ended, operator.ended]);
  }
  t.is(clock.pending, 0);
});
