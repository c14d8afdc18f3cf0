import { ERROR_CODES, errorCodeFromNumber, LiveletError } from '../errors.js';
import {
  type InputMessage,
  type InputRefusal,
  type InputReply,
  KEY_COMBINATIONS,
  type KeyCombination,
  MAX_INPUT_TEXT,
  MAX_WHEEL_NOTCHES,
  POINTER_BUTTONS,
  type PointerButton,
} from './input.js';
import { keyCodeFromNumber, keyCodeNumber } from './input-keys.js';

/**
 * First byte of each message. Numbers are big-endian, and a message has exactly the bytes of its layout.
 *
 *     01 move         x u16 | y u16
 *     02 button       button u8 | down u8 | x u16 | y u16
 *     03 wheel        dx i8 | dy i8 | x u16 | y u16
 *     04 key          code u16 | down u8 | character u32 (code point, 0: none)
 *     05 text         UTF-8, 1 to 1,023 bytes
 *     06 release-all
 *     07 combination  number u8
 *     81 refused      reason u16 (error number) | type u8 of the refused message       target to controller
 */
export const INPUT_TYPES = {
  move: 0x01,
  button: 0x02,
  wheel: 0x03,
  key: 0x04,
  text: 0x05,
  'release-all': 0x06,
  combination: 0x07,
} as const satisfies Record<InputMessage['type'], number>;
export const INPUT_REFUSED = 0x81;

const LENGTHS: Readonly<Record<number, number>> = { 1: 5, 2: 7, 3: 7, 4: 8, 6: 1, 7: 2 };
const REFUSALS: readonly InputRefusal[] = [
  'input-outside-screen',
  'input-refused-own-window',
  'input-unavailable',
];

/** @throws `input-malformed` when a value doesn't fit its field */
export function encodeInput(message: InputMessage): Uint8Array {
  const type = INPUT_TYPES[message.type];
  switch (message.type) {
    case 'move':
      return Uint8Array.of(type, ...u16(message.x), ...u16(message.y));
    case 'button': {
      const button = POINTER_BUTTONS[message.button];
      return Uint8Array.of(type, button, message.down ? 1 : 0, ...u16(message.x), ...u16(message.y));
    }
    case 'wheel':
      checkNotches(message.dx, message.dy);
      return Uint8Array.of(type, message.dx, message.dy, ...u16(message.x), ...u16(message.y));
    case 'key': {
      const character = message.character === undefined ? 0 : soleCodePoint(message.character);
      const high = character >>> 16;
      const code = u16(keyCodeNumber(message.code));
      return Uint8Array.of(type, ...code, message.down ? 1 : 0, ...u16(high), ...u16(character & 0xffff));
    }
    case 'text': {
      checkText(message.text);
      const bytes = new TextEncoder().encode(message.text);
      if (bytes.length > MAX_INPUT_TEXT) throw malformed('text too long');
      const encoded = new Uint8Array(1 + bytes.length);
      encoded[0] = type;
      encoded.set(bytes, 1);
      return encoded;
    }
    case 'release-all':
      return Uint8Array.of(type);
    case 'combination':
      return Uint8Array.of(type, KEY_COMBINATIONS[message.combination]);
  }
}

/** @throws `input-malformed` */
export function decodeInput(bytes: Uint8Array): InputMessage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = bytes[0];
  if (type === undefined) throw malformed('empty');
  if (type === INPUT_TYPES.text) return { type: 'text', text: decodeText(bytes.subarray(1)) };
  if (bytes.length !== LENGTHS[type]) throw malformed('unknown type or wrong length');
  switch (type) {
    case INPUT_TYPES.move:
      return { type: 'move', ...point(view, 1) };
    case INPUT_TYPES.button:
      return { type: 'button', button: button(view.getUint8(1)), down: flag(view, 2), ...point(view, 3) };
    case INPUT_TYPES.wheel: {
      const [dx, dy] = [view.getInt8(1), view.getInt8(2)];
      checkNotches(dx, dy);
      return { type: 'wheel', dx, dy, ...point(view, 3) };
    }
    case INPUT_TYPES.key: {
      const code = keyCodeFromNumber(view.getUint16(1));
      if (code === undefined) throw malformed('unknown key');
      const key = { type: 'key', code, down: flag(view, 3) } as const;
      const character = view.getUint32(4);
      return character === 0 ? key : { ...key, character: characterOf(character) };
    }
    case INPUT_TYPES['release-all']:
      return { type: 'release-all' };
    default:
      return { type: 'combination', combination: combination(view.getUint8(1)) };
  }
}

