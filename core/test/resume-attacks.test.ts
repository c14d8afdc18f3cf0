/** What a relay can try while two ends look for each other, and that it costs them time and nothing else. */
import test, { type ExecutionContext } from 'ava';
import { RESUME_SIZES } from '../src/channel/resume-messages.js';
import type { ByteStream, Redial, Transport } from '../src/index.js';
import {
  SeededRandom,
  type SimulatedLink,
  SimulatedNetwork,
  SimulatedRelay,
  settled,
} from '../test-support/index.js';
import { CHAT, FILES, readAll, streams } from './streams-fixture.js';

async function resumable() {
  const relay = new SimulatedRelay();
  const session = await streams({ relay });
  return { ...session, relay };
}

type Session = Awaited<ReturnType<typeof resumable>>;

/** Bytes under way both ways while `spoil` has the first `attempts`; then the line is honest. */
async function survives(
  t: ExecutionContext,
  attempts: number,
  spoil: (link: SimulatedLink, attempt: number, session: Session) => void,
  resumes: readonly [number, number] = [1, 1],
): Promise<void> {
  const session = await resumable();
  const { relay, clock, link, open, operator, customer } = session;
  const [files, chat] = [await open(FILES), await open(CHAT)];
  const [up, down] = [Buffer.alloc(700_000, 'up'), Buffer.alloc(90_000, 'down')];
  const carried = [readAll(files.far), readAll(chat.near)];
  link.toCustomer.cutAfterBytes(link.toCustomer.bytes + 200_000);
  let met = 0;
  relay.onJoin = (joined) => {
    if (met++ < attempts) spoil(joined, met, session);
  };
  send(files.near, up);
  send(chat.far, down);
  await clock.advance(115_000);
  t.true(met > attempts, `${met} meetings`);
  t.deepEqual([operator.connection.state, customer.connection.state], ['connected', 'connected']);
  files.far.closeWrite();
  chat.near.closeWrite();
  const [upThere, downHere] = await Promise.all(carried);
  t.true(up.equals(upThere as Buffer));
  t.true(down.equals(downHere as Buffer));
  t.deepEqual([operator.statistics().resumes, customer.statistics().resumes], resumes);
}

function send(stream: ByteStream, bytes: Uint8Array): void {
  void stream.write(bytes);
  stream.closeWrite();
}

/** Lets nothing through from frame number `first` on. */
function swallow(link: SimulatedLink, lane: 'toCustomer' | 'toOperator', first: number): void {
  link[lane].intercept = (frame, index) => (index >= first ? [] : [frame]);
}

const SPOILED: Readonly<Record<string, (link: SimulatedLink, attempt: number) => void>> = {
  'R1 is swallowed': (link) => swallow(link, 'toOperator', 0),
  'R2 is swallowed': (link) => swallow(link, 'toCustomer', 0),
  'R3 is swallowed: the customer alone has new keys': (link) => swallow(link, 'toOperator', 1),
  "the operator's first record is swallowed: both have new keys, the customer doesn't know": (link) =>
    swallow(link, 'toCustomer', 1),
  'R3, then the first record, then R3 ...': (link, attempt) =>
    attempt % 2 === 1 ? swallow(link, 'toOperator', 1) : swallow(link, 'toCustomer', 1),
  'R2 is altered': (link) => {
    link.toCustomer.intercept = (frame) => [frame.with(200, frame[200] === 0 ? 1 : 0)];
  },
  'R3 is altered': (link) => {
    link.toOperator.intercept = (frame, index) => [index === 1 ? frame.with(5, 9) : frame];
  },
  "the operator's first record is altered": (link) => {
    link.toCustomer.intercept = (frame, index) => [index === 1 ? frame.with(40, 9) : frame];
  },
  'the version is altered': (link) => {
    link.toOperator.intercept = (frame) => [frame.with(2, 0)];
  },
  'each end hears itself': (link) => {
    link.toOperator.intercept = (frame) => {
      link.toCustomer.intercept = () => [frame];
      return [frame.with(0, 6)];
    };
  },
  'noise comes first, as much as an end takes': (link) => {
    link.toOperator.intercept = (frame) => [...new Array<Uint8Array>(100).fill(new Uint8Array(1283)), frame];
    link.toCustomer.intercept = (frame) => [
      ...new Array<Uint8Array>(100).fill(new Uint8Array(60_000)),
      frame,
    ];
  },
  'the line is cut after R1': (link) => link.toCustomer.cutAfterFrames(0),
  'the line is cut after R2': (link) => link.toOperator.cutAfterFrames(1),
  'the line is cut after R3': (link) => link.toCustomer.cutAfterFrames(1),
};

for (const [what, spoil] of Object.entries(SPOILED)) {
  for (const attempts of [1, 3]) {
    test(`${attempts} attempts are lost and nothing else: ${what}`, async (t) => {
      await survives(t, attempts, spoil);
    });
  }
}

test("the customer's first record is swallowed: the customer goes on, notices and comes again", async (t) => {
  await survives(t, 1, (link) => swallow(link, 'toOperator', 2), [1, 2]);
});

