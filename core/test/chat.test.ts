import test from 'ava';
import fc from 'fast-check';
import {
  checkChatText,
  countCharacters,
  displayChatText,
  LiveletError,
  MAX_CHAT_CHARACTERS,
  readChatMessage,
} from '../src/index.js';

test('the limit counts characters, not code units', (t) => {
  t.notThrows(() => checkChatText('😀'.repeat(MAX_CHAT_CHARACTERS)));
  t.throws(() => checkChatText('😀'.repeat(MAX_CHAT_CHARACTERS + 1)), { code: 'chat-too-long' });
  t.throws(() => checkChatText('x'.repeat(MAX_CHAT_CHARACTERS + 1)), { code: 'chat-too-long' });
  t.is(countCharacters('a😀é'), 3);
  t.is(countCharacters('aaaaaaaa', 3), 4);
});

test('any JSON is a message that reads the same again, or is refused with a code of the chat', (t) => {
  const field = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.jsonValue());
  const candidate = fc.oneof(
    fc.jsonValue(),
    fc.record({ id: field, text: field, at: field }, { requiredKeys: [] }),
    fc.record({
      id: fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
      text: fc.string({ unit: 'grapheme', minLength: 1 }),
      at: fc.nat(),
    }),
  );
  let taken = 0;
  fc.assert(
    fc.property(candidate, (value) => {
      try {
        const message = readChatMessage(value);
        t.deepEqual(readChatMessage({ ...message }), message);
        taken += 1;
      } catch (error) {
        t.true(error instanceof LiveletError && /^chat-/.test(error.code));
      }
    }),
    { numRuns: 2000 },
  );
  t.true(taken > 100);
});

test('what turns the direction of text is not shown, and nothing else is changed', (t) => {
  t.is(displayChatText('safe\u202egpj.exe \u2066x\u2069'), 'safegpj.exe x');
  const plain = 'שלום مرحبا \u200fمرحبا\u200e 👩‍👩‍👧 e\u0301 漢字\n\t';
  t.is(displayChatText(plain), plain);
});
