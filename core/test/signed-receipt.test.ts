import test from 'ava';
import type { LiveletError } from '../src/errors.js';
import {
  checkReceipt,
  decisionText,
  differences,
  gapTexts,
  isWhatWasSigned,
  mismatch,
  type ReceiptAccount,
  type ReceiptEntry,
  receiptGaps,
  receiptLines,
  type SignedReceipt,
} from '../src/index.js';
import { base64 } from '../src/sealed/canonical-json.js';
import { anna, mariaAndAnna, receipts, signed, told } from './receipt-fixture.js';

function checked(receipt: SignedReceipt) {
  return checkReceipt(JSON.stringify(receipt, undefined, 2));
}

test('a receipt that was saved is told to be its signer’s, and signed by both', async (t) => {
  const { operator, customer } = await receipts('Call again on Monday');
  const found = checked(operator);
  t.true(found.intact);
  t.is(found.agreed, 'both');
  t.deepEqual(found.unconfirmed, []);
  t.is(found.account.own.name, 'Maria');
  t.deepEqual(
    found.account.entries.map(({ kind }) => kind),
    ['started', 'granted', 'noted', 'revoked', 'ended'],
  );
  t.is(checked(customer).agreed, 'both');
  t.deepEqual(operator.account.agreed.facts, customer.account.agreed.facts);
  t.deepEqual(operator.account.agreed.facts.done, [
    { plugin: 'files', from: 'operator', facts: { name: 'a.pdf', size: 3, 'sha-256': 'abc' } },
  ]);
  t.deepEqual(operator.account.agreed.facts.decisions, {
    operator: [],
    customer: ['view granted', 'view revoked'],
  });
});

test('what a person noted for themselves is in their own receipt, and nowhere in the other', async (t) => {
  const { operator, customer } = await receipts('Call again on Monday');
  t.is(operator.account.ownNotes, 'Call again on Monday');
  t.true(receiptLines(operator.account, 'en').includes('Call again on Monday'));
  t.notRegex(JSON.stringify(customer), /Monday/);
  t.notRegex(JSON.stringify(operator.account.agreed), /Monday/);
});

test('what is read says the same as what programs read: whose session, and until when something was allowed', async (t) => {
  const { operator } = await receipts();
  const { entries, agreed } = operator.account;
  const until = Date.UTC(2030, 0, 2, 3, 4, 5);
  const timed = entries.map((entry) => (entry.kind === 'granted' ? { ...entry, until } : entry));
  const lines = receiptLines({ ...operator.account, entries: timed }, 'en');
  t.true(lines.includes(`Session: ${agreed.facts.session}`));
  t.true(
    lines.some((line) =>
      line.endsWith('see the screen, until 2030-01-02 03:04:05 (decided by the helped person)'),
    ),
    lines.join('\n'),
  );
});

test('it is told in order and in words: what was lost before the end stands before it', async (t) => {
  const { operator, customer } = await receipts();
  const { account } = operator;
  const began = account.entries[0]?.at ?? 0;
  const entries = account.entries.map((entry, index) => ({ ...entry, at: began + index * 10_000 }));
  const interruptions = [
    { at: began + 1000, lastedMs: 3000 },
    { at: began + 35_000, lastedMs: 2000 },
  ];
  const read = (of: ReceiptAccount): readonly string[] =>
    receiptLines(of, 'en').flatMap((line) => /^\d{4}-\d\d-\d\d \S+ {2}(.*)$/.exec(line)?.[1] ?? []);
  t.deepEqual(read({ ...account, entries, interruptions }), [
    'began',
    'Connection lost: 3\u00a0s',
    'allowed: see the screen (decided by the helped person)',
    'A file',
    'taken back: see the screen (decided by the helped person)',
    'Connection lost: 2\u00a0s',
    'ended: by the program of the helper',
  ]);
  t.is(read(customer.account).at(-1), 'ended: by the program of the helper');
  const ended = (entry: ReceiptEntry): ReceiptEntry =>
    entry.kind === 'ended' ? { ...entry, how: 'ended-by-peer', reason: 'window-gone' } : entry;
  t.is(
    read({ ...account, entries: account.entries.map(ended) }).at(-1),
    'ended: by the program of the helped person (its window was closed or out of sight)',
  );
  t.is(decisionText('take-files denied', 'it'), 'rifiutato: ricevere i file scelti da chi è aiutato');
  t.is(decisionText('files file-sent', 'en'), 'files file-sent');
});

test('whoever asked isn’t told to have been asked, and nobody decided what ended by itself', async (t) => {
  const { operator, customer } = await receipts();
  for (const { account } of [operator, customer]) {
    const granted = account.entries.find(({ kind }) => kind === 'granted');
    t.truthy(granted);
    const told = (entry: object): string | undefined => {
      const entries = [{ ...granted, ...entry } as ReceiptEntry];
      return receiptLines({ ...account, entries }, 'en').find((line) => line.includes('see the screen'));
    };
    t.regex(told({ kind: 'asked' }) ?? '', /asked: see the screen \(by the helper\)$/);
    t.regex(told({ kind: 'denied' }) ?? '', /\(decided by the helped person\)$/);
    t.regex(told({ kind: 'expired', by: 'clock' }) ?? '', /over: see the screen \(its time was over\)$/);
    t.regex(told({ kind: 'expired', by: 'use' }) ?? '', /\(what it was for was done\)$/);
  }
});

