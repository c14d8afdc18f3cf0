import { readFile } from 'node:fs/promises';
import type { Side } from '@livelet/core';
import { SimulatedRelay, settled } from '@livelet/core/test-support';
import test from 'ava';
import { type HostedRecording, notes } from './hosted-recording.js';
import { started } from './staged-recording.js';

/** What both ends signed of it, by its names; undefined: only one did. */
function signed({ pair }: HostedRecording, side: Side): readonly string[] | undefined {
  const { agreed } = pair[side];
  if (agreed.missing !== undefined) return undefined;
  return agreed.facts.done
    .map(({ what = '', facts }) => (facts.seconds === undefined ? what : `${what} ${facts.seconds}`))
    .toSorted();
}

for (const [side, ended] of [
  ['operator', 'recording-ended 4'],
  // Nothing waits for the operator's end to tell its number: what is allowed is over at once.
  ['customer', 'recording-ended'],
] as const) {
  test.serial(`the session’s end by the ${side} ends the recording first: both sign the same`, async (t) => {
    const { hosted, menu, frame } = await started(t);
    const { operator, customer } = hosted.pair;
    await frame();
    const { path = '' } = await menu.until((state) => state.path !== undefined);
    await hosted.clock.advance(4_000);
    await hosted.pair[side].end('person');
    await Promise.all([operator.ended, customer.ended]);
    await hosted.stop();
    t.true((await readFile(path)).includes(Buffer.from('1c53bb6b', 'hex')));
    for (const end of ['operator', 'customer'] as const) {
      t.deepEqual(notes(hosted.pair[end]), ['recording-began', ended]);
      t.deepEqual(signed(hosted, end), ['recording-began', ended]);
    }
  });
}

test.serial(
  'where the customer’s end says nothing any more, the session’s end doesn’t wait for it',
  async (t) => {
    const { hosted, frame } = await started(t);
    await frame();
    hosted.pair.link.toOperator.stall();
    const end = hosted.pair.operator.end('person');
    await hosted.clock.advance(4_000);
    t.is((await end).how, 'ended-here');
    t.deepEqual(notes(hosted.pair.operator), ['recording-began', 'recording-ended']);
    t.is(hosted.pair.operator.agreed.missing, 'unanswered');
  },
);

test.serial('a line that is lost for good leaves a recording’s end that one end signed', async (t) => {
  const { hosted, frame } = await started(t);
  await frame();
  hosted.pair.link.cut();
  await Promise.all([hosted.pair.operator.ended, hosted.pair.customer.ended]);
  for (const end of [hosted.pair.operator, hosted.pair.customer]) {
    t.deepEqual(notes(end), ['recording-began', 'recording-ended']);
    t.is(end.agreed.missing, 'lost');
  }
});

test.serial(
  'stopped while the line is lost, it is over for both once they see each other again',
  async (t) => {
    const relay = new SimulatedRelay();
    const { hosted, menu, panel, frame } = await started(t, { relay });
    await frame();
    await hosted.clock.advance(3_000);
    relay.down = true;
    hosted.pair.link.cut();
    await menu.until(({ phase }) => phase === 'waiting');
    menu.say({ type: 'stop' });
    t.is((await menu.until(({ last }) => last !== undefined)).grant, 'expired', 'it was for one recording');
    menu.say({ type: 'start', sound: false });
    await hosted.clock.advance(40_000);
    relay.down = false;
    await hosted.clock.advance(20_000);
    await panel.until(({ state }) => state === 'off');
    t.is(hosted.pair.customer.ownGrants.get('record').state, 'expired');
    await settled();
    for (const end of [hosted.pair.operator, hosted.pair.customer]) {
      t.deepEqual(notes(end), ['recording-began', 'recording-ended 3']);
    }
  },
);

test.serial('whichever of Stop and the customer’s no comes first, both ends tell it alike', async (t) => {
  const { hosted, menu, picture } = await started(t);
  const { operator, customer } = hosted.pair;
  const turns = 60;
  for (let turn = 0; turn < turns; turn += 1) {
    // From one step of the messages' way to the next.
    menu.say({ type: 'stop' });
    for (let step = 0; step < turn; step += 1) await Promise.resolve();
    hosted.revoke();
    await menu.until(({ phase, grant }) => phase === 'idle' && grant !== 'granted');
    hosted.grant();
    await menu.until(({ grant }) => grant === 'granted');
    // More changes than a person makes are refused.
    await hosted.clock.advance(10_000);
    const runs = picture.heard.filter(({ type }) => type === 'run').length;
    menu.say({ type: 'start', sound: false });
    await picture.until(() => picture.heard.filter(({ type }) => type === 'run').length > runs);
  }
  await operator.end('person');
  await customer.ended;
  const told = notes(operator);
  t.deepEqual(notes(customer), told);
  t.is(told.length, 2 * (turns + 1));
  t.true(told.includes('recording-ended') && told.includes('recording-ended 0'), 'both came first once');
  t.is(signed(hosted, 'operator')?.length, told.length);
});
