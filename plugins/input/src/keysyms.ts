import x11 from 'x11';

/** Keysyms of these and above are a code point plus this (X11 protocol, appendix A). */
const UNICODE_KEYSYMS = 0x0100_0000;
export const KEYSYM = {
  tab: 0xff09,
  return: 0xff0d,
  capsLock: 0xffe5,
  level3Shift: 0xfe03,
} as const;

/** Characters of the keysyms that are older than Unicode, such as Cyrillic's, which layouts still use. */
const LEGACY = new Map<number, string>();
for (const { code, description } of Object.values(x11.keySyms)) {
  const character = /^\((.)\)/u.exec(description ?? '')?.[1];
  if (character !== undefined && code < UNICODE_KEYSYMS && !LEGACY.has(code)) LEGACY.set(code, character);
}

/** The keysym that writes a character; newline and tab are the keys. */
export function keysymOf(character: string): number {
  if (character === '\n') return KEYSYM.return;
  if (character === '\t') return KEYSYM.tab;
  const codePoint = character.codePointAt(0) ?? 0;
  return codePoint < 0x100 ? codePoint : UNICODE_KEYSYMS + codePoint;
}

/** The character that a keysym writes; undefined for keys that write none. */
export function characterOf(keysym: number): string | undefined {
  if (keysym >= UNICODE_KEYSYMS && keysym <= UNICODE_KEYSYMS + 0x10ffff) {
    return String.fromCodePoint(keysym - UNICODE_KEYSYMS);
  }
  if (keysym === KEYSYM.return) return '\n';
  if (keysym === KEYSYM.tab) return '\t';
  if ((keysym >= 0x20 && keysym < 0x7f) || (keysym >= 0xa0 && keysym <= 0xff))
    return String.fromCharCode(keysym);
  return LEGACY.get(keysym);
}
