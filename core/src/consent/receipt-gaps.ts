import type { Locale, LocalizedText } from '../localized-text.js';
import type { AgreedPart } from './countersigning.js';
import type { ReceiptEntry } from './receipt.js';

/** What a receipt says less of than of the rest. */
export interface ReceiptGaps {
  /** Notes that only this end signed, though both signed others. */
  readonly unsigned: number;
  /** Entries that found no room. */
  readonly omitted: number;
}

const UNSIGNED: Readonly<Record<'one' | 'more', LocalizedText>> = {
  one: {
    en: '1 entry of what was done is signed by this end alone.',
    it: '1 voce di ciò che è stato fatto è firmata solo da questa parte.',
  },
  more: {
    en: '{count} entries of what was done are signed by this end alone.',
    it: '{count} voci di ciò che è stato fatto sono firmate solo da questa parte.',
  },
};
const OMITTED: Readonly<Record<'one' | 'more', LocalizedText>> = {
  one: {
    en: '1 more entry found no room and is not listed.',
    it: 'Un’altra voce non è elencata, perché non c’era più spazio.',
  },
  more: {
    en: '{count} more entries found no room and are not listed.',
    it: 'Altre {count} voci non sono elencate, perché non c’era più spazio.',
  },
};

/** Of an end that signed alone nothing is `unsigned`: the receipt says by itself that it has one signature. */
export function receiptGaps(
  entries: readonly ReceiptEntry[],
  { facts, missing }: AgreedPart,
  omitted: number,
): ReceiptGaps {
  const noted = entries.filter(({ kind }) => kind === 'noted').length;
  return { unsigned: missing === undefined ? noted - (facts.all?.count ?? facts.done.length) : 0, omitted };
}

/** A sentence for each gap that there is. */
export function gapTexts({ unsigned, omitted }: ReceiptGaps, locale: Locale): readonly string[] {
  const say = (count: number, texts: typeof UNSIGNED): readonly string[] =>
    count === 0
      ? []
      : [texts[count === 1 ? 'one' : 'more'][locale].replace('{count}', count.toLocaleString(locale))];
  return [...say(unsigned, UNSIGNED), ...say(omitted, OMITTED)];
}
