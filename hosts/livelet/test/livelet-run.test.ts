import { LiveletError } from '@livelet/core';
import { settled } from '@livelet/core/test-support';
import test from 'ava';
import { RunFixture } from './run-fixture.js';

test('who is there: name, fingerprint, four words, and what is on at first', async (t) => {
  const run = new RunFixture();
  const view = await run.toWho();
  t.is(view.helper.name, 'Maria Rossi');
  t.regex(view.helper.fingerprint, /^([0-9a-f]{4} ){7}[0-9a-f]{4}$/);
  t.deepEqual(view.words, run.operator.sasWords);
  t.deepEqual(view.switches, [
    { capability: 'view', on: true },
    { capability: 'control', on: false },
    { capability: 'chat', on: true },
  ]);
  t.is(run.running, 'not yet', 'no plugin runs before Allow');
  t.deepEqual(
    run.operator.peerGrants.all().filter(({ state }) => state !== 'none'),
    [],
  );
});

test('Allow counts only after its time, and grants exactly what was chosen', async (t) => {
  const run = new RunFixture();
  await run.toWho();
  await run.clock.advance(4999);
  run.page.press({ type: 'allow', capabilities: ['view', 'control', 'chat'] });
  await settled();
  t.is(run.page.view.step, 'who', 'too soon');
  await run.clock.advance(1);
  run.page.press({ type: 'allow', capabilities: ['view'] });
  const panel = await run.shows('panel');
  t.deepEqual(
    panel.switches.filter(({ on }) => on).map(({ capability }) => capability),
    ['view'],
  );
  await settled();
  t.true(run.operator.peerGrants.isGranted('view'));
  t.false(run.operator.peerGrants.isGranted('control'));
  t.is(run.running, 'running');
});

test('what is allowed and held back is shown as such, from the first view on', async (t) => {
  const run = new RunFixture();
  run.heldBack.set('view', true);
  run.heldBack.set('control', true);
  await run.toPanel(['view', 'chat']);
  const switches = async () => (await run.shows('panel')).switches;
  const others = [
    { capability: 'control', on: false },
    { capability: 'chat', on: true },
  ] as const;
  t.deepEqual(await switches(), [{ capability: 'view', on: true, heldBack: true }, ...others]);
  run.heldBack.set('view', false);
  t.deepEqual(await switches(), [{ capability: 'view', on: true }, ...others]);
  run.heldBack.set('view', true);
  t.deepEqual(await switches(), [{ capability: 'view', on: true, heldBack: true }, ...others]);
});

test('Refuse tells the helper, and ends the program', async (t) => {
  const run = new RunFixture();
  await run.toWho();
  run.page.press({ type: 'refuse' });
  const view = await run.shows('ended');
  t.is(view.cause, 'you-refused');
  t.is(view.receipt.startedAt, undefined);
  t.deepEqual(view.receipt.granted, []);
  t.is(view.signed, '{"account":{}}');
  t.like(await run.operator.ended, { how: 'ended-by-peer', reason: 'refused' });
  run.page.press({ type: 'shown' });
  t.deepEqual(await run.exit, { reason: 'ended' });
  t.is(run.running, 'not yet');
});

test('an error leads back to the code, and another code can be typed', async (t) => {
  const failures = [new LiveletError('code-not-valid'), new LiveletError('relay-unreachable'), undefined];
  const run = new RunFixture({ failures });
  await run.shows('code');
  for (const error of ['code-not-valid', 'relay-unreachable'] as const) {
    run.page.press({ type: 'code', code: '482 917 056 183' });
    await settled();
    t.deepEqual(await run.shows('code'), { step: 'code', error });
  }
  run.page.press({ type: 'code', code: '482 917 056 183' });
  await run.shows('who');
  t.is(run.codes.length, 3);
});

test('a question: nothing is granted without an answer, and an answer in flight is none', async (t) => {
  const run = new RunFixture();
  await run.toPanel();
  await run.operator.ask('control');
  const { question } = await run.shows('panel');
  t.is(question?.capability, 'control');
  const id = question?.id ?? 0;
  await run.clock.advance(999);
  run.page.press({ type: 'answer', question: id, time: 'session' });
  await settled();
  t.false(run.operator.peerGrants.isGranted('control'), 'too soon');
  await run.clock.advance(60_000);
  t.false(run.operator.peerGrants.isGranted('control'), 'no answer is no');
  run.page.press({ type: 'answer', question: id + 1, time: 'session' });
  await settled();
  t.false(run.operator.peerGrants.isGranted('control'), 'an answer to another question');
  run.page.press({ type: 'answer', question: id, time: 'session' });
  await settled();
  t.true(run.operator.peerGrants.isGranted('control'));
  t.is((await run.shows('panel')).question, undefined);
});

test('what the helper asked while the customer still read is a question of the panel', async (t) => {
  const run = new RunFixture();
  await run.toWho();
  await run.operator.ask('view');
  await run.operator.ask('control');
  await run.clock.advance(5000);
  run.page.press({ type: 'allow', capabilities: ['view'] });
  const { question, switches } = await run.shows('panel');
  t.is(question?.capability, 'control');
  t.true(switches.find(({ capability }) => capability === 'view')?.on);
  run.page.press({ type: 'answer', question: question?.id ?? 0, time: 'session' });
  await settled();
  t.false(run.operator.peerGrants.isGranted('control'), 'it has only now come into view');
});

