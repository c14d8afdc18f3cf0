import type { ReceiptNotes } from '@livelet/core';
import { pathShown } from './items-shown.js';
import type { ItemDone, SentInPart } from './transfer-listener.js';

/** Made once: each takes longer than a small file does. */
const COUNTS = { en: new Intl.NumberFormat('en'), it: new Intl.NumberFormat('it') };

/** Puts a file that was kept into this end's receipt: name, size, hash and which way; folders without a hash. */
export function noteFile(
  notes: ReceiptNotes,
  way: 'in' | 'out',
  { kind, path, name, size, hash }: Extract<ItemDone, { how: 'kept' }>,
): void {
  if (kind === 'folder' || hash === undefined) return;
  const shown = pathShown([...path.slice(0, -1), name]);
  const [en, it] = way === 'in' ? ['Received', 'Ricevuto'] : ['Sent', 'Inviato'];
  const count = { en: COUNTS.en.format(size), it: COUNTS.it.format(size) };
  notes.add({
    what: way === 'in' ? 'file-received' : 'file-sent',
    text: {
      en: `${en} “${shown}”, ${count.en} ${size === 1 ? 'byte' : 'bytes'}, SHA-256 ${hash}`,
      it: `${it} “${shown}”, ${count.it} byte, SHA-256 ${hash}`,
    },
    facts: { name: shown, size, 'sha-256': hash, direction: way },
  });
}

/** Puts a file that left this end, and that the other one doesn't say it kept, into this end's receipt. */
export function noteSentInPart(notes: ReceiptNotes, { path, size, sent }: SentInPart): void {
  const shown = pathShown(path);
  const most = Math.min(sent, size);
  notes.add({
    what: 'file-sent-in-part',
    text: {
      en: `Sent of “${shown}” at most ${COUNTS.en.format(most)} of ${COUNTS.en.format(size)} bytes, not confirmed`,
      it: `Inviati di “${shown}” al massimo ${COUNTS.it.format(most)} di ${COUNTS.it.format(size)} byte, senza conferma`,
    },
    facts: { name: shown, size, sent: most, direction: 'out' },
  });
}
