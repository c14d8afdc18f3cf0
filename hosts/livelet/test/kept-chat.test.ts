import test from 'ava';
import { RunFixture } from './run-fixture.js';

test('a kept chat is handed in before the receipt, which says what arrived', async (t) => {
  const run = new RunFixture();
  await run.toPanel();
  const arrived = Promise.withResolvers<void>();
  run.chats.waitsFor = 'relay.example';
  run.chats.finish = () => arrived.promise;
  run.page.press({ type: 'stop' });
  const view = await run.shows('keeping');
  t.like(view, { cause: 'you-stopped', by: 'relay.example', seconds: 5 });
  t.is(run.running, 'stopped', 'nothing of the session goes on meanwhile');
  t.like(await run.operator.ended, { how: 'ended-by-peer', reason: 'person' });
  run.chats.handedIn = { by: 'relay.example', whole: true };
  arrived.resolve();
  const { receipt } = await run.shows('ended');
  t.deepEqual(receipt.chat, { by: 'relay.example', whole: true });
});

for (const why of [
  'the time is up',
  'the person closes',
  'the page goes',
  'the program is stopped',
] as const) {
  test(`a chat that hasn't arrived when ${why} is lost, and the program ends`, async (t) => {
    const run = new RunFixture();
    await run.toPanel();
    run.chats.waitsFor = 'relay.example';
    run.chats.handedIn = { by: 'relay.example', whole: false };
    run.chats.finish = (given) => new Promise((resolve) => given.addEventListener('abort', () => resolve()));
    run.page.press({ type: 'stop' });
    await run.shows('keeping');
    if (why === 'the time is up') await run.clock.advance(5000);
    if (why === 'the person closes') run.page.press({ type: 'close' });
    if (why === 'the program is stopped') run.shutdown.abort();
    if (why === 'the page goes') {
      run.page.unload();
      await run.clock.advance(2500);
    } else {
      const { receipt } = await run.shows('ended');
      t.deepEqual(receipt.chat, { by: 'relay.example', whole: false });
      run.page.press({ type: 'shown' });
    }
    t.deepEqual(await run.exit, { reason: 'ended' });
  });
}

test('when the panel was out of sight nothing waits for the chat', async (t) => {
  const run = new RunFixture();
  await run.toPanel();
  run.chats.waitsFor = 'relay.example';
  let given: AbortSignal | undefined;
  run.chats.finish = async (signal) => {
    given = signal;
  };
  run.page.goAway('hidden');
  await run.shows('ended');
  t.true(given?.aborted);
});
