import test from 'ava';
import type { Remote } from '../src/channel/streams.js';
import { digestOf } from '../src/consent/agreed-facts.js';
import { Countersigning, type CountersigningService, receiptPerson } from '../src/consent/countersigning.js';
import type { ReceiptEntry } from '../src/consent/receipt.js';
import { signStatement } from '../src/consent/receipt-statement.js';
import { checkReceipt, KeptReceipt, receiptGaps, type Side } from '../src/index.js';
import { ManualClock, SimulatedNetwork, SimulatedRelay, settled } from '../test-support/index.js';
import { anna, maria, mariaAndAnna, signed } from './receipt-fixture.js';

const PEOPLE = {
  operator: receiptPerson('Maria', maria.publicKey),
  customer: receiptPerson('Anna', anna.publicKey),
};
const SESSION = '0123456789abcdef0123456789abcdef';

interface Call {
  readonly method: keyof CountersigningService;
  readonly parameter: Parameters<CountersigningService[keyof CountersigningService]>[0];
}

/** One end whose calls wait to be delivered, or are answered by a test in the other's place. */
class End {
  readonly calls: Call[] = [];
  readonly entries: ReceiptEntry[] = [];
  /** How often the peer announced its end. */
  peerEnds = 0;
  readonly signing: Countersigning;

  constructor(side: Side) {
    const call =
      (method: Call['method']) =>
      async (parameter: Call['parameter']): Promise<void> =>
        void this.calls.push({ method, parameter });
    this.signing = new Countersigning({
      side,
      session: SESSION,
      identity: side === 'operator' ? maria : anna,
      people: PEOPLE,
      sasWords: ['one', 'two', 'three', 'four'],
      entries: () => this.entries,
      told: () => ({ startedAt: 1, endedAt: 2, bytesSent: 3, bytesReceived: 4 }),
      remote: { settle: call('settle'), statement: call('statement') } as Remote<CountersigningService>,
      flush: () => {},
      peerEnds: () => void this.peerEnds++,
    });
  }

  receive(method: string, parameter: unknown): void {
    this.signing.service[method]?.(parameter, new AbortController().signal);
  }

  /** Delivers what waits. */
  deliver(to: End): void {
    for (const { method, parameter } of this.calls.splice(0)) to.receive(method, structuredClone(parameter));
  }

  granted(capability: 'view' | 'control', whose: 'own' | 'peer'): void {
    this.entries.push({ at: 1, kind: 'granted', capability, whose });
  }

  noted(name: string, direction: 'in' | 'out'): void {
    const text = { en: '', it: '' };
    this.entries.push({
      at: 1,
      kind: 'noted',
      plugin: 'files',
      what: 'file',
      text,
      facts: { name, direction },
    });
  }
}

function pair(): { readonly operator: End; readonly customer: End } {
  return { operator: new End('operator'), customer: new End('customer') };
}

async function exchanged({ operator, customer }: ReturnType<typeof pair>): Promise<void> {
  const settling = operator.signing.settle('person');
  operator.deliver(customer);
  customer.deliver(operator);
  operator.deliver(customer);
  await settling;
}

test('both ends sign what both tell', async (t) => {
  const ends = pair();
  ends.customer.granted('view', 'own');
  ends.operator.granted('view', 'peer');
  await exchanged(ends);
  const [left, right] = [ends.operator.signing.result(false), ends.customer.signing.result(false)];
  t.deepEqual(left, right);
  t.is(left.missing, undefined);
  t.is(left.operator?.reason, 'person');
  t.is(left.customer?.reason, undefined);
});

test('of what was done only that counts which both noted, each as often as both did', async (t) => {
  const ends = pair();
  for (const name of ['a', 'b', 'a', 'late']) ends.operator.noted(name, 'out');
  for (const name of ['b', 'a', 'a', 'a', 'own']) ends.customer.noted(name, 'in');
  await exchanged(ends);
  const { facts, missing } = ends.customer.signing.result(false);
  t.is(missing, undefined);
  t.deepEqual(
    facts.done.map(({ from, facts: { name } }) => `${from} ${String(name)}`),
    ['operator a', 'operator a', 'operator b'],
  );
  t.deepEqual(facts, ends.operator.signing.result(false).facts);
});

test('more notes than are asked about are signed by both where all of them are the same, in whatever order', async (t) => {
  const names = Array.from({ length: 1_200 }, (_, n) => `${n}`);
  const ends = pair();
  for (const name of names) ends.operator.noted(name, 'out');
  for (const name of names.toReversed()) ends.customer.noted(name, 'in');
  await exchanged(ends);
  ends.operator.noted('late', 'out');
  const agreed = ends.operator.signing.result(false);
  t.deepEqual(agreed, ends.customer.signing.result(false));
  t.is(agreed.missing, undefined);
  t.is(agreed.facts.all?.count, 1_200);
  t.is(receiptGaps(ends.operator.entries, agreed, 0).unsigned, 1);
  t.is(receiptGaps(ends.customer.entries, agreed, 0).unsigned, 0);
});

