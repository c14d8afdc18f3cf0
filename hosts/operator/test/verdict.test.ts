import {
  checkReceipt,
  createIdentity,
  type ReceiptEntry,
  receiptAccount,
  signReceipt,
  systemRandom,
} from '@livelet/core';
import { connectedSessions, settled } from '@livelet/core/test-support';
import test from 'ava';
import { verdict } from '../src/receipt-tool/verdict.js';

test('whatever words one end puts to it, what both signed of a file is shown', async (t) => {
  const identity = createIdentity(systemRandom);
  const { operator, customer } = await connectedSessions({ operator: { identity } });
  const facts = { name: 'remote-tool.exe', size: 3, 'sha-256': 'abc' };
  const text = { en: 'Sent “remote-tool.exe”', it: 'Inviato “remote-tool.exe”' };
  operator.receiptNotes('files').add({ what: 'file-sent', text, facts: { ...facts, direction: 'out' } });
  customer.receiptNotes('files').add({ what: 'file-received', text, facts: { ...facts, direction: 'in' } });
  await settled();
  await Promise.all([operator.end('person'), customer.ended]);
  const account = receiptAccount(operator);
  const nicer = (entry: ReceiptEntry): ReceiptEntry =>
    entry.kind === 'noted'
      ? { ...entry, text: { en: 'Sent “manual.pdf”', it: 'Inviato “manual.pdf”' } }
      : entry;
  const told = signReceipt({ ...account, entries: account.entries.map(nicer) }, identity);
  const { lines, holds } = verdict(checkReceipt(JSON.stringify(told)), undefined, 'en');
  t.true(holds);
  t.true(lines.some((line) => line.endsWith('Sent “manual.pdf”')));
  t.true(
    lines.includes('Signed by both: files from operator name "remote-tool.exe" size 3 sha-256 "abc"'),
    lines.join('\n'),
  );
});
