import test from 'ava';
import { RunFixture } from './run-fixture.js';

test('the connection is lost: told as that, never as an end', async (t) => {
  const run = new RunFixture();
  await run.toPanel();
  run.cut();
  const view = await run.shows('ended');
  t.is(view.cause, 'interrupted');
  t.truthy(view.error);
  t.is(run.running, 'stopped');
});

test('the connection is lost and comes back: the panel says both, and the permissions stay', async (t) => {
  const run = new RunFixture({ resumes: true });
  await run.toPanel();
  run.relay.down = true;
  run.cut();
  const lost = await run.shows('panel');
  t.is(lost.reconnectingUntil, run.clock.wallTime() + 120_000);
  run.relay.down = false;
  await run.clock.advance(30_000);
  const back = await run.shows('panel');
  t.is(back.reconnectingUntil, undefined);
  t.true(back.switches.some(({ capability, on }) => capability === 'view' && on));
  t.is(run.running, 'running');
});

test('the connection doesn’t come back: over after 120 s, with a receipt', async (t) => {
  const run = new RunFixture({ resumes: true });
  await run.toPanel();
  run.relay.down = true;
  run.cut();
  await run.clock.advance(119_000);
  t.truthy((await run.shows('panel')).reconnectingUntil);
  await run.clock.advance(1_000);
  const view = await run.shows('ended');
  t.is(view.cause, 'interrupted');
  t.truthy(view.receipt.startedAt);
  t.is(run.running, 'stopped');
});

test('Stop while the connection is lost counts at once, and it isn’t sought any more', async (t) => {
  const run = new RunFixture({ resumes: true });
  await run.toPanel();
  run.relay.down = true;
  run.cut();
  await run.shows('panel');
  run.page.press({ type: 'stop' });
  t.is((await run.shows('ended')).cause, 'you-stopped');
  t.is(run.running, 'stopped');
  await run.clock.advance(10_000);
  t.deepEqual(await run.exit, { reason: 'ended' });
  run.relay.down = false;
  await run.clock.advance(110_000);
  t.like(await run.operator.ended, { how: 'interrupted' });
});
