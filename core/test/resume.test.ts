import test, { type ExecutionContext } from 'ava';
import { MAX_RETAINED } from '../src/channel/retained-records.js';
import { LiveletError, type SessionConnection } from '../src/index.js';
import { SimulatedRelay, settled } from '../test-support/index.js';
import { CHAT, FILES, INPUT, readAll, readUntilError, SCREEN, streams } from './streams-fixture.js';

async function resumable() {
  const relay = new SimulatedRelay();
  const session = await streams({ relay });
  return { ...session, relay };
}

type Session = Awaited<ReturnType<typeof resumable>>;

/** Nobody can be reached for `ms`, and `meanwhile` happens. */
async function outage(
  { relay, link, clock }: Session,
  ms: number,
  meanwhile = (): void => {},
): Promise<void> {
  relay.down = true;
  link.cut();
  await settled();
  meanwhile();
  await clock.advance(ms);
  relay.down = false;
  await clock.advance(12_000);
}

function connected(t: ExecutionContext, { operator, customer }: Session): void {
  t.deepEqual([operator.connection.state, customer.connection.state], ['connected', 'connected']);
}

test('a drop loses nothing of streams that go on', async (t) => {
  const { operator, customer, link, open, clock } = await resumable();
  const { near, far } = await open(FILES);
  const sent = Buffer.alloc(1_000_000, 'livelet');
  const received = readAll(far);
  void near.write(sent);
  near.closeWrite();
  link.toCustomer.cutAfterBytes(link.toCustomer.bytes + 300_000);
  const states: string[] = [];
  operator.onConnection(({ state }) => states.push(state));
  await clock.advance(1_000);
  t.deepEqual(states, ['reconnecting', 'connected']);
  far.closeWrite();
  t.true(sent.equals(await received));
  t.is(operator.statistics().resumes, 1);
  t.is((await operator.end('person')).how, 'ended-here');
  t.is((await customer.ended).how, 'ended-by-peer');
  await settled();
  t.is(clock.pending, 0);
});

test('both ends say since when and until when they look, and both receipts list it', async (t) => {
  const session = await resumable();
  const { clock, operator, customer } = session;
  const at = clock.wallTime();
  const seen: SessionConnection[] = [];
  customer.onConnection((connection) => seen.push(connection));
  await outage(session, 40_000);
  connected(t, session);
  t.deepEqual(seen, [{ state: 'reconnecting', since: at, until: at + 120_000 }, { state: 'connected' }]);
  for (const { receipt } of [operator, customer]) {
    t.is(receipt.interruptions.length, 1);
    t.is(receipt.interruptions[0]?.at, at);
    const lasted = receipt.interruptions[0]?.lastedMs ?? 0;
    t.true(lasted >= 40_000 && lasted <= 46_000, `${lasted}`);
  }
});

test('after 120 s both ends are interrupted, and nothing is left', async (t) => {
  const { relay, clock, link, operator, customer } = await resumable();
  relay.down = true;
  link.cut();
  await clock.advance(119_900);
  t.false(operator.signal.aborted || customer.signal.aborted);
  await clock.advance(200);
  for (const end of [operator, customer]) {
    t.like(await end.ended, { how: 'interrupted', error: { code: 'session-interrupted' } });
    t.is(end.receipt.interruptions[0]?.lastedMs, 120_000);
  }
  t.is(clock.pending, 0);
});

test('input and screen are dropped at both ends at once, and open again when the line is back', async (t) => {
  const session = await resumable();
  const { open } = session;
  const [input, screen, chat] = [await open(INPUT), await open(SCREEN), await open(CHAT)];
  void input.near.write(Buffer.from('unread'));
  await settled();
  const again: ReturnType<typeof open>[] = [];
  await outage(session, 20_000, () => {
    again.push(open(INPUT), open(SCREEN));
  });
  for (const { near, far } of [input, screen]) {
    t.is(await near.closed, 'reconnecting');
    t.is(await far.closed, 'reconnecting');
    t.like(await readUntilError(far), { bytes: Buffer.alloc(0), error: { code: 'reconnecting' } });
  }
  const [reopened] = await Promise.all(again);
  await reopened?.near.write(Buffer.from('fresh'));
  t.deepEqual(
    (await reopened?.far[Symbol.asyncIterator]().next())?.value,
    new Uint8Array(Buffer.from('fresh')),
  );
  await chat.near.write(Buffer.from('still here'));
  t.is((await chat.far[Symbol.asyncIterator]().next())?.value?.length, 10);
});

test('what is taken back during a drop is gone at once, is not sent again, and the peer learns of it', async (t) => {
  const session = await resumable();
  const { link, open, operator, customer, relay, clock } = session;
  const { near, far } = await open(FILES);
  const arriving = readUntilError(near);
  await clock.advance(1_000);
  link.toOperator.stall();
  void far.write(Buffer.alloc(200_000, 'secret'));
  await settled();
  relay.down = true;
  link.cut();
  customer.ownGrants.revoke(FILES.capability);
  t.is(await far.closed, 'revoked');
  t.true(operator.peerGrants.isGranted(FILES.capability));
  relay.down = false;
  await clock.advance(10_000);
  connected(t, session);
  t.like(await arriving, { bytes: Buffer.alloc(0), error: { code: 'revoked' } });
  t.false(operator.peerGrants.isGranted(FILES.capability));
});

