const encoder = new TextEncoder();

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Less is left to the garbage collector. Bytes. */
const WORTH_FREEING = 4_096;

/**
 * Gives large memory back at once: what crosses a fast line in a second is many times what may be resident, and each
 * collection that so much garbage causes would hold up what is typed. Whoever calls it is the last who has a view of
 * that memory; `bytes` is empty afterwards.
 * @param around bytes of the memory beside `bytes`; where there are others it is somebody else's too, and stays
 */
export function freeMemory(bytes: Uint8Array, around = 0): void {
  const { buffer, length } = bytes;
  if (length < WORTH_FREEING || buffer.byteLength !== length + around) return;
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}

/** Each part, text as UTF-8, with its length in LEB128 before it (draft-irtf-cfrg-cpace, A.1: `lv_cat`). */
export function lv(...parts: readonly (Uint8Array | string)[]): Uint8Array {
  return concat(
    ...parts.flatMap((part) => {
      const bytes = typeof part === 'string' ? utf8(part) : part;
      return [leb128(bytes.length), bytes];
    }),
  );
}

function leb128(length: number): Uint8Array {
  const digits: number[] = [];
  let rest = length;
  while (rest >= 0x80) {
    digits.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Uint8Array.of(...digits, rest);
}
