import type { Side } from '../contracts/session.js';
import type { LocalizedText } from '../localized-text.js';
import { unsignedNotes } from './agreed-facts.js';
import type { AgreedPart } from './countersigning.js';
import type { ReceiptEntry } from './receipt.js';

const ALONE: LocalizedText = { en: 'signed by this end alone', it: 'firmata solo da questa parte' };

/** Something that was done, as people read it. */
export interface NotedText {
  /** ms since 1970 */
  readonly at: number;
  readonly text: LocalizedText;
}

/** What was done, in order. Where both ends signed others, an entry that only `side` signed says so. */
export function notedTexts(
  entries: readonly ReceiptEntry[],
  side: Side,
  { facts, missing }: AgreedPart,
): readonly NotedText[] {
  const alone = missing === undefined ? unsignedNotes(entries, side, facts) : [];
  const left = alone.map(({ entry }) => entry);
  return entries.flatMap((entry) => {
    if (entry.kind !== 'noted') return [];
    const { at, text } = entry;
    if (left[0] !== entry) return [{ at, text }];
    left.shift();
    return [{ at, text: { en: `${text.en} (${ALONE.en})`, it: `${text.it} (${ALONE.it})` } }];
  });
}
