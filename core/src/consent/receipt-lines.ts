import { fingerprint } from '../channel/identity.js';
import { durationText } from '../duration-text.js';
import type { Locale, LocalizedText } from '../localized-text.js';
import { fromBase64 } from '../sealed/canonical-json.js';
import type { ReceiptPerson } from './agreed-facts.js';
import { CAPABILITY_TEXT } from './capability.js';
import { notedTexts } from './noted-texts.js';
import type { ReceiptEntry } from './receipt.js';
import { gapTexts, receiptGaps } from './receipt-gaps.js';
import type { ReceiptAccount } from './signed-receipt.js';

const TEXTS = {
  title: { en: 'Receipt of a Livelet session', it: 'Ricevuta di una sessione Livelet' },
  operator: { en: 'Helper', it: 'Chi ha aiutato' },
  customer: { en: 'Helped person', it: 'Chi è stato aiutato' },
  tells: { en: 'As seen by', it: 'Come vista da' },
  session: { en: 'Session', it: 'Sessione' },
  words: { en: 'Words on both screens', it: 'Parole su entrambi gli schermi' },
  bytes: { en: 'Bytes sent and received', it: 'Byte inviati e ricevuti' },
  interrupted: { en: 'Connection lost', it: 'Connessione interrotta' },
  started: { en: 'began', it: 'iniziata' },
  ended: { en: 'ended', it: 'terminata' },
  until: { en: 'until', it: 'fino a' },
  asked: { en: 'asked', it: 'chiesto' },
  granted: { en: 'allowed', it: 'permesso' },
  denied: { en: 'refused', it: 'rifiutato' },
  revoked: { en: 'taken back', it: 'revocato' },
  expired: { en: 'over', it: 'terminato' },
  both: {
    en: 'Both ends signed who was there, what was asked, allowed and refused, and what both noted',
    it: 'Entrambe le parti hanno firmato chi c’era, che cosa è stato chiesto, permesso e rifiutato, e ciò che entrambe hanno annotato',
  },
  alone: { en: 'Signed by this end alone', it: 'Firmata solo da questa parte' },
  unanswered: {
    en: 'the other end didn’t answer in time',
    it: 'l’altra parte non ha risposto in tempo',
  },
  lost: { en: 'the connection was lost', it: 'la connessione si era interrotta' },
  differs: { en: 'the other end signed something else', it: 'l’altra parte ha firmato altro' },
  invalid: {
    en: 'what the other end sent is not its signature',
    it: 'ciò che l’altra parte ha inviato non è la sua firma',
  },
  notes: { en: 'Own notes, not sent to the other end', it: 'Note proprie, non inviate all’altra parte' },
  byOperator: { en: 'decided by the helper', it: 'deciso da chi ha aiutato' },
  byCustomer: { en: 'decided by the helped person', it: 'deciso da chi è stato aiutato' },
} as const satisfies Record<string, LocalizedText>;

/** A receipt as people read it. Times are of the end that tells it, in UTC. */
export function receiptLines(account: ReceiptAccount, locale: Locale): readonly string[] {
  const { side, own, peer, sasWords, entries, interruptions, omitted, bytesSent, bytesReceived } = account;
  const { agreed, ownNotes } = account;
  const text = (name: keyof typeof TEXTS): string => TEXTS[name][locale];
  const noted = notedTexts(entries, side, agreed).values();
  const [operator, customer] = side === 'operator' ? [own, peer] : [peer, own];
  return [
    text('title'),
    `${text('operator')}: ${person(operator)}`,
    `${text('customer')}: ${person(customer)}`,
    `${text('tells')}: ${text(side)}`,
    `${text('session')}: ${agreed.facts.session}`,
    `${text('words')}: ${sasWords.join(' ')}`,
    `${text('bytes')}: ${bytesSent}, ${bytesReceived}`,
    ...entries.flatMap((entry) => {
      const line =
        entry.kind === 'noted' ? noted.next().value?.text[locale] : entryText(entry, account, locale);
      return line === undefined ? [] : [`${time(entry.at)}  ${line}`];
    }),
    ...interruptions.map(
      ({ at, lastedMs }) => `${time(at)}  ${text('interrupted')}: ${durationText(lastedMs)}`,
    ),
    agreed.missing === undefined ? text('both') : `${text('alone')}: ${text(agreed.missing)}`,
    ...gapTexts(receiptGaps(entries, agreed, omitted), locale),
    ...(ownNotes === undefined ? [] : [`${text('notes')}:`, ...ownNotes.split('\n')]),
  ];
}

/** Undefined for what the end itself took back: that is nobody's decision. */
function entryText(
  entry: Exclude<ReceiptEntry, { kind: 'noted' }>,
  { side }: ReceiptAccount,
  locale: Locale,
): string | undefined {
  switch (entry.kind) {
    case 'started':
      return TEXTS.started[locale];
    case 'ended':
      return `${TEXTS.ended[locale]}: ${entry.how}${entry.error === undefined ? '' : ` (${entry.error})`}`;
    default: {
      if (entry.by === 'end') return undefined;
      const isOperators = (entry.whose === 'own') === (side === 'operator');
      const who = TEXTS[isOperators ? 'byOperator' : 'byCustomer'][locale];
      const until = entry.until === undefined ? '' : `, ${TEXTS.until[locale]} ${time(entry.until)}`;
      return `${TEXTS[entry.kind][locale]}: ${CAPABILITY_TEXT[entry.capability][locale]}${until} (${who})`;
    }
  }
}

function person({ name, key }: ReceiptPerson): string {
  return `${name || '-'} [${fingerprint(fromBase64(key) ?? new Uint8Array())}]`;
}

function time(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').slice(0, 19);
}
