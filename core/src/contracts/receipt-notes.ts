import type { ServiceIdentifier } from 'inversify';
import { LiveletError } from '../errors.js';
import { LOCALES, type LocalizedText } from '../localized-text.js';

/** The most facts of one note, and UTF-16 units of one fact and of one text. */
const MAX_FACTS = 12;
const MAX_FACT_LENGTH = 512;
const MAX_TEXT_LENGTH = 1_024;
/** Names of notes and of their facts: `file-received`, `sha-256`. */
const NAME = /^[a-z][a-z0-9-]{0,31}$/;

/** What a fact can be; never contents of what people saw, wrote or sent. */
export type ReceiptFact = string | number | boolean;

/** Something that a plugin did and that both people can look up afterwards: facts of it, nothing of its contents. */
export interface ReceiptNote {
  /** What happened, for programs: `file-received`. Lower case letters, digits, hyphens; at most 32. */
  readonly what: string;
  /** The same for people, in a sentence; at most 1,024 UTF-16 units. */
  readonly text: LocalizedText;
  /** At most 12, named as `what` is; texts of at most 512 UTF-16 units, whole numbers. */
  readonly facts: Readonly<Record<string, ReceiptFact>>;
}

/** The session is about to be over. What still goes on is to be ended and noted: notes that come later have one signature. */
export type ReceiptClosing =
  /** This end says so. What is returned is waited for, for at most 0.5 s. */
  | 'soon'
  /** The notes are signed after this turn. It may come without `soon` before it. */
  | 'now';

/** A plugin's way to this end's receipt. What finds no room there is counted as omitted. */
export interface ReceiptNotes {
  /** @throws `internal` for a note out of bounds: it is this end's own plugin that is wrong */
  add(note: ReceiptNote): void;
  /** Called before the two ends sign what both noted. Not called where the line is lost for good. */
  onClosing(listener: (closing: ReceiptClosing) => Promise<void> | undefined): Disposable;
}
export const ReceiptNotes: ServiceIdentifier<ReceiptNotes> = Symbol.for('@livelet/ReceiptNotes');

/** A copy with nothing else in it. @throws `internal` */
export function checkReceiptNote({ what, text, facts }: ReceiptNote): ReceiptNote {
  const entries = Object.entries(facts);
  const fits =
    NAME.test(what) &&
    LOCALES.every((locale) => text[locale].length <= MAX_TEXT_LENGTH) &&
    entries.length <= MAX_FACTS &&
    entries.every(([name, fact]) => NAME.test(name) && isFact(fact));
  if (!fits) throw new LiveletError('internal', 'a note for the receipt is out of bounds');
  return { what, text: { en: text.en, it: text.it }, facts: Object.fromEntries(entries) };
}

function isFact(fact: ReceiptFact): boolean {
  if (typeof fact === 'string') return fact.length <= MAX_FACT_LENGTH;
  return typeof fact === 'boolean' || Number.isSafeInteger(fact);
}
