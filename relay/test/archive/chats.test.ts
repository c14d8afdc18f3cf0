import type { TranscriptMessage, TranscriptPart } from '@livelet/core';
import test from 'ava';
import { type FoundPart, sortParts } from '../../src/archive-tool/chats.js';
import { exportChats } from '../../src/archive-tool/export-chats.js';
import { searchChats } from '../../src/archive-tool/read-chats.js';

const [SESSION, OTHER_SESSION] = ['a'.repeat(32), 'b'.repeat(32)];
const MARIA = { name: 'Maria Rossi', key: 'maria' };
const ANNA = { name: 'Anna', key: 'anna' };
const MALLORY = { name: 'Maria Rossi', key: 'mallory' };
const OPERATORS = new Set(['maria', 'ugo']);

const message = (id: string, text: string, more: Partial<TranscriptMessage> = {}): TranscriptMessage => ({
  id,
  from: 'operator',
  text,
  at: Date.UTC(2026, 0, 31, 9, 0, Number(id)),
  delivered: true,
  ...more,
});

let numbers = 0;
function found(part: Partial<TranscriptPart>, owner?: string): FoundPart {
  numbers += 1;
  const side = part.side ?? 'operator';
  const [author, peer] = side === 'operator' ? [MARIA, ANNA] : [ANNA, MARIA];
  const from = side === 'operator' ? 'operator:1' : `session:1:${SESSION}`;
  return {
    number: numbers,
    owner: owner ?? from,
    size: 100,
    part: {
      session: SESSION,
      side,
      part: 0,
      startedAt: Date.UTC(2026, 0, 31, 9),
      author,
      peer,
      messages: [message('1', 'hello')],
      ...part,
    },
  };
}

test('what both ends tell is one chat; what only one tells, or tells otherwise, is marked', (t) => {
  const ours = found({
    part: 1,
    messages: [message('2', 'two'), message('4', 'four', { delivered: false })],
  });
  const first = found({ messages: [message('1', 'one')] });
  const theirs = found({
    side: 'customer',
    messages: [message('1', 'one'), message('2', 'TWO'), message('3', 'three'), message('4', 'four')],
  });
  const { chats, doubtful } = sortParts([theirs, ours, first], OPERATORS);
  t.deepEqual(doubtful, []);
  t.is(chats.length, 1);
  t.deepEqual(
    chats[0]?.messages.map(({ id, text, delivered, told, differs }) => [
      id,
      text,
      delivered,
      told.length,
      differs,
    ]),
    [
      ['1', 'one', true, 2, false],
      ['2', 'two', true, 2, true],
      ['3', 'three', true, 1, false],
      ['4', 'four', true, 2, false],
    ],
  );
  t.like(chats[0], { operator: MARIA, customer: ANNA, size: 300, told: ['operator', 'customer'] });
});

const DOUBTS: Record<string, [FoundPart, string]> = {
  'a part by somebody who calls themself an operator': [found({ author: MALLORY }), 'operator-unknown'],
  'a customer who plays the operator': [
    found({ side: 'operator', author: MALLORY }, `session:1:${SESSION}`),
    'operator-unknown',
  ],
  'an operator’s words that came by a customer’s right': [
    found({ side: 'operator' }, `session:1:${SESSION}`),
    'operator-unknown',
  ],
  'a right that was used for another session': [
    found({ side: 'customer', session: OTHER_SESSION }),
    'session-foreign',
  ],
  'a customer’s words that an operator handed in': [
    found({ side: 'customer' }, 'operator:1'),
    'session-foreign',
  ],
  'a customer whom the operator did not meet': [
    found({ side: 'customer', author: MALLORY }),
    'customer-unknown',
  ],
};
for (const [what, [part, doubt]] of Object.entries(DOUBTS)) {
  test(`${what} is in no chat, and named`, (t) => {
    const good = found({});
    const { chats, doubtful } = sortParts([good, part], OPERATORS);
    t.deepEqual(doubtful, [{ number: part.number, doubt }]);
    t.deepEqual(
      chats.map((chat) => chat.numbers),
      [[good.number]],
    );
  });
}

test('a part that is missing before others is noticed', (t) => {
  const { chats } = sortParts(
    [found({ part: 0 }), found({ part: 2 }), found({ side: 'customer', part: 1 })],
    OPERATORS,
  );
  t.is(chats[0]?.missing, 2);
  t.true(exportChats(chats, 'text').includes('2 parts are missing'));
  t.is(sortParts([found({})], OPERATORS).chats[0]?.missing, 0);
});

test('two operators in one session are two chats', (t) => {
  const ugo = found({ author: { name: 'Ugo', key: 'ugo' } });
  t.is(sortParts([found({}), ugo], OPERATORS).chats.length, 2);
});

test('search looks into names and messages, whatever their case', (t) => {
  const { chats } = sortParts([found({ messages: [message('1', 'Fattura n. 12')] })], OPERATORS);
  for (const text of ['FATTURA', 'maria', 'anna', '12']) t.is(searchChats(chats, text).length, 1, text);
  t.is(searchChats(chats, 'bolletta').length, 0);
});

test('exports hold every message, and nothing that a program would obey', (t) => {
  const messages = [
    message('1', '=HYPERLINK("http://x")'),
    message('2', 'two\nlines, "quoted"'),
    message('3', 'red\u001b[31m \u202egnp.exe', { delivered: false }),
    message('4', ' \uFF1D1'),
  ];
  const { chats } = sortParts([found({ messages })], OPERATORS);
  const rows = exportChats(chats, 'csv').split('\r\n');
  t.is(rows[0], 'session,time,operator,customer,from,text,delivered,told by,differs');
  t.is(
    rows[1],
    `${SESSION},2026-01-31T09:00:01.000Z,Maria Rossi,Anna,operator,"'=HYPERLINK(""http://x"")",true,operator,false`,
  );
  t.true(rows[2]?.includes('"two\nlines, ""quoted"""'));
  t.true(rows[4]?.includes(",' \uFF1D1,"));
  const text = exportChats(chats, 'text');
  t.true(text.includes('2026-01-31T09:00:02.000Z Maria Rossi: two\n    lines, "quoted"'));
  t.true(text.includes('Maria Rossi (not delivered): red[31m gnp.exe'));
  t.deepEqual(JSON.parse(exportChats(chats, 'json')), JSON.parse(JSON.stringify(chats)));
});