test('old messages of the same ends are of no use in a later attempt', async (t) => {
  const old: Record<'toCustomer' | 'toOperator', Uint8Array[]> = { toCustomer: [], toOperator: [] };
  let replayed = 0;
  await survives(t, 3, (link, attempt) => {
    for (const lane of ['toCustomer', 'toOperator'] as const) {
      link[lane].intercept = (frame, index) => {
        if (attempt > 1) {
          const instead = old[lane][index];
          if (instead) replayed++;
          return [instead ?? frame];
        }
        old[lane].push(frame);
        // The attempt that is recorded comes to nothing, so that its secret stays good.
        return lane === 'toOperator' && index > 0 ? [] : [frame];
      };
    }
  });
  t.true(replayed > 1);
});

test('a record of the connection before ends the session, as any that is not the next', async (t) => {
  const session = await resumable();
  const { relay, clock, link, operator, customer, open } = session;
  let recorded = new Uint8Array();
  link.toCustomer.intercept = (frame) => {
    recorded = Uint8Array.from(frame);
    return [frame];
  };
  const { near } = await open(CHAT);
  await near.write(Buffer.from('old'));
  await clock.advance(1_000);
  relay.onJoin = (joined) => {
    joined.toCustomer.intercept = (frame, index) => (index === 2 ? [recorded] : [frame]);
  };
  link.cut();
  await clock.advance(1_000);
  void near.write(Buffer.from('new'));
  await clock.advance(1_000);
  t.like(await customer.ended, { how: 'failed', error: { code: 'record-refused' } });
  await clock.advance(130_000);
  t.is((await operator.ended).how, 'interrupted');
  t.is(clock.pending, 0);
});

test('strangers who take every meeting keep the ends apart for 120 s, and learn a few random bytes', async (t) => {
  const { relay, clock, link, operator, customer } = await resumable();
  const seen: number[] = [];
  relay.onJoin = (joined) => {
    for (const lane of [joined.toCustomer, joined.toOperator]) {
      lane.intercept = (frame) => {
        seen.push(frame.length);
        return [];
      };
    }
  };
  link.cut();
  await clock.advance(119_000);
  t.false(operator.signal.aborted || customer.signal.aborted);
  await clock.advance(2_000);
  for (const end of [operator, customer]) t.is((await end.ended).how, 'interrupted');
  t.deepEqual([...new Set(seen)], [RESUME_SIZES.r1]);
  t.is(clock.pending, 0);
  t.is(relay.waiting, 0);
});

test('a relay that cuts each line as soon as it is there makes nobody hurry', async (t) => {
  const { relay, clock, link, operator, customer } = await resumable();
  const joined: SimulatedLink[] = [];
  relay.onJoin = (next) => joined.push(next);
  customer.onConnection(({ state }) => {
    if (state === 'connected' && joined.length < 500) void settled().then(() => joined.at(-1)?.cut());
  });
  link.cut();
  await clock.advance(60_000);
  t.true(joined.length > 10 && joined.length < 32, `${joined.length} lines in a minute`);
  relay.onJoin = undefined;
  await clock.advance(1_000);
  t.deepEqual([operator.signal.aborted, customer.signal.aborted], [false, false]);
});

test('an end that meets a stranger, or the end of another session, goes on to meet its own', async (t) => {
  const [ownRelay, otherRelay] = [new SimulatedRelay(), new SimulatedRelay()];
  const crossed = new SimulatedNetwork().connect();
  const once = (first: Transport, then: Redial): Redial => {
    let calls = 0;
    return (handle, signal) => (calls++ === 0 ? Promise.resolve(first) : then(handle, signal));
  };
  const one = await streams({
    relay: ownRelay,
    operator: { redial: once(crossed.operator, ownRelay.redial('operator')) },
  });
  const two = await streams({
    relay: otherRelay,
    operator: { random: new SeededRandom(21).bytes },
    customer: {
      random: new SeededRandom(22).bytes,
      redial: once(crossed.customer, otherRelay.redial('customer')),
    },
  });
  one.link.cut();
  two.link.cut();
  for (const { clock } of [one, two]) await clock.advance(60_000);
  for (const { operator, customer } of [one, two]) {
    t.deepEqual([operator.connection.state, customer.connection.state], ['connected', 'connected']);
  }
  t.is(crossed.toOperator.frames, 1, 'R1, and nothing after it');
  t.is(crossed.toCustomer.frames, 0);
});

test('after Stop in a drop the peer meets nobody who could resume, and hears of it where it can', async (t) => {
  const { relay, clock, link, operator, customer } = await resumable();
  relay.down = true;
  link.cut();
  await clock.advance(3_000);
  const stopped = customer.end('person');
  t.deepEqual(await stopped, { how: 'ended-here', reason: 'person' }, 'without any time passing');
  t.false(operator.signal.aborted);
  await clock.advance(10_000);
  relay.down = false;
  await clock.advance(110_000);
  t.is((await operator.ended).how, 'interrupted');
  t.is(clock.pending, 0);
});

test('the peer hears of a Stop in a drop when it comes within 5 s', async (t) => {
  for (const side of ['operator', 'customer'] as const) {
    const session = await resumable();
    const { relay, clock, link } = session;
    const [own, peer] =
      side === 'operator' ? (['operator', 'customer'] as const) : (['customer', 'operator'] as const);
    relay.down = true;
    link.cut();
    await clock.advance(1_000);
    t.is((await session[own].end('person')).how, 'ended-here');
    relay.down = false;
    await clock.advance(5_000);
    t.deepEqual(await session[peer].ended, { how: 'ended-by-peer', reason: 'person' });
    await clock.advance(2_000);
    t.is(clock.pending, 0);
    t.is(relay.waiting, 0);
  }
});
