import { type ChatMessage, type ChatReceipt, type ErrorCode, MAX_CHAT_CHARACTERS } from '@livelet/core';
import type { TestFunction } from './test-function.js';

/** A participant as its peer reaches it, and as its page shows it. */
export interface ChatParticipantUnderTest extends AsyncDisposable {
  /** Calls `deliver` with any JSON value; rejects with what the participant answers. */
  deliver(message: unknown): Promise<ChatReceipt>;
  /** The texts of the peer's messages that its page has been given, oldest first. */
  shown(): Promise<readonly string[]>;
}

export interface ChatCase {
  readonly title: string;
  readonly message: unknown;
  /** The answer; undefined: taken and shown. */
  readonly refused?: ErrorCode;
}

const message = (text: string): ChatMessage => ({ id: 'one', text, at: 1_700_000_000_000 });

/** One message each, to a participant that has none yet. */
export const CHAT_CASES: readonly ChatCase[] = [
  { title: 'plain words', message: message('Hello') },
  { title: 'lines and tabs', message: message('one\n\ttwo') },
  { title: 'many scripts and marks', message: message('Ж漢字 שלום مرحبا e\u0301 👩‍👩‍👧 \u202eturned') },
  {
    title: 'markup and links as they are',
    message: message('<img src=x onerror=alert(1)> https://example.org'),
  },
  { title: 'as many characters as fit', message: message('x'.repeat(MAX_CHAT_CHARACTERS)) },
  { title: 'as many characters outside the basic plane', message: message('😀'.repeat(MAX_CHAT_CHARACTERS)) },
  {
    title: 'one character too many',
    message: message('x'.repeat(MAX_CHAT_CHARACTERS + 1)),
    refused: 'chat-too-long',
  },
  { title: 'nothing', message: message(''), refused: 'chat-malformed' },
  { title: 'only spaces', message: message(' \n '), refused: 'chat-malformed' },
  { title: 'a control character', message: message('a\u0007b'), refused: 'chat-malformed' },
  { title: 'a zero byte', message: message('a\0b'), refused: 'chat-malformed' },
  { title: 'half a character', message: message('a\ud83d'), refused: 'chat-malformed' },
  { title: 'no object', message: 'Hello', refused: 'chat-malformed' },
  { title: 'null', message: null, refused: 'chat-malformed' },
  { title: 'no text', message: { id: 'one', at: 1 }, refused: 'chat-malformed' },
  {
    title: 'an id with other characters',
    message: { ...message('a'), id: '../x' },
    refused: 'chat-malformed',
  },
  { title: 'a long id', message: { ...message('a'), id: 'x'.repeat(65) }, refused: 'chat-malformed' },
  { title: 'a time that is none', message: { ...message('a'), at: -1 }, refused: 'chat-malformed' },
];

/**
 * Runs all cases of the chat contract against a participant.
 *
 * @param open a fresh participant for each case, with chat granted
 */
export function testChatParticipant(test: TestFunction, open: () => Promise<ChatParticipantUnderTest>): void {
  for (const { title, message, refused } of CHAT_CASES) {
    test(`chat participant: ${refused === undefined ? 'takes' : 'refuses'} ${title}`, async (t) => {
      await using participant = await open();
      t.is(await answer(participant, message), refused ?? 'taken');
      const text = (message as ChatMessage | null)?.text;
      t.deepEqual<readonly unknown[]>(await participant.shown(), refused === undefined ? [text] : []);
    });
  }
  test('chat participant: shows a message that is sent again once, with the same receipt', async (t) => {
    await using participant = await open();
    const first = await participant.deliver(message('Hello'));
    t.deepEqual(await participant.deliver(message('Hello')), first);
    t.deepEqual<readonly string[]>(await participant.shown(), ['Hello']);
  });
  test('chat participant: bounds a flood and goes on', async (t) => {
    await using participant = await open();
    const answers: string[] = [];
    for (let n = 0; n < 1000; n += 1) {
      answers.push(await answer(participant, { ...message(`${n}`), id: `m${n}` }));
    }
    t.true(answers.filter((each) => each === 'taken').length < 500);
    t.deepEqual(
      answers.filter((each) => each !== 'taken' && each !== 'request-too-soon'),
      [],
    );
  });
}

async function answer(participant: ChatParticipantUnderTest, message: unknown): Promise<string> {
  try {
    const { receivedAt } = await participant.deliver(message);
    return Number.isSafeInteger(receivedAt) ? 'taken' : 'no receipt';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}
