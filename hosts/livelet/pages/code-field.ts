import { LiveletError, parseSessionCode } from '@livelet/core/page';

/** Digits of an ordinary code, and of one with a long secret. */
const ORDINARY = 12;
const LONG = 16;

/** The digits in what was typed or pasted: full-width ones too, anything else left out. */
export function digitsOf(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[^0-9]/g, '')
    .slice(0, LONG);
}

/** In groups as the helper reads them: of three, or of four once there are more than twelve. */
export function grouped(digits: string): string {
  return digits.replace(digits.length > ORDINARY ? /.{4}(?=.)/g : /.{3}(?=.)/g, '$& ');
}

export type CodeState = 'empty' | 'partial' | 'wrong' | 'complete';

/** What the digits typed so far are. Twelve that don't check may be the start of sixteen, but seldom are. */
export function stateOf(digits: string): CodeState {
  if (digits === '') return 'empty';
  if (digits.length !== ORDINARY && digits.length !== LONG) return 'partial';
  try {
    parseSessionCode(digits);
    return 'complete';
  } catch (error) {
    if (error instanceof LiveletError) return 'wrong';
    throw error;
  }
}

/** How many digits are missing to the next length that a code can have. */
export function missingDigits(digits: string): number {
  return (digits.length <= ORDINARY ? ORDINARY : LONG) - digits.length;
}

/**
 * Groups the digits in the field and keeps the caret behind the same digit. Without this the caret would jump to the
 * end at every correction in the middle.
 */
export function regroup(field: HTMLInputElement): string {
  const caret = digitsOf(field.value.slice(0, field.selectionStart ?? field.value.length)).length;
  const digits = digitsOf(field.value);
  const text = grouped(digits);
  if (field.value !== text) {
    field.value = text;
    const position = caret >= digits.length ? text.length : positionBehind(text, caret);
    field.setSelectionRange(position, position);
  }
  return digits;
}

function positionBehind(text: string, digits: number): number {
  let position = 0;
  for (let seen = 0; seen < digits && position < text.length; position++) if (text[position] !== ' ') seen++;
  return position;
}
