import { createIdentity } from '../src/channel/identity.js';
import type { Side } from '../src/contracts/session.js';
import {
  type Identity,
  type ReceiptAccount,
  receiptAccount,
  type SessionChannel,
  type SignedReceipt,
  signReceipt,
} from '../src/index.js';
import {
  connectedSessions,
  type PairOptions,
  SeededRandom,
  type SessionPair,
  settled,
} from '../test-support/index.js';

const random = new SeededRandom(11).bytes;
export const maria: Identity = createIdentity(random);
export const anna: Identity = createIdentity(random);

/** A session of Maria, who helps, and Anna. */
export function mariaAndAnna(options: PairOptions = {}): Promise<SessionPair> {
  return connectedSessions({
    ...options,
    operator: { identity: maria, name: 'Maria', ...options.operator },
    customer: { identity: anna, name: 'Anna', ...options.customer },
  });
}

export function signed(channel: SessionChannel, ownNotes?: string): SignedReceipt {
  const { side } = channel;
  return signReceipt(receiptAccount(channel, ownNotes), side === 'operator' ? maria : anna);
}

/** Both ends' receipts of one session, in which something was allowed and taken back and a file was sent. */
export async function receipts(ownNotes = ''): Promise<Readonly<Record<Side, SignedReceipt>>> {
  const { operator, customer } = await mariaAndAnna();
  customer.ownGrants.grant('view');
  await settled();
  customer.ownGrants.revoke('view');
  const file = { name: 'a.pdf', size: 3, 'sha-256': 'abc' };
  const text = { en: 'A file', it: 'Un file' };
  operator.receiptNotes('files').add({ what: 'file-sent', text, facts: { ...file, direction: 'out' } });
  customer.receiptNotes('files').add({ what: 'file-received', text, facts: { ...file, direction: 'in' } });
  await settled();
  await Promise.all([operator.end('person'), customer.ended]);
  return { operator: signed(operator, ownNotes), customer: signed(customer) };
}

/** As its end would have signed it, had it told this. */
export function told(receipt: SignedReceipt, changes: Partial<ReceiptAccount>): SignedReceipt {
  const account = { ...receipt.account, ...changes };
  return signReceipt(account, account.side === 'operator' ? maria : anna);
}