for (const [time, duration] of [
  ['once', 60_000],
  ['ten-minutes', 600_000],
] as const) {
  test(`a permission for a time (${time}) ends by itself`, async (t) => {
    const run = new RunFixture();
    await run.toPanel();
    await run.operator.ask('control');
    const { question } = await run.shows('panel');
    await run.clock.advance(1000);
    run.page.press({ type: 'answer', question: question?.id ?? 0, time });
    await settled();
    const shown = (await run.shows('panel')).switches.find(({ capability }) => capability === 'control');
    t.deepEqual(shown, { capability: 'control', on: true, until: run.clock.wallTime() + duration });
    await run.clock.advance(duration - 1);
    t.true(run.operator.peerGrants.isGranted('control'));
    await run.clock.advance(1);
    t.is(run.operator.peerGrants.get('control').state, 'expired');
    run.page.press({ type: 'stop' });
    const { receipt } = await run.shows('ended');
    t.deepEqual(
      receipt.lines.filter(({ capability }) => capability === 'control').map(({ what }) => what),
      ['asked', 'granted', 'expired'],
    );
    t.deepEqual(receipt.granted.find(({ capability }) => capability === 'control')?.totalMs, duration);
  });
}

test('No refuses, and can be asked again after a pause', async (t) => {
  const run = new RunFixture();
  await run.toPanel();
  await run.operator.ask('control');
  const { question } = await run.shows('panel');
  run.page.press({ type: 'answer', question: question?.id ?? 0, time: 'no' });
  await settled();
  t.is(run.operator.peerGrants.get('control').state, 'denied');
  await t.throwsAsync(run.operator.ask('control'), { code: 'request-too-soon' });
  await run.clock.advance(10_000);
  await run.operator.ask('control');
  t.not((await run.shows('panel')).question?.id, question?.id);
});

test('questions come one at a time, and each gets its own moment', async (t) => {
  const run = new RunFixture();
  await run.toPanel([]);
  await run.operator.ask('view');
  await run.operator.ask('control');
  const first = (await run.shows('panel')).question;
  t.is(first?.capability, 'view');
  await run.clock.advance(1000);
  run.page.press({ type: 'answer', question: first?.id ?? 0, time: 'session' });
  await settled();
  const second = (await run.shows('panel')).question;
  t.is(second?.capability, 'control');
  run.page.press({ type: 'answer', question: second?.id ?? 0, time: 'session' });
  await settled();
  t.false(run.operator.peerGrants.isGranted('control'), 'the double click was for the first');
});

test('the switches of the panel give and take back', async (t) => {
  const run = new RunFixture();
  await run.toPanel();
  run.page.press({ type: 'switch', capability: 'control', on: true });
  await settled();
  t.true(run.operator.peerGrants.isGranted('control'));
  run.page.press({ type: 'switch', capability: 'view', on: false });
  await settled();
  t.is(run.operator.peerGrants.get('view').state, 'revoked');
  run.page.press({ type: 'switch', capability: 'camera', on: true });
  await settled();
  t.false(run.operator.peerGrants.isGranted('camera'), 'nothing here serves a camera');
});

test('Stop: END at once, plugins stopped, receipt, exit', async (t) => {
  const run = new RunFixture();
  await run.toPanel();
  await run.clock.advance(252_000);
  run.page.press({ type: 'stop' });
  const view = await run.shows('ended');
  t.is(view.cause, 'you-stopped');
  t.is(run.running, 'stopped');
  t.like(await run.operator.ended, { how: 'ended-by-peer', reason: 'person' });
  t.deepEqual(
    view.receipt.granted.map(({ capability, totalMs }) => [capability, totalMs]),
    [
      ['view', 252_000],
      ['chat', 252_000],
    ],
  );
  t.is(view.receipt.startedAt, run.operator.startedAt);
  t.is(
    view.receipt.endedAt - (view.receipt.startedAt ?? 0),
    257_000,
    'from the connection on, as the helper’s',
  );
  run.page.press({ type: 'shown' });
  t.deepEqual(await run.exit, { reason: 'ended' });
});

test('the helper ends', async (t) => {
  const run = new RunFixture();
  await run.toPanel();
  await run.operator.end('person');
  const view = await run.shows('ended');
  t.is(view.cause, 'helper-ended');
  t.is(view.error, undefined);
  t.is(run.running, 'stopped');
});

test('no plugin starts: no session goes on, and both are told', async (t) => {
  const run = new RunFixture({ brokenPlugins: true });
  await run.toWho();
  await run.clock.advance(5000);
  run.page.press({ type: 'allow', capabilities: ['view'] });
  t.is((await run.shows('ended')).cause, 'failed');
  t.like(await run.operator.ended, { how: 'ended-by-peer', reason: 'failure' });
  t.false(run.operator.peerGrants.isGranted('view'));
});

