import test from 'ava';
import fc from 'fast-check';
import {
  decodeInput,
  decodeInputReply,
  encodeInput,
  encodeInputReply,
  type InputMessage,
  type InputReply,
  KEY_CODES,
  keyCodeFromNumber,
  keyCodeNumber,
  LiveletError,
  MAX_INPUT_MESSAGE,
  MAX_WHEEL_NOTCHES,
  POINTER_BUTTONS,
  splitInputText,
} from '../src/index.js';
import { fromHex, hex, readVectors } from './channel-fixtures.js';

interface Vectors {
  readonly messages: readonly { readonly message: InputMessage; readonly hex: string }[];
  readonly replies: readonly { readonly reply: InputReply; readonly hex: string }[];
  readonly malformed: readonly string[];
}
const vectors = readVectors<Vectors>('input-wire.json');

test('the input vectors, byte for byte, both ways', (t) => {
  for (const { message, hex: expected } of vectors.messages) {
    t.is(hex(encodeInput(message)), expected);
    t.deepEqual(decodeInput(fromHex(expected)), message);
  }
  for (const { reply, hex: expected } of vectors.replies) {
    t.is(hex(encodeInputReply(reply)), expected);
    t.deepEqual(decodeInputReply(fromHex(expected)), reply);
  }
});

test('what no layout fits is refused', (t) => {
  for (const malformed of vectors.malformed) {
    t.throws(() => decodeInput(fromHex(malformed)), { code: 'input-malformed' }, malformed);
  }
  for (const malformed of ['', '81025e', '81025e0100', '80025e01', '81025e00', '8102bc01', '81ffff01']) {
    t.throws(() => decodeInputReply(fromHex(malformed)), { code: 'input-malformed' }, malformed);
  }
});

const place = { x: fc.integer({ min: 0, max: 0xffff }), y: fc.integer({ min: 0, max: 0xffff }) };
const notches = fc.integer({ min: -MAX_WHEEL_NOTCHES, max: MAX_WHEEL_NOTCHES });
const printable = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 1 })
  .filter((text) => !/[\p{Cc}\p{Cs}]/u.test(text));
const message = fc.oneof(
  fc.record({ type: fc.constant('move' as const), ...place }),
  fc.record({
    type: fc.constant('button' as const),
    button: fc.constantFrom(...(Object.keys(POINTER_BUTTONS) as (keyof typeof POINTER_BUTTONS)[])),
    down: fc.boolean(),
    ...place,
  }),
  fc.record({ type: fc.constant('wheel' as const), dx: notches, dy: notches, ...place }),
  fc.record(
    {
      type: fc.constant('key' as const),
      code: fc.constantFrom(...KEY_CODES),
      down: fc.boolean(),
      character: printable,
    },
    { requiredKeys: ['type', 'code', 'down'] },
  ),
  fc.record({
    type: fc.constant('text' as const),
    text: fc.array(printable, { minLength: 1, maxLength: 200 }).map((units) => units.join('')),
  }),
) as fc.Arbitrary<InputMessage>;

test('every message comes back as it went', (t) => {
  fc.assert(
    fc.property(message, (sent) => {
      const encoded = encodeInput(sent);
      t.true(encoded.length <= MAX_INPUT_MESSAGE);
      t.deepEqual(decodeInput(encoded), sent);
    }),
  );
});

test('any bytes are a message that encodes to the same bytes, or are refused', (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 16 }), (received) => {
      try {
        t.deepEqual(encodeInput(decodeInput(received)), received);
      } catch (error) {
        t.true(error instanceof LiveletError && error.code === 'input-malformed');
      }
    }),
    { numRuns: 5000 },
  );
});

test('values that fit no field are refused before they are sent', (t) => {
  const refused = (sent: InputMessage): void => {
    t.throws(() => encodeInput(sent), { code: 'input-malformed' }, JSON.stringify(sent));
  };
  for (const x of [-1, 65_536, 1.5, Number.NaN]) refused({ type: 'move', x, y: 0 });
  refused({ type: 'wheel', dx: 33, dy: 0, x: 0, y: 0 });
  refused({ type: 'wheel', dx: 0, dy: 0.5, x: 0, y: 0 });
  refused({ type: 'key', code: 'KeyA', down: true, character: 'ab' });
  refused({ type: 'key', code: 'KeyA', down: true, character: '' });
  refused({ type: 'key', code: 'KeyA', down: true, character: '\u0003' });
  refused({ type: 'text', text: '' });
  refused({ type: 'text', text: 'a\u0007' });
  refused({ type: 'text', text: '\ud83d' });
  refused({ type: 'text', text: 'x'.repeat(1024) });
});

test('long text is split between characters into parts that fit', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 4000 }), (text) => {
      const parts = splitInputText(text);
      t.is(parts.join(''), text);
      for (const part of parts) t.true(Buffer.byteLength(part) <= MAX_INPUT_MESSAGE - 1 && part !== '');
    }),
    { numRuns: 50 },
  );
});

test('each key has its own number, and no other number is a key', (t) => {
  t.is(new Set(KEY_CODES).size, KEY_CODES.length);
  for (const code of KEY_CODES) t.is(keyCodeFromNumber(keyCodeNumber(code)), code);
  for (const number of [0, -1, KEY_CODES.length + 1, 65_535]) t.is(keyCodeFromNumber(number), undefined);
});
