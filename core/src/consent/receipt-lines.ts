import type { EndReason } from '../channel/frames.js';
import { fingerprint } from '../channel/identity.js';
import type { Side } from '../contracts/session.js';
import { durationText } from '../duration-text.js';
import type { Locale, LocalizedText } from '../localized-text.js';
import { fromBase64 } from '../sealed/canonical-json.js';
import type { ReceiptPerson } from './agreed-facts.js';
import { isCapability, TOLD_CAPABILITY } from './capability.js';
import { notedTexts } from './noted-texts.js';
import type { Interruption, ReceiptEntry } from './receipt.js';
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
  askedByOperator: { en: 'by the helper', it: 'da chi ha aiutato' },
  askedByCustomer: { en: 'by the helped person', it: 'da chi è stato aiutato' },
  byClock: { en: 'its time was over', it: 'il tempo era finito' },
  byUse: { en: 'what it was for was done', it: 'ciò per cui era permesso era concluso' },
  byOperator: { en: 'decided by the helper', it: 'deciso da chi ha aiutato' },
  byCustomer: { en: 'decided by the helped person', it: 'deciso da chi è stato aiutato' },
} as const satisfies Record<string, LocalizedText>;

const DECISIONS = ['asked', 'granted', 'denied', 'revoked', 'expired'] as const;
const ENDED: Readonly<Record<Extract<ReceiptEntry, { kind: 'ended' }>['how'], LocalizedText>> = {
  'ended-here': { en: 'by the program of', it: 'dal programma di' },
  'ended-by-peer': { en: 'by the program of', it: 'dal programma di' },
  interrupted: { en: 'the connection was lost', it: 'la connessione si è interrotta' },
  failed: { en: 'a fault', it: 'un errore' },
};
const WHOSE: Readonly<Record<Side, LocalizedText>> = {
  operator: { en: 'the helper', it: 'chi ha aiutato' },
  customer: { en: 'the helped person', it: 'chi è stato aiutato' },
};
/** Why one end ended it; a person’s own wish needs no reason. */
const REASONS: Readonly<Record<Exclude<EndReason, 'person'>, LocalizedText>> = {
  refused: { en: 'the session was refused', it: 'la sessione è stata rifiutata' },
  'window-gone': {
    en: 'its window was closed or out of sight',
    it: 'la sua finestra era chiusa o non in vista',
  },
  shutdown: { en: 'it was closed', it: 'è stato chiuso' },
  'display-lost': { en: 'the screen went away', it: 'lo schermo non c’era più' },
  failure: { en: 'a fault in it', it: 'un suo errore' },
};

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
    ...inOrder(entries, interruptions).flatMap((entry) => {
      if ('lastedMs' in entry) {
        return [`${time(entry.at)}  ${text('interrupted')}: ${durationText(entry.lastedMs)}`];
      }
      const line =
        entry.kind === 'noted' ? noted.next().value?.text[locale] : entryText(entry, account, locale);
      return line === undefined ? [] : [`${time(entry.at)}  ${line}`];
    }),
    agreed.missing === undefined ? text('both') : `${text('alone')}: ${text(agreed.missing)}`,
    ...gapTexts(receiptGaps(entries, agreed, omitted), locale),
    ...(ownNotes === undefined ? [] : [`${text('notes')}:`, ...ownNotes.split('\n')]),
  ];
}

/** A decision that `CheckedReceipt` or `Difference` names, such as `view granted`, as people read it; others as they are. */
export function decisionText(decision: string, locale: Locale): string {
  const [capability, kind = '', ...others] = decision.split(' ');
  const known = DECISIONS.find((name) => name === kind);
  if (known === undefined || !isCapability(capability) || others.length > 0) return decision;
  return `${TEXTS[known][locale]}: ${TOLD_CAPABILITY[capability][locale]}`;
}

/** Each interruption before what came after it. The entries keep their own order: a clock can have been set back. */
function inOrder(
  entries: readonly ReceiptEntry[],
  interruptions: readonly Interruption[],
): readonly (ReceiptEntry | Interruption)[] {
  const left = [...interruptions];
  return [
    ...entries.flatMap((entry) => {
      const later = left.findIndex(({ at }) => at > entry.at);
      return [...left.splice(0, later < 0 ? left.length : later), entry];
    }),
    ...left,
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
    case 'ended': {
      const { how, reason, error } = entry;
      const other = side === 'operator' ? 'customer' : 'operator';
      const whose = new Map<typeof how, Side>([
        ['ended-here', side],
        ['ended-by-peer', other],
      ]).get(how);
      const by = whose === undefined ? '' : ` ${WHOSE[whose][locale]}`;
      const why = reason === undefined || reason === 'person' ? error : REASONS[reason][locale];
      return `${TEXTS.ended[locale]}: ${ENDED[how][locale]}${by}${why === undefined ? '' : ` (${why})`}`;
    }
    default: {
      if (entry.by === 'end') return undefined;
      const until = entry.until === undefined ? '' : `, ${TEXTS.until[locale]} ${time(entry.until)}`;
      const who = decider(entry, side);
      const why = who === undefined ? '' : ` (${TEXTS[who][locale]})`;
      return `${TEXTS[entry.kind][locale]}: ${TOLD_CAPABILITY[entry.capability][locale]}${until}${why}`;
    }
  }
}

/** The grant's own person, or who asked them, or what made it end by itself. Undefined: not known. */
function decider(
  { kind, whose, by }: Extract<ReceiptEntry, { whose: unknown }>,
  side: ReceiptAccount['side'],
): keyof typeof TEXTS | undefined {
  if (kind === 'expired') return by === undefined ? undefined : by === 'use' ? 'byUse' : 'byClock';
  const isOperators = (whose === 'own') === (side === 'operator');
  if (kind === 'asked') return isOperators ? 'askedByCustomer' : 'askedByOperator';
  return isOperators ? 'byOperator' : 'byCustomer';
}

function person({ name, key }: ReceiptPerson): string {
  return `${name || '-'} [${fingerprint(fromBase64(key) ?? new Uint8Array())}]`;
}

function time(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').slice(0, 19);
}