test('the helper goes while the customer still reads', async (t) => {
  const run = new RunFixture();
  await run.toWho();
  await run.operator.end('person');
  t.is((await run.shows('ended')).cause, 'helper-ended');
  t.is(run.running, 'not yet');
});

for (const reason of ['closed', 'silent', 'hidden', 'browser-ended'] as const) {
  test(`the panel is ${reason}: the session ends and the helper is told why`, async (t) => {
    const run = new RunFixture();
    await run.toPanel();
    // Of the 3 s that are promised, some are for saying END.
    t.is(run.page.watchLimit, 2_500);
    run.page.goAway(reason);
    t.like(await run.operator.ended, { how: 'ended-by-peer', reason: 'window-gone' });
    await run.clock.advance(1000);
    t.is((await run.exit).reason, 'ended');
    t.is(run.running, 'stopped');
  });
}

test('plugins that never stop don’t keep a program that was told to', async (t) => {
  const run = new RunFixture({ stuckPlugins: true });
  await run.toPanel();
  run.page.press({ type: 'stop' });
  t.like(await run.operator.ended, { how: 'ended-by-peer', reason: 'person' });
  run.shutdown.abort();
  await run.exit;
  t.is(run.running, 'running');
});

test('a window of our own that was gone doesn’t wait with a receipt', async (t) => {
  const run = new RunFixture({ own: true });
  await run.toPanel();
  run.page.goAway('silent');
  t.is((await run.exit).reason, 'ended');
});

test('a page that is closed before anyone is connected ends the program; a reload doesn’t', async (t) => {
  const run = new RunFixture();
  await run.shows('code');
  run.page.unload();
  await run.clock.advance(2000);
  run.page.load();
  await run.clock.advance(10_000);
  await run.shows('code');
  run.page.unload();
  await run.clock.advance(3000);
  t.deepEqual(await run.exit, { reason: 'closed' });
});

test('a page that is closed at the question who is there ends the session', async (t) => {
  const run = new RunFixture();
  await run.toWho();
  run.page.unload();
  await run.clock.advance(3000);
  t.like(await run.operator.ended, { how: 'ended-by-peer', reason: 'window-gone' });
  t.is((await run.exit).reason, 'ended');
});

test('the display goes: during the session and before it', async (t) => {
  const run = new RunFixture();
  await run.toPanel();
  run.displayLost.abort();
  t.is((await run.shows('ended')).cause, 'display-lost');
  t.like(await run.operator.ended, { how: 'ended-by-peer', reason: 'display-lost' });

  const early = new RunFixture();
  await early.shows('code');
  early.displayLost.abort(new LiveletError('display-lost'));
  t.is((await early.shows('unusable')).error, 'display-lost');
  early.page.press({ type: 'shown' });
  t.is((await early.exit).reason, 'unusable');
});

test('shutting down says so to the helper and waits for nobody', async (t) => {
  const run = new RunFixture();
  await run.toPanel();
  run.shutdown.abort();
  t.like(await run.operator.ended, { how: 'ended-by-peer', reason: 'shutdown' });
  t.is((await run.exit).reason, 'ended');
});

test('in a window of our own the receipt waits for a click, but not for ever', async (t) => {
  const clicked = new RunFixture({ own: true });
  await clicked.toPanel();
  clicked.page.press({ type: 'stop' });
  t.is((await clicked.shows('ended')).closesIn, 60);
  clicked.page.press({ type: 'close' });
  t.is((await clicked.exit).reason, 'ended');

  const waited = new RunFixture({ own: true });
  await waited.toPanel();
  waited.page.press({ type: 'stop' });
  await waited.shows('ended');
  await waited.clock.advance(60_000);
  t.is((await waited.exit).reason, 'ended');
});

test('while the person reports a problem the end stays, for a quarter of an hour at most', async (t) => {
  for (const [opened, left] of [
    ['before', 'closed'],
    ['after', 'left open'],
  ]) {
    const run = new RunFixture({ own: true });
    await run.toPanel();
    if (opened === 'before') run.page.press({ type: 'reading', reading: true });
    run.page.press({ type: 'stop' });
    await run.shows('ended');
    if (opened === 'after') run.page.press({ type: 'reading', reading: true });
    await run.clock.advance(14 * 60_000);
    t.is(run.page.view.step, 'ended');
    t.is(await Promise.race([run.exit, settled().then(() => 'there')]), 'there');
    if (left === 'closed') run.page.press({ type: 'reading', reading: false });
    await run.clock.advance(60_000);
    t.is((await run.exit).reason, 'ended');
  }
});

test('what isn’t a message of the page changes nothing', async (t) => {
  const run = new RunFixture();
  await run.toWho();
  await run.clock.advance(5000);
  for (const json of [
    null,
    'allow',
    { type: 'allow' },
    { type: 'allow', capabilities: ['everything'] },
    { type: 'answer', question: '1', time: 'session' },
    { type: 'code', code: '1'.repeat(65) },
    { type: 'switch', capability: 'view', on: 'yes' },
  ]) {
    run.page.send(json);
  }
  await settled();
  t.is(run.page.view.step, 'who');
});
