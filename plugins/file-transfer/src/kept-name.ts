import { numberedFileName, safeFileName } from '@livelet/core';

/** ` (2)`, before the ending or at the end. */
const NUMBER = / \((\d{1,4})\)(?:\.[^.]*)?$/;

/** Whether a taker may have kept `name` as `kept`: made safe, and numbered where that was there already. */
export function isKeptName(name: string, kept: string): boolean {
  const safe = safeFileName(name);
  const number = Number(NUMBER.exec(kept)?.[1]);
  return kept === safe || (number > 1 && kept === numberedFileName(safe, number));
}