test('a timed grant goes on counting, and calls wait for the line', async (t) => {
  const session = await resumable();
  const { operator, customer } = session;
  customer.ownGrants.grant('view', { durationMs: 30_000 });
  await settled();
  let asked: Promise<void> | undefined;
  const questions: string[] = [];
  customer.onAsked((capability) => questions.push(capability));
  await outage(session, 60_000, () => {
    asked = operator.ask('hear');
  });
  t.is(customer.ownGrants.get('view').state, 'expired');
  t.is(operator.peerGrants.get('view').state, 'expired');
  await t.notThrowsAsync(asked as Promise<void>);
  t.deepEqual(questions, ['hear']);
});

test('what waits for acknowledgements is at most 8 MiB, and then writers wait', async (t) => {
  const session = await resumable();
  const { link, open, operator, clock } = session;
  const pairs = [];
  for (let count = 0; count < 40; count++) pairs.push(await open(FILES));
  const before = link.toCustomer.bytes;
  // Nothing comes back: neither acknowledgements nor credit.
  link.toOperator.stall();
  const sent = Buffer.alloc(400_000, 'livelet');
  const received = Promise.all(pairs.map(({ far }) => readAll(far)));
  for (const { near } of pairs) {
    void near.write(sent);
    near.closeWrite();
  }
  for (let turn = 0; turn < 200; turn++) await settled();
  const under = link.toCustomer.bytes - before;
  t.true(under > 0.95 * MAX_RETAINED && under < 1.01 * MAX_RETAINED, `${under} bytes`);
  t.true(operator.statistics().queuedBytes > 40 * 400_000 - 1.01 * MAX_RETAINED);
  await clock.advance(30_000);
  connected(t, session);
  for (const bytes of await received) t.true(sent.equals(bytes));
  t.is(operator.statistics().resumes, 1);
});

test('a line on which nothing moves is left for another one', async (t) => {
  const session = await resumable();
  const { link, open, clock, operator } = session;
  const { near, far } = await open(CHAT);
  link.toCustomer.stall();
  link.toOperator.stall();
  const reading = far[Symbol.asyncIterator]().next();
  await near.write(Buffer.from('hello'));
  await clock.advance(7_900);
  t.is(operator.connection.state, 'connected');
  await clock.advance(20_000);
  connected(t, session);
  t.is(Buffer.from((await reading).value ?? []).toString(), 'hello');
});

test('a line that is dead as soon as it was found is left as soon as any', async (t) => {
  const session = await resumable();
  const { relay, clock, link, operator, customer } = session;
  relay.onJoin = (joined) => {
    // R1, R3 and the customer's ack pass, R2 and the operator's.
    joined.toOperator.intercept = (frame, index) => (index < 3 ? [frame] : []);
    joined.toCustomer.intercept = (frame, index) => (index < 2 ? [frame] : []);
    relay.onJoin = undefined;
  };
  link.cut();
  await clock.advance(7_000);
  t.deepEqual([operator.statistics().resumes, customer.statistics().resumes], [1, 1]);
  await clock.advance(2_000);
  connected(t, session);
  t.deepEqual([operator.statistics().resumes, customer.statistics().resumes], [2, 2]);
});

test('a relay that lets the operator go ends the session', async (t) => {
  const { link, operator, customer } = await resumable();
  link.cut(new LiveletError('operator-revoked'));
  for (const end of [operator, customer]) t.is((await end.ended).how, 'interrupted');
});

test('a relay that takes the operator back no more ends the session', async (t) => {
  const redial = (): Promise<never> => Promise.reject(new LiveletError('operator-revoked'));
  const { operator, link, clock } = await streams({ relay: new SimulatedRelay(), operator: { redial } });
  link.cut();
  await clock.advance(1_000);
  t.true(operator.signal.aborted);
  t.is((await operator.ended).how, 'interrupted');
});

for (const code of ['relay-too-many-requests', 'relay-full'] as const) {
  test(`a relay that has too much to do is asked seldom: ${code}`, async (t) => {
    let asked = 0;
    const redial = (): Promise<never> => {
      asked++;
      return Promise.reject(new LiveletError(code));
    };
    const { operator, link, clock } = await streams({ relay: new SimulatedRelay(), operator: { redial } });
    link.cut();
    await clock.advance(119_000);
    t.is(operator.connection.state, 'reconnecting');
    t.true(asked >= 3 && asked <= 7, `asked ${asked} times`);
  });
}

test('a drop while END is on its way is an end here, and the peer hears of it', async (t) => {
  const { link, operator, customer, clock } = await resumable();
  link.toCustomer.stall();
  const ended = operator.end('person');
  await clock.advance(100);
  link.cut();
  t.deepEqual(await ended, { how: 'ended-here', reason: 'person' });
  await clock.advance(5_000);
  t.deepEqual(await customer.ended, { how: 'ended-by-peer', reason: 'person' });
  t.is(clock.pending, 0);
});

test('when one end alone notices, the other comes by its own time', async (t) => {
  const session = await resumable();
  const { operator, customer, link, clock } = session;
  // The customer's end hears nothing of it.
  link.toCustomer.stall();
  link.operator.close();
  t.is(operator.connection.state, 'reconnecting');
  await clock.advance(5_000);
  t.is(customer.connection.state, 'connected');
  await clock.advance(30_000);
  connected(t, session);
  t.is(customer.statistics().resumes, 1);
  t.true(operator.peerGrants.isGranted(CHAT.capability), 'the grants that were under way are there');
});
