import {
  type CheckedReceipt,
  decisionText,
  differences,
  isWhatWasSigned,
  type Locale,
  type LocalizedText,
  mismatch,
  receiptLines,
} from '@livelet/core';
import { signedNoteText } from './signed-notes.js';

const TEXTS = {
  signed: { en: 'Signed and unchanged, by', it: 'Firmata e non modificata, da' },
  changed: { en: 'NOT what was signed by', it: 'NON è ciò che ha firmato' },
  one: {
    en: 'Signed by one end only: what the other end saw is not in it.',
    it: 'Firmata da una sola parte: ciò che ha visto l’altra parte non c’è.',
  },
  alike: {
    en: 'Both ends signed who was there, what was asked, allowed and refused, and what both noted.',
    it: 'Entrambe le parti hanno firmato chi c’era, che cosa è stato chiesto, permesso e rifiutato, e ciò che entrambe hanno annotato.',
  },
  broken: {
    en: 'The part that both ends sign was changed, or is of another session.',
    it: 'La parte che entrambe firmano è stata modificata, o è di un’altra sessione.',
  },
  bothSigned: { en: 'Signed by both', it: 'Firmato da entrambe' },
  unconfirmed: { en: 'Not signed by the other end', it: 'Non firmato dall’altra parte' },
  kept: {
    en: 'The other receipt is what its end signed when the session ended.',
    it: 'L’altra ricevuta è ciò che la sua parte ha firmato alla fine della sessione.',
  },
  swapped: {
    en: 'The other receipt is NOT what its end signed when the session ended.',
    it: 'L’altra ricevuta NON è ciò che la sua parte ha firmato alla fine della sessione.',
  },
  both: { en: 'Signed by both ends of one session.', it: 'Firmata da entrambe le parti di una sessione.' },
  agree: { en: 'Both tell the same decisions.', it: 'Entrambe riportano le stesse decisioni.' },
  operator: { en: 'the helper’s', it: 'di chi ha aiutato' },
  customer: { en: 'the helped person’s', it: 'di chi è stato aiutato' },
  'is-operator': { en: 'the helper', it: 'chi ha aiutato' },
  'is-customer': { en: 'the helped person', it: 'chi è stato aiutato' },
  only: { en: 'Told by one end only', it: 'Riportato da una sola parte' },
  'same-side': { en: 'Both are of the same side.', it: 'Entrambe sono della stessa parte.' },
  'other-people': {
    en: 'They are of other people: the keys don’t match.',
    it: 'Sono di altre persone: le chiavi non corrispondono.',
  },
  'other-session': { en: 'They are of different sessions.', it: 'Sono di sessioni diverse.' },
} as const satisfies Record<string, LocalizedText>;

/** What is to be said of one receipt, or of both ends'; and whether all of it holds. What doesn't is said first too. */
export function verdict(
  first: CheckedReceipt,
  second: CheckedReceipt | undefined,
  locale: Locale,
): { readonly lines: readonly string[]; readonly holds: boolean } {
  const text = (name: keyof typeof TEXTS): string => TEXTS[name][locale];
  const signer = ({ intact, account, fingerprint }: CheckedReceipt): string =>
    printable(
      `${text(intact ? 'signed' : 'changed')} ${account.own.name || '-'} [${fingerprint}] (${text(`is-${account.side}`)})`,
    );
  const wrongs = [first, second].flatMap((each) => (each === undefined || each.intact ? [] : [signer(each)]));
  const told = (lines: readonly string[], holds: boolean): ReturnType<typeof verdict> => ({
    lines: [...wrongs, ...(wrongs.length === 0 ? [] : ['']), ...lines],
    holds,
  });
  const lines = [...receiptLines(first.account, locale).map(printable), '', signer(first)];
  const worth = { both: text('alike'), one: text('one'), broken: text('broken') }[first.agreed];
  lines.push(worth);
  // The words above are its end's alone; these are what the two signatures are over.
  for (const note of first.confirmed) {
    lines.push(printable(`${text('bothSigned')}: ${signedNoteText(note, locale)}`));
  }
  lines.push(
    ...first.unconfirmed.map((what) => printable(`${text('unconfirmed')}: ${decisionText(what, locale)}`)),
  );
  if (second === undefined) return told(lines, first.intact);
  lines.push(signer(second));
  const wrong = mismatch(first.account, second.account);
  if (wrong !== undefined) {
    wrongs.push(text(wrong));
    return told([...lines, text(wrong)], false);
  }
  const kept = isWhatWasSigned(first.account, second.account);
  if (kept !== undefined) lines.push(text(kept ? 'kept' : 'swapped'));
  if (kept === false) wrongs.push(text('swapped'));
  const holds = first.intact && second.intact && kept !== false;
  if (holds) lines.push(text('both'));
  const found = differences(first.account, second.account);
  lines.push(
    ...found.map(({ toldBy, decision }) =>
      printable(`${text('only')} (${text(toldBy)}): ${decisionText(decision, locale)}`),
    ),
  );
  if (found.length === 0) lines.push(text('agree'));
  return told(lines, holds && found.length === 0);
}

/** A file can come from anybody: nothing in it steers a terminal. */
function printable(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
}