export function encodeInputReply(reply: InputReply): Uint8Array {
  return Uint8Array.of(INPUT_REFUSED, ...u16(ERROR_CODES[reply.refused]), INPUT_TYPES[reply.message]);
}

/** @throws `input-malformed` */
export function decodeInputReply(bytes: Uint8Array): InputReply {
  if (bytes.length !== 4 || bytes[0] !== INPUT_REFUSED) throw malformed('not a reply');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const code = errorCodeFromNumber(view.getUint16(1));
  const refused = REFUSALS.find((known) => known === code);
  const message = nameOf(INPUT_TYPES, view.getUint8(3));
  if (refused === undefined || message === undefined) throw malformed('unknown reply');
  return { refused, message };
}

/** Splits text so that each part fits one message; never inside a character. */
export function splitInputText(text: string): string[] {
  const parts: string[] = [];
  let part = '';
  let size = 0;
  for (const character of text) {
    const bytes = utf8Length(character.codePointAt(0) ?? 0);
    if (size + bytes > MAX_INPUT_TEXT) {
      parts.push(part);
      part = '';
      size = 0;
    }
    part += character;
    size += bytes;
  }
  if (part !== '') parts.push(part);
  return parts;
}

function decodeText(bytes: Uint8Array): string {
  if (bytes.length > MAX_INPUT_TEXT) throw malformed('text too long');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new LiveletError('input-malformed', 'text is not UTF-8', { cause: error });
  }
  checkText(text);
  return text;
}

function checkText(text: string): void {
  if (text === '') throw malformed('empty text');
  // Control characters other than newline and tab, and surrogates that stand alone.
  if (/[^\P{Cc}\n\t]|\p{Cs}/u.test(text)) throw malformed('text has control characters');
}

function soleCodePoint(character: string): number {
  const value = character.codePointAt(0) ?? 0;
  if (character !== characterOf(value)) throw malformed('not one character');
  return value;
}

function characterOf(value: number): string {
  if (value > 0x10ffff) throw malformed('not a code point');
  const character = String.fromCodePoint(value);
  if (/[\p{Cc}\p{Cs}]/u.test(character)) throw malformed('not a printable character');
  return character;
}

function u16(value: number): [number, number] {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff) throw malformed('number out of range');
  return [value >>> 8, value & 0xff];
}

function checkNotches(dx: number, dy: number): void {
  const fits = (value: number): boolean => Number.isInteger(value) && Math.abs(value) <= MAX_WHEEL_NOTCHES;
  if (!fits(dx) || !fits(dy)) throw malformed('too many notches');
}

function point(view: DataView, offset: number): { x: number; y: number } {
  return { x: view.getUint16(offset), y: view.getUint16(offset + 2) };
}

function flag(view: DataView, offset: number): boolean {
  const value = view.getUint8(offset);
  if (value > 1) throw malformed('not a flag');
  return value === 1;
}

function button(number: number): PointerButton {
  const name = nameOf(POINTER_BUTTONS, number);
  if (name === undefined) throw malformed('unknown button');
  return name;
}

function combination(number: number): KeyCombination {
  const name = nameOf(KEY_COMBINATIONS, number);
  if (name === undefined) throw malformed('unknown combination');
  return name;
}

function nameOf<Name extends string>(
  numbers: Readonly<Record<Name, number>>,
  number: number,
): Name | undefined {
  return (Object.keys(numbers) as Name[]).find((name) => numbers[name] === number);
}

function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

function malformed(message: string): LiveletError {
  return new LiveletError('input-malformed', message);
}
