import test from 'ava';
import type { ReceiptClosing } from '../src/contracts/receipt-notes.js';
import type { SessionChannel } from '../src/index.js';
import { connectedSessions, settled } from '../test-support/index.js';

const note = { what: 'over', text: { en: 'It is over.', it: 'È finito.' }, facts: {} };

/** A plugin that notes its end when it is told, after `wait`; what it was told. */
function following(end: SessionChannel, wait?: Promise<void>): readonly ReceiptClosing[] {
  const notes = end.receiptNotes('works');
  const heard: ReceiptClosing[] = [];
  notes.onClosing((closing) => {
    const isOver = heard.length > 0;
    heard.push(closing);
    if (closing === 'soon') return wait?.then(() => notes.add(note));
    if (!isOver || wait === undefined) notes.add(note);
    return undefined;
  });
  return heard;
}

function signedBy({ agreed }: SessionChannel): readonly (string | undefined)[] | undefined {
  return agreed.missing === undefined ? agreed.facts.done.map(({ what }) => what) : undefined;
}

test('what goes on is noted before the two ends sign, at both of them', async (t) => {
  const { operator, customer } = await connectedSessions();
  const [here, there] = [following(operator), following(customer)];
  await Promise.all([operator.end('person'), customer.ended]);
  t.deepEqual(here, ['soon', 'now']);
  t.is(there[0], 'now');
  for (const end of [operator, customer]) t.deepEqual(signedBy(end), ['over']);
});

test('the end that is said waits for what its plugins note, and allows nothing meanwhile', async (t) => {
  const { operator, customer } = await connectedSessions();
  const { promise, resolve } = Promise.withResolvers<void>();
  following(operator, promise);
  following(customer);
  operator.ownGrants.grant('show-screen');
  await settled();
  const ended = operator.end('person');
  t.false(operator.ownGrants.isGranted('show-screen'));
  await settled();
  t.false(customer.signal.aborted);
  resolve();
  await Promise.all([ended, customer.ended]);
  for (const end of [operator, customer]) t.deepEqual(signedBy(end), ['over']);
});

test('a plugin that is never done, or fails, keeps no session from ending', async (t) => {
  const { clock, operator, customer } = await connectedSessions();
  operator.receiptNotes('fails').onClosing(() => {
    throw new Error('a fault');
  });
  operator.receiptNotes('rejects').onClosing(() => Promise.reject(new Error('another')));
  const heard = following(operator, new Promise(() => {}));
  const ended = operator.end('person');
  await clock.advance(499);
  t.deepEqual(heard, ['soon']);
  await clock.advance(1);
  t.is((await ended).how, 'ended-here');
  t.is((await customer.ended).how, 'ended-by-peer');
  t.deepEqual(heard, ['soon', 'now']);
});

test('what a grant was for is known to be over at the other end too', async (t) => {
  const { clock, operator, customer } = await connectedSessions();
  customer.ownGrants.grant('record');
  customer.ownGrants.spend('record');
  customer.ownGrants.grant('view', { durationMs: 1_000 });
  await clock.advance(1_000);
  t.like(operator.peerGrants.get('record'), { state: 'expired', spent: true });
  t.is(operator.peerGrants.get('view').state, 'expired');
  t.is(operator.peerGrants.get('view').spent, undefined);
});
