import test from 'ava';
import { createIdentity } from '../src/channel/identity.js';
import {
  checkReceipt,
  differences,
  mismatch,
  type ReceiptAccount,
  receiptAccount,
  type SignedReceipt,
  signReceipt,
} from '../src/consent/signed-receipt.js';
import type { LiveletError } from '../src/errors.js';
import { base64 } from '../src/sealed/canonical-json.js';
import { connectedSessions, SeededRandom, settled } from '../test-support/index.js';

const random = new SeededRandom(11).bytes;
const maria = createIdentity(random);
const anna = createIdentity(random);

/** Both ends' receipts of one session in which control was asked for and allowed. */
async function receipts(): Promise<{ readonly operator: SignedReceipt; readonly customer: SignedReceipt }> {
  const { operator, customer } = await connectedSessions({});
  customer.ownGrants.grant('view');
  await settled();
  customer.ownGrants.revoke('view');
  await settled();
  await Promise.all([operator.end('person'), customer.ended]);
  // The test's sessions made identities of their own; what is told of each other must be these.
  const own = {
    ...receiptAccount(operator, maria, 'Maria'),
    peer: { name: 'Anna', key: base64(anna.publicKey) },
  };
  const theirs = {
    ...receiptAccount(customer, anna, 'Anna'),
    peer: { name: 'Maria', key: base64(maria.publicKey) },
  };
  return { operator: signReceipt(own, maria), customer: signReceipt(theirs, anna) };
}

test('a receipt that was saved is told to be its signer’s', async (t) => {
  const { operator } = await receipts();
  const checked = checkReceipt(JSON.stringify(operator, undefined, 2));
  t.true(checked.intact);
  t.is(checked.account.own.name, 'Maria');
  t.deepEqual(
    checked.account.entries.map(({ kind }) => kind),
    ['started', 'granted', 'revoked', 'ended'],
  );
});

test('whatever is changed in it, it isn’t intact any more', async (t) => {
  const { operator } = await receipts();
  const changes: readonly ((account: ReceiptAccount) => object)[] = [
    () => ({ startedAt: 1 }),
    () => ({ side: 'customer' }),
    ({ entries }) => ({ entries: entries.slice(1) }),
    ({ own }) => ({ own: { ...own, name: 'Mario' } }),
    ({ own }) => ({ own: { ...own, key: base64(anna.publicKey) } }),
    ({ bytesSent }) => ({ bytesSent: bytesSent + 1 }),
    () => ({ more: 'x' }),
  ];
  for (const change of changes) {
    const { account, signature } = operator;
    const changed = { account: { ...account, ...change(account) }, signature };
    t.false(checkReceipt(JSON.stringify(changed)).intact, JSON.stringify(change(account)));
  }
  t.false(checkReceipt(JSON.stringify({ ...operator, signature: '' })).intact);
});

test('what is no receipt is refused', async (t) => {
  const { operator } = await receipts();
  const bad = [
    '{',
    'null',
    '{}',
    JSON.stringify({ ...operator, account: { ...operator.account, format: 'livelet-receipt/2' } }),
    JSON.stringify({ ...operator, account: { ...operator.account, entries: [null] } }),
    JSON.stringify({ ...operator, account: { ...operator.account, own: { name: 'x', key: 'AAAA' } } }),
    JSON.stringify({ ...operator, account: { ...operator.account, odd: null } }),
  ];
  for (const json of bad)
    t.is(t.throws<LiveletError>(() => checkReceipt(json))?.code, 'message-malformed', json);
});

test('two receipts of one session agree, and what only one of them tells is named', async (t) => {
  const { operator, customer } = await receipts();
  const [left, right] = [operator.account, customer.account];
  t.is(mismatch(left, right), undefined);
  t.deepEqual(differences(left, right), []);
  const silent = { ...right, entries: right.entries.filter(({ kind }) => kind !== 'revoked') };
  t.deepEqual(differences(left, silent), [
    { decidedBy: 'customer', toldBy: 'operator', decision: 'view revoked' },
  ]);
  t.deepEqual(differences(silent, left), differences(left, silent));
  t.is(mismatch(left, left), 'same-side');
  t.is(mismatch(left, { ...right, sasWords: ['a', 'b', 'c', 'd'] }), 'other-session');
  t.is(mismatch(left, { ...right, own: { ...right.own, key: left.own.key } }), 'other-people');
});
