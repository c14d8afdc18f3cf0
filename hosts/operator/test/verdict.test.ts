import {
  checkReceipt,
  createIdentity,
  type ReceiptEntry,
  receiptAccount,
  type SharedNote,
  signReceipt,
  systemRandom,
} from '@livelet/core';
import { connectedSessions, settled } from '@livelet/core/test-support';
import test from 'ava';
import { signedNoteText } from '../src/receipt-tool/signed-notes.js';
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
    lines.includes('Signed by both: a file from the helper, “remote-tool.exe”, 3 bytes, SHA-256 abc'),
    lines.join('\n'),
  );
});

test('what both signed is told in a sentence, and by its facts where there is none', (t) => {
  const says = (plugin: string, what: string, facts: SharedNote['facts']): string =>
    signedNoteText({ plugin, what, facts }, 'en');
  t.is(
    says('livelet.recording', 'recording-ended', { sound: true, seconds: 57 }),
    'The recording ended (picture and sound, 57\u00a0s)',
  );
  t.is(says('livelet.camera', 'camera-opened', { whose: 'customer' }), 'The helped person’s camera was open');
  t.is(says('livelet.audio', 'sound-opened', { track: 'speak' }), 'The helper’s microphone was open');
  t.is(says('livelet.demo', 'screen-shown', { time: 1 }), 'The helper began to show their screen');
  t.is(says('livelet.camera', 'camera-opened', { whose: 'x' }), 'livelet.camera camera-opened whose "x"');
  t.is(says('livelet.next', 'something', { count: 2 }), 'livelet.next something count 2');
});
