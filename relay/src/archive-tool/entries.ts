import { LiveletError } from '@livelet/core/wire';
import type { SealedEntry } from '../archive/sealed-store.js';

/** What can be said of something sealed, in a line. */
export function entryLine({ number, receivedAt, owner, operator, size }: SealedEntry): string {
  const by = owner.startsWith('session:') ? `a customer of operator ${operator}` : `operator ${operator}`;
  return `${number} ${new Date(receivedAt).toISOString()} ${by} ${size} bytes`;
}

/** @throws `option-invalid` for what isn't a number, and for none */
export function readNumbers(texts: readonly string[]): readonly number[] {
  const wrong = texts.find((text) => !/^\d{1,15}$/.test(text)) ?? (texts.length === 0 ? '' : undefined);
  if (wrong === undefined) return texts.map(Number);
  const data = {
    option: 'numbers',
    source: '--numbers',
    value: wrong,
    allowed: 'numbers, separated by commas',
  };
  throw new LiveletError('option-invalid', wrong, { data });
}
