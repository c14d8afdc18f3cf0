import test from 'ava';
import { type ByteStream, GrantedStream, holdStreams } from '../src/index.js';
import { connectedSessions, SimulatedRelay, settled } from '../test-support/index.js';
import { readUntilError, SCREEN } from './streams-fixture.js';

/** @param take what the customer's end does with each stream */
async function held(take: (stream: ByteStream) => void, relay?: SimulatedRelay) {
  const pair = await connectedSessions({
    ...(relay && { relay }),
    customer: { hello: [{ id: 'test', version: '1.0.0', services: [SCREEN.path] }] },
  });
  pair.customer.pluginChannel({ serves: [SCREEN], opens: [] }).accept(SCREEN.path, take);
  pair.customer.ownGrants.grant(SCREEN.capability);
  return { ...pair, channel: pair.operator.pluginChannel({ serves: [], opens: [SCREEN] }) };
}

test('a drop is followed by another stream; the end for any other reason is the end', async (t) => {
  let arrived = 0;
  const { channel, customer, link, clock } = await held(() => arrived++, new SimulatedRelay());
  const over = holdStreams(channel, SCREEN.path, new AbortController().signal, readUntilError);
  await settled();
  t.is(arrived, 1);
  link.cut();
  await clock.advance(12_000);
  t.is(arrived, 2);
  customer.ownGrants.revoke(SCREEN.capability);
  t.is(await over, 'revoked');
  t.is(arrived, 2);
});

test('a peer who says that the line was lost is not asked again', async (t) => {
  let arrived = 0;
  const { channel, operator, clock } = await held((stream) => {
    arrived++;
    stream.reset('reconnecting');
  });
  using _granted = new GrantedStream(
    channel,
    operator.peerGrants,
    SCREEN.path,
    SCREEN.capability,
    readUntilError,
  );
  await clock.advance(60_000);
  t.is(arrived, 1);
  t.is(await holdStreams(channel, SCREEN.path, new AbortController().signal, readUntilError), 'cancelled');
  t.is(arrived, 2);
});

test('who wants none any more leaves none open, and opens none', async (t) => {
  const arrived: ByteStream[] = [];
  const { channel } = await held((stream) => arrived.push(stream));
  const wanted = new AbortController();
  const over = holdStreams(channel, SCREEN.path, wanted.signal, readUntilError);
  await settled();
  wanted.abort();
  t.is(await over, 'cancelled');
  t.is(await arrived[0]?.closed, 'cancelled');
  let was = 0;
  t.is(await holdStreams(channel, SCREEN.path, wanted.signal, async () => void was++), 'cancelled');
  t.is(
    await holdStreams(channel, SCREEN.path, new AbortController().signal, async () => void was++),
    'cancelled',
  );
  t.is(was, 1);
  t.is(await arrived[1]?.closed, 'cancelled');
});
