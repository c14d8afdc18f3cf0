import test from 'ava';
import fc from 'fast-check';
import { concat, freeMemory, lv, utf8 } from '../src/channel/bytes.js';
import { hex } from './channel-fixtures.js';

test('lengths in LEB128, as the draft has them', (t) => {
  t.is(hex(lv('1234')), '0431323334');
  t.is(hex(lv('', 'a')), '000161');
  t.is(hex(lv(new Uint8Array(127)).subarray(0, 2)), '7f00');
  t.is(hex(lv(new Uint8Array(128)).subarray(0, 3)), '800100');
  t.is(hex(lv(new Uint8Array(16_384)).subarray(0, 4)), '80800100');
});

test('no two lists have the same encoding', (t) => {
  const lists = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 });
  const encoded = new Map<string, string>();
  fc.assert(
    fc.property(lists, (list) => {
      const code = hex(lv(...list));
      const names = list.map(hex).join(' ') + list.length;
      t.is(encoded.get(code) ?? names, names);
      encoded.set(code, names);
    }),
  );
});

test('concat keeps every byte', (t) => {
  t.is(hex(concat()), '');
  t.is(hex(concat(utf8('ab'), new Uint8Array(), utf8('è'))), '6162c3a8');
});

test('memory that nobody shares is given back at once, other memory stays', (t) => {
  const own = new Uint8Array(10_000).fill(1);
  freeMemory(own);
  t.is(own.length, 0);
  const shared = new Uint8Array(10_000).fill(1);
  for (const [part, around] of [
    [shared.subarray(0, 9_999), 0],
    [shared.subarray(7), 13],
    [shared.subarray(7), 0],
  ] as const) {
    freeMemory(part, around);
    t.is(shared[9_998], 1);
  }
  freeMemory(shared.subarray(7), 7);
  t.is(shared.length, 0);
  const small = new Uint8Array(100);
  freeMemory(small);
  t.is(small.length, 100);
});