/** Every path to a value that isn't an object or a list. */
function leaves(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, part]) => leaves(part, [...path, key]));
}

function changedAt(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return typeof value === 'number' ? value + 1 : `${String(value)}x`;
  const copy = structuredClone(value) as Record<string, unknown>;
  copy[key] = changedAt(copy[key], rest);
  return copy;
}

function isIntact(receipt: unknown): boolean {
  try {
    return checkReceipt(JSON.stringify(receipt)).intact;
  } catch {
    return false;
  }
}

test('whichever of its values is changed, it isn’t intact any more', async (t) => {
  const { operator } = await receipts('Call again on Monday');
  const paths = leaves(operator);
  t.true(paths.length > 60);
  t.true(isIntact(structuredClone(operator)));
  for (const path of paths) t.false(isIntact(changedAt(operator, path)), path.join('.'));
});

test('what is added to it, taken out or put elsewhere is noticed', async (t) => {
  const { operator } = await receipts();
  const changes: readonly ((account: ReceiptAccount) => object)[] = [
    () => ({ side: 'customer' }),
    ({ entries }) => ({ entries: entries.slice(1) }),
    ({ entries }) => ({ entries: entries.toReversed() }),
    ({ own }) => ({ own: { ...own, key: base64(anna.publicKey) } }),
    () => ({ ownNotes: 'x' }),
    () => ({ more: 'x' }),
    ({ agreed: { customer: _, ...agreed } }) => ({ agreed: { ...agreed, missing: 'unanswered' } }),
    ({ agreed }) => ({ agreed: { ...agreed, missing: 'differs' } }),
    ({ agreed: { operator: one, customer: two, ...agreed } }) => ({
      agreed: { ...agreed, operator: two, customer: one },
    }),
  ];
  for (const change of changes) {
    const { account, signature } = operator;
    const changed = { account: { ...account, ...change(account) }, signature };
    t.false(isIntact(changed), JSON.stringify(change(account)).slice(0, 80));
  }
  t.false(isIntact({ ...operator, signature: '' }));
});

test('an end that changes what both signed, and signs its own account anew, is found out', async (t) => {
  const [{ operator }, later] = [await receipts(), await receipts()];
  const { account } = operator;
  const { agreed, entries } = account;
  const { facts } = agreed;
  const forged: readonly Partial<ReceiptAccount>[] = [
    { agreed: later.operator.account.agreed, sasWords: ['a', 'b', 'c', 'd'] },
    { agreed: { ...agreed, facts: { ...facts, done: [] } } },
    { agreed: { ...agreed, facts: { ...facts, decisions: { operator: [], customer: [] } } } },
    { agreed: { ...agreed, missing: 'unanswered' } },
    { agreed: { ...agreed, customer: { ...agreed.customer, startedAt: 1 } as typeof agreed.customer & {} } },
    { entries: entries.filter(({ kind }) => kind !== 'revoked') },
    { entries: entries.filter(({ kind }) => kind !== 'noted') },
  ];
  for (const changes of forged) {
    const found = checked(told(operator, changes));
    t.is(found.agreed, 'broken', JSON.stringify(changes).slice(0, 80));
    t.false(found.intact);
  }
});

test('what one end adds to what both signed is named', async (t) => {
  const { operator } = await receipts();
  const { entries } = operator.account;
  const [at, whose] = [entries[0]?.at ?? 0, 'peer'] as const;
  const found = checked(
    told(operator, {
      entries: [
        ...entries,
        { at, kind: 'granted', capability: 'control', whose },
        { at, kind: 'noted', plugin: 'files', what: 'x', text: { en: '', it: '' }, facts: { name: 'b' } },
      ],
    }),
  );
  t.is(found.agreed, 'both');
  t.true(found.intact);
  t.deepEqual(found.unconfirmed, ['control granted', 'files x']);
  t.true(receiptLines(found.account, 'en').includes('1 entry of what was done is signed by this end alone.'));
});

