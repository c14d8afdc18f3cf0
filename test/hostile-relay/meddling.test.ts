import test from 'ava';
import { HostileRelay } from './hostile-relay.js';
import { MEDDLINGS, meddleWith, passOn, swap } from './meddle.js';
import { attempt } from './talk.js';
import { assertNoHarm, assertNoticed, finish, outcome } from './verdict.js';

/** Frames 0 and 1 are the handshake's, 2 the identity, 3 the hello, then the session. */
const FRAMES = [0, 1, 2, 3, 4, 5, 9, 30];

test('through a relay that passes everything on, two ends talk to the end', async (t) => {
  await using relay = await HostileRelay.start();
  const talk = await attempt(relay, { lines: 200 });
  passOn(talk.operator, talk.customer);
  const [operator, customer] = await talk.ends;
  t.deepEqual([outcome(operator), outcome(customer)], ['ended-by-peer', 'ended-here']);
  t.is(operator.heard, customer.said);
  t.is(customer.heard, operator.said);
  t.is(operator.said.split('\n').length, 201);
  t.true(
    talk.customer.frames.length > 30 && talk.operator.frames.length > 30,
    'every frame of FRAMES exists',
  );
});

for (const victim of ['operator', 'customer'] as const) {
  for (const [name, meddling] of Object.entries(MEDDLINGS)) {
    test.serial(`${name}: a frame of the ${victim}`, async (t) => {
      await using relay = await HostileRelay.start();
      for (const at of FRAMES) {
        if (name === 'send the first one again' && at === 0) continue;
        const talk = await attempt(relay);
        const sender = talk[victim];
        const receiver = victim === 'operator' ? talk.customer : talk.operator;
        const meddled = new Promise<void>((resolve) => {
          meddleWith(sender, receiver, at, (...frame) => {
            meddling(...frame);
            resolve();
          });
        });
        meddleWith(receiver, sender, -1, meddling);
        // Before there is a session each waits for the other, and only time tells that a frame is missing.
        const ends = await finish(talk, name === 'drop' && at <= 3 ? meddled : undefined);
        t.true(sender.frames.length > at, `frame ${at} was never sent`);
        assertNoHarm(t, talk, ends);
        assertNoticed(t, ends);
      }
    });
  }

  test.serial(`swap two frames of the ${victim}`, async (t) => {
    await using relay = await HostileRelay.start();
    // Identity and hello, then the talk: elsewhere nobody sends two frames without an answer between them.
    for (const at of [2, 9, 30]) {
      const talk = await attempt(relay);
      const sender = talk[victim];
      const receiver = victim === 'operator' ? talk.customer : talk.operator;
      swap(sender, receiver, at);
      meddleWith(receiver, sender, -1, () => {});
      const ends = await finish(talk);
      assertNoHarm(t, talk, ends);
      assertNoticed(t, ends);
    }
  });

  test.serial(`a silent relay is noticed by the ${victim} in time`, async (t) => {
    await using relay = await HostileRelay.start();
    const talk = await attempt(relay);
    const silent = [talk.operator, talk.customer].map(
      (sender, index, both) =>
        new Promise<void>((resolve) => {
          sender.onFrame((frame, number) => {
            if (number < 20) both[1 - index]?.send(frame);
            else resolve();
          });
        }),
    );
    const ends = await finish(talk, Promise.all(silent).then());
    assertNoHarm(t, talk, ends);
    t.is(outcome(ends[victim === 'operator' ? 0 : 1]), 'peer-silent');
  });

  test.serial(`a goodbye that the ${victim} never said is no end`, async (t) => {
    await using relay = await HostileRelay.start();
    for (const at of FRAMES) {
      const talk = await attempt(relay);
      const liedTo = talk[victim];
      const other = victim === 'operator' ? talk.customer : talk.operator;
      meddleWith(other, liedTo, at, () => liedTo.close());
      meddleWith(liedTo, other, -1, () => {});
      assertNoHarm(t, talk, await talk.ends);
    }
  });
}
