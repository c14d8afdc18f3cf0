import test from 'ava';
import { type PairOptions, SimulatedRelay } from '../test-support/index.js';
import { CHAT, FILES, readAll, streams } from './streams-fixture.js';

async function resumable(options: PairOptions = {}) {
  const relay = new SimulatedRelay();
  const session = await streams({ ...options, relay });
  return { ...session, relay };
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
  t.is(operator.connection.state, 'connected');
  t.is(customer.connection.state, 'connected');
  far.closeWrite();
  t.true(sent.equals(await received));
  t.is(operator.statistics().resumes, 1);
  t.is((await operator.end('person')).how, 'ended-here');
  t.is((await customer.ended).how, 'ended-by-peer');
});

void CHAT;