test('where one of more notes differs, those count that were asked about', async (t) => {
  const ends = pair();
  for (let n = 0; n < 600; n++) {
    ends.operator.noted(`${n}`, 'out');
    ends.customer.noted(n === 550 ? 'other' : `${n}`, 'in');
  }
  await exchanged(ends);
  const agreed = ends.operator.signing.result(false);
  t.deepEqual(agreed, ends.customer.signing.result(false));
  t.is(agreed.missing, undefined);
  t.is(agreed.facts.all, undefined);
  t.is(agreed.facts.done.length, 500);
  t.is(receiptGaps(ends.operator.entries, agreed, 0).unsigned, 100);
});

test('an end that tells other decisions signs those, and nobody signs the other’s', async (t) => {
  const ends = pair();
  ends.operator.granted('control', 'peer');
  await exchanged(ends);
  const [left, right] = [ends.operator.signing.result(false), ends.customer.signing.result(false)];
  t.is(left.missing, 'differs');
  t.is(right.missing, 'differs');
  t.is(left.customer?.facts, digestOf(right.facts));
  t.is(right.operator?.facts, digestOf(left.facts));
  t.not(left.customer?.facts, digestOf(left.facts));
});

test('both ends may end it at the same moment', async (t) => {
  const { operator, customer } = pair();
  const settling = [operator.signing.settle('person'), customer.signing.settle('window-gone')];
  const [fromOperator, fromCustomer] = [operator.calls.splice(0), customer.calls.splice(0)];
  for (const { method, parameter } of fromOperator) customer.receive(method, parameter);
  for (const { method, parameter } of fromCustomer) operator.receive(method, parameter);
  operator.deliver(customer);
  customer.deliver(operator);
  await Promise.all(settling);
  t.is(operator.signing.result(false).missing, undefined);
  t.deepEqual(operator.signing.result(false), customer.signing.result(false));
});

test('what is no statement, or not the peer’s, counts as none and is never asked for again', async (t) => {
  const good = signStatement(
    { side: 'customer', session: SESSION },
    digestOf(pair().operator.signing.result(false).facts),
    { startedAt: 1, endedAt: 2, bytesSent: 3, bytesReceived: 4 },
    anna,
  );
  const long = Array.from({ length: 501 }, () => good.facts);
  const wrong: readonly unknown[] = [
    undefined,
    null,
    7,
    { done: [] },
    { done: 'x', statement: good },
    { done: long, statement: good },
    { done: ['x'], statement: good },
    { done: [7], statement: good },
    { done: [], all: 'x', statement: good },
    { done: [], all: 7, statement: good },
    { done: [], statement: { ...good, signature: 'x'.repeat(1_000_000) } },
    { done: [], statement: { ...good, startedAt: -1 } },
    { done: [], statement: { ...good, startedAt: 1.5 } },
    { done: [], statement: { ...good, reason: 'because' } },
    { done: [], statement: { ...good, endedAt: 5 } },
    { done: [], statement: { ...good, signature: good.signature.replace(/^./, 'B') } },
    { done: [], statement: signStatement({ side: 'operator', session: SESSION }, good.facts, good, maria) },
    { done: [], statement: signStatement({ side: 'customer', session: 'other' }, good.facts, good, anna) },
    { done: [], statement: signStatement({ side: 'customer', session: SESSION }, good.facts, good, maria) },
  ];
  for (const parameter of wrong) {
    const { operator } = pair();
    const settling = operator.signing.settle('person');
    t.throws(() => operator.receive('statement', parameter), { code: 'message-malformed' });
    operator.receive('statement', { done: [], statement: good });
    await settling;
    const { missing, customer } = operator.signing.result(false);
    t.is(missing, 'invalid', JSON.stringify(parameter)?.slice(0, 80));
    t.is(customer, undefined);
  }
  const { operator } = pair();
  operator.receive('statement', { done: [], statement: good });
  t.is(operator.signing.result(false).missing, undefined);
});

test('a peer that asks again and again gets one signature', (t) => {
  const { operator } = pair();
  for (let time = 0; time < 3; time++) operator.receive('settle', { done: [] });
  for (const done of ['x', Array.from({ length: 501 }, () => 'x'), ['y']]) {
    t.throws(() => operator.receive('settle', { done }), { code: 'message-malformed' });
  }
  t.is(operator.calls.length, 1);
  t.is(operator.peerEnds, 1);
});

test('who has announced its end and goes on is allowed nothing more, and the session ends', async (t) => {
  const clock = new ManualClock();
  const link = new SimulatedNetwork().connect();
  const { operator, customer } = await mariaAndAnna({ clock, link });
  customer.ownGrants.grant('view');
  await settled();
  link.toCustomer.stall();
  void operator.end('person');
  // A stream for its calls, and the first of them; what it says after those arrives nowhere.
  for (let frame = 0; frame < 2; frame++) {
    await settled();
    link.toCustomer.pass();
  }
  await settled();
  t.false(customer.signal.aborted);
  t.true(customer.ownGrants.isGranted('view'));
  customer.ownGrants.grant('control');
  t.false(customer.ownGrants.isGranted('control'));
  customer.ownGrants.revoke('view');
  t.false(customer.ownGrants.isGranted('view'));
  await clock.advance(7_000);
  t.true(customer.signal.aborted);
  await customer.ended;
  const { facts, missing } = customer.agreed;
  t.deepEqual(facts.decisions.customer, ['view granted']);
  t.not(missing, undefined);
  t.true(checkReceipt(JSON.stringify(signed(customer))).intact);
});