test('of a thousand files each is signed by both, and none can be taken out or put in the place of another', async (t) => {
  const { operator, customer } = await mariaAndAnna();
  const text = { en: 'A file', it: 'Un file' };
  for (let n = 0; n < 1_000; n++) {
    const facts = { name: `${n}.pdf`, size: n };
    operator.receiptNotes('files').add({ what: 'file-sent', text, facts: { ...facts, direction: 'out' } });
    customer.receiptNotes('files').add({ what: 'file-received', text, facts: { ...facts, direction: 'in' } });
  }
  await Promise.all([operator.end('person'), customer.ended]);
  const receipt = signed(operator);
  const found = checked(receipt);
  t.true(found.intact);
  t.is(found.agreed, 'both');
  t.is(found.confirmed.length, 1_000);
  t.deepEqual(found.unconfirmed, []);
  const lines = receiptLines(receipt.account, 'en');
  t.false(lines.some((line) => line.includes('by this end alone')));
  const { entries, agreed } = receipt.account;
  const { all, ...facts } = agreed.facts;
  const other = entries.map((entry) =>
    entry.kind === 'noted' && entry.facts.name === '900.pdf'
      ? { ...entry, facts: { ...entry.facts, name: 'x' } }
      : entry,
  );
  for (const changes of [
    { entries: other },
    { entries: entries.filter((entry) => entry.kind !== 'noted' || entry.facts.name !== '900.pdf') },
    { agreed: { ...agreed, facts } },
    { agreed: { ...agreed, facts: { ...facts, all: { digest: all?.digest ?? '', count: 999 } } } },
  ]) {
    t.is(checked(told(receipt, changes)).agreed, 'broken');
  }
});

test('a receipt says how much of it has one signature, and how much is not in it', async (t) => {
  const { operator } = await receipts();
  const { account } = operator;
  const note = account.entries.find(({ kind }) => kind === 'noted');
  if (!note) return t.fail();
  const entries = [...account.entries, ...Array.from({ length: 1_234 }, () => note)];
  const lines = receiptLines({ ...account, entries, omitted: 1 }, 'en');
  t.true(lines.includes('1,234 entries of what was done are signed by this end alone.'));
  t.true(lines.includes('1 more entry found no room and is not listed.'));
  const marked = lines.filter((line) => line.endsWith('(signed by this end alone)'));
  t.is(marked.length, 1_234, 'which they are stands at each');
  const alone = receiptGaps(entries, { ...account.agreed, missing: 'lost' }, 0);
  t.deepEqual(gapTexts(alone, 'it'), [], 'that it has one signature is said already');
  const { length } = receiptLines(account, 'en');
  t.is(lines.length, length + 1_234 + 2);
});

test('what is no receipt is refused', async (t) => {
  const { operator } = await receipts();
  const { account } = operator;
  const { agreed } = account;
  const bad = [
    '{',
    'null',
    '{}',
    ...[
      { format: 'livelet-receipt/1' },
      { entries: [null] },
      { entries: [{ at: 1, kind: 'granted', capability: 'everything', whose: 'own' }] },
      { entries: [{ at: 1, kind: 'noted', plugin: 'x', facts: {} }] },
      { own: { name: 'x', key: 'AAAA' } },
      { odd: null },
      { agreed: undefined },
      { agreed: { ...agreed, facts: { ...agreed.facts, done: 1 } } },
      { agreed: { ...agreed, operator: { signature: 'x' } } },
      { agreed: { ...agreed, missing: 'why not' } },
      { ownNotes: 7 },
      { startedAt: 8.7e15 },
      { entries: [{ at: 8.7e15, kind: 'started' }] },
      { entries: [{ at: 1, kind: 'ended', how: '\u001b[2J' }] },
      { entries: [{ at: 1, kind: 'granted', capability: 'view', whose: 'own', until: 'x' }] },
      {
        entries: [
          { at: 1, kind: 'noted', plugin: 'x', what: 'x', text: { en: '', it: '' }, facts: { a: {} } },
        ],
      },
      { interruptions: [{ at: 'x', lastedMs: 1 }] },
      { agreed: { ...agreed, facts: { ...agreed.facts, done: [1] } } },
      // A point of small order: its signatures fit more than was signed.
      { own: { name: 'x', key: base64(Uint8Array.of(1, ...new Uint8Array(31))) } },
    ].map((changes) => JSON.stringify({ ...operator, account: { ...account, ...changes } })),
  ];
  for (const json of bad)
    t.is(t.throws<LiveletError>(() => checkReceipt(json))?.code, 'message-malformed', json.slice(0, 200));
});

test('two receipts of one session agree, and what only one of them tells is named', async (t) => {
  const { operator, customer } = await receipts();
  const [left, right] = [operator.account, customer.account];
  t.is(mismatch(left, right), undefined);
  t.deepEqual(differences(left, right), []);
  t.true(isWhatWasSigned(left, right));
  const silent = { ...right, entries: right.entries.filter(({ kind }) => kind !== 'revoked') };
  t.deepEqual(differences(left, silent), [
    { decidedBy: 'customer', toldBy: 'operator', decision: 'view revoked' },
  ]);
  t.deepEqual(differences(silent, left), differences(left, silent));
  t.is(mismatch(left, left), 'same-side');
  const other = await receipts();
  t.is(mismatch(left, { ...right, own: { ...right.own, key: left.own.key } }), 'other-people');
  t.false(
    isWhatWasSigned(left, {
      ...right,
      agreed: { ...right.agreed, facts: { ...right.agreed.facts, done: [] } },
    }),
  );
  const elsewhere = { ...right.agreed.facts, session: 'f'.repeat(32) };
  t.is(mismatch(left, { ...right, agreed: { ...right.agreed, facts: elsewhere } }), 'other-session');
  t.is(mismatch(left, other.customer.account), undefined, 'the same random numbers make the same session');
});
