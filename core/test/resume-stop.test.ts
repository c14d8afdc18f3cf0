/** Whatever moment of a resumption someone stops at: it is over there at once, soon at the other end, and nothing stays. */
import test from 'ava';
import type { EndReason, SessionChannel } from '../src/index.js';
import { type Lane, type SimulatedLink, SimulatedRelay, settled } from '../test-support/index.js';
import { CHAT, FILES, streams } from './streams-fixture.js';

const SIDES = ['operator', 'customer'] as const;
const LANES = ['toOperator', 'toCustomer'] as const;
/** More frames, and turns between them, than a resumption has; with `npm test -- --long` each one. */
const FRAMES = 5;
const TURNS = 200;
const TURNS_OF_A_FRAME = 40;
const isLong = process.env.LIVELET_LONG_TESTS === '1';

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
}

/** Something under way in both directions, and the line cut. */
async function dropped() {
  const relay = new SimulatedRelay();
  const session = await streams({ relay });
  const [files, chat] = [await session.open(FILES), await session.open(CHAT)];
  void files.near.write(new Uint8Array(200_000));
  void chat.far.write(new Uint8Array(2_000));
  const joined: SimulatedLink[] = [];
  relay.onJoin = (link) => joined.push(link);
  return { ...session, relay, joined };
}

/** @returns what went wrong */
async function stop(
  own: SessionChannel,
  peer: SessionChannel,
  { clock, relay, joined }: Awaited<ReturnType<typeof dropped>>,
  reason: EndReason = 'person',
): Promise<readonly string[]> {
  const faults: string[] = [];
  const ended = own.end(reason);
  await clock.advance(2_000);
  if (!own.signal.aborted) faults.push('goes on where it was stopped');
  else if ((await ended).how !== 'ended-here') faults.push(`here: ${(await ended).how}`);
  await clock.advance(8_000);
  if (!peer.signal.aborted) faults.push('goes on at the other end');
  else if ((await peer.ended).how !== 'ended-by-peer') faults.push(`there: ${(await peer.ended).how}`);
  await clock.advance(130_000);
  if (clock.pending > 0) faults.push(`${clock.pending} timers`);
  const open = joined.flatMap((link) => SIDES.filter((side) => link[side].send(Uint8Array.of(0))));
  if (open.length > 0) faults.push(`${open.join(', ')} has an open line`);
  if (relay.waiting > 0) faults.push('waits at the relay');
  return faults;
}

for (const side of SIDES) {
  const peerSide = side === 'operator' ? 'customer' : 'operator';

  test(`Stop of the ${side} in any turn of a resumption`, async (t) => {
    t.timeout(1_800_000);
    for (let turn = 0; turn < TURNS; turn += isLong ? 1 : 13) {
      const session = await dropped();
      session.link.cut();
      await turns(turn);
      t.deepEqual(await stop(session[side], session[peerSide], session), [], `turn ${turn}`);
    }
  });

  test(`Stop of the ${side} in any turn after any frame of a resumption`, async (t) => {
    t.timeout(1_800_000);
    for (const lane of LANES) {
      for (let frame = 0; frame < FRAMES; frame++) {
        for (let turn = 0; turn < TURNS_OF_A_FRAME; turn += isLong ? 1 : 13) {
          const session = await dropped();
          const reached = Promise.withResolvers<void>();
          session.relay.onJoin = (joined: SimulatedLink) => {
            session.joined.push(joined);
            const way: Lane = joined[lane];
            way.intercept = (bytes, index) => {
              if (index === frame) reached.resolve();
              return [bytes];
            };
          };
          session.link.cut();
          const over = session.clock.advance(60_000);
          await Promise.race([reached.promise, over]);
          await turns(turn);
          void session[side].end('person');
          await over;
          t.deepEqual(
            await stop(session[side], session[peerSide], session),
            [],
            `${lane} ${frame}, turn ${turn}`,
          );
        }
      }
    }
  });

  test(`the ${side} may stop in the very moment that it hears of the new line`, async (t) => {
    const session = await dropped();
    session[side].onConnection(({ state }) => {
      if (state === 'connected') void session[side].end('person');
    });
    session.link.cut();
    await settled();
    await session.clock.advance(10_000);
    t.is((await session[side].ended).how, 'ended-here');
    t.is((await session[peerSide].ended).how, 'ended-by-peer');
  });
}