test('what an end claims to have noted too, and the other doesn’t know, is not signed with it', async (t) => {
  const { operator } = pair();
  const settling = operator.signing.settle('person');
  const { facts } = pair().operator.signing.result(true);
  const claimed = { ...facts, done: [{ plugin: 'files', facts: { name: 'never' } }] };
  const statement = signStatement(
    { side: 'customer', session: SESSION },
    digestOf(claimed),
    { startedAt: 1, endedAt: 2, bytesSent: 3, bytesReceived: 4 },
    anna,
  );
  operator.receive('statement', { done: claimed.done.map(digestOf), statement });
  await settling;
  t.is(operator.signing.result(false).missing, 'differs');
});

for (const side of ['operator', 'customer'] as const) {
  test(`at the end of a session by the ${side} both receipts have both signatures`, async (t) => {
    const sessions = await mariaAndAnna();
    sessions.customer.ownGrants.grant('view');
    sessions.customer.ownGrants.revoke('view');
    sessions.customer.ownGrants.grant('view');
    void sessions[side].end('person');
    await Promise.all([sessions.operator.ended, sessions.customer.ended]);
    for (const channel of [sessions.operator, sessions.customer]) {
      const { agreed, intact, unconfirmed } = checkReceipt(JSON.stringify(signed(channel)));
      t.is(agreed, 'both', channel.side);
      t.true(intact);
      t.deepEqual(unconfirmed, []);
    }
    t.is(sessions.operator.agreed[side]?.reason, 'person');
    await settled();
    t.is(sessions.clock.pending, 0);
  });
}

test('a session that was refused has a receipt of both', async (t) => {
  const { operator, customer } = await mariaAndAnna();
  await customer.end('refused');
  await operator.ended;
  t.is(operator.agreed.missing, undefined);
  t.deepEqual(customer.agreed, operator.agreed);
  t.is(operator.agreed.customer?.reason, 'refused');
  t.deepEqual(operator.agreed.facts.decisions, { operator: [], customer: [] });
});

test('a peer that doesn’t answer holds the end up for no more than the second it had', async (t) => {
  const clock = new ManualClock();
  const link = new SimulatedNetwork().connect();
  const { operator } = await mariaAndAnna({ clock, link });
  await settled();
  link.toOperator.stall();
  const ended = operator.end('person');
  t.deepEqual(
    operator.ownGrants.all().filter(({ state }) => state === 'granted'),
    [],
  );
  await clock.advance(2_000);
  t.is((await ended).how, 'ended-here');
  t.is(operator.agreed.missing, 'unanswered');
  t.is(checkReceipt(JSON.stringify(signed(operator))).agreed, 'one');
  t.is(clock.pending, 0);
});

test('a session whose connection was lost has one signature, and says why', async (t) => {
  const { operator, customer, link } = await mariaAndAnna();
  link.cut();
  await Promise.all([operator.ended, customer.ended]);
  t.is(operator.agreed.missing, 'lost');
  t.is(customer.agreed.missing, 'lost');
  t.true(checkReceipt(JSON.stringify(signed(customer))).intact);
});

test('an end while the connection is sought waits for nobody', async (t) => {
  const clock = new ManualClock();
  const relay = new SimulatedRelay();
  const { operator, link } = await mariaAndAnna({ clock, relay });
  relay.down = true;
  link.cut();
  await settled();
  t.is(operator.connection.state, 'reconnecting');
  t.is((await operator.end('person')).how, 'ended-here');
  t.is(operator.agreed.missing, 'lost');
});

test('notes are cleaned, and kept again when they change after the end', async (t) => {
  const { operator } = await mariaAndAnna();
  const kept: { readonly id: string; readonly json: string; readonly text: string }[] = [];
  const receipt = new KeptReceipt(operator, {
    identity: maria,
    locale: 'it',
    keep: (files) => kept.push(files),
  });
  receipt.note('first\r\nsecond\u0007\u001b[31m');
  t.is(receipt.notes, 'first\nsecond[31m');
  t.is(kept.length, 0);
  t.is(receipt.json, undefined);
  await operator.end('person');
  await settled();
  t.is(kept.length, 1);
  receipt.note('first\nsecond[31m');
  t.is(kept.length, 1);
  receipt.note('x'.repeat(20_000));
  t.is(kept.length, 2);
  t.is(kept[0]?.id, kept[1]?.id);
  const given = checkReceipt(receipt.json ?? '');
  t.true(given.intact);
  t.is(given.account.ownNotes, undefined, 'what is noted stays here');
  const { account, intact } = checkReceipt(kept[1]?.json ?? '');
  t.true(intact);
  t.is(account.ownNotes?.length, 10_000);
  t.regex(kept[0]?.text ?? '', /Note proprie, non inviate all’altra parte:\nfirst\nsecond\[31m\n$/);
});
