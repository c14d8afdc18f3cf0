import {
  type ClipboardAnswer,
  type ClipboardRefusal,
  type CopiedContent,
  decodeClipboardAnswer,
  type ErrorCode,
  encodeClipboard,
  formatsOf,
  MAX_CLIPBOARD_CHUNK,
} from '@livelet/core';
import { solidPng } from './solid-png.js';
import type { TestFunction } from './test-function.js';

/** A half that takes what the other person copied, as its peer reaches it. */
export interface ClipboardTakerUnderTest extends AsyncDisposable {
  /** Sends messages over one stream, in order; resolves with the first answer, or the code of a reset. */
  exchange(messages: readonly Uint8Array[]): Promise<Uint8Array | ErrorCode>;
  /** The text that can be pasted at its end now. */
  pasted(): Promise<string | undefined>;
}

export interface ClipboardCase {
  readonly title: string;
  readonly content: CopiedContent;
  /** The answer; undefined: taken. */
  readonly refused?: ClipboardRefusal;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const TEXT = utf8('Grüße, 漢字 👩‍👩‍👧');

/** One content each, to a half that has none yet. Those with text are pasted as `Grüße, 漢字 👩‍👩‍👧`. */
export const CLIPBOARD_CASES: readonly ClipboardCase[] = [
  { title: 'text', content: { text: TEXT } },
  {
    title: 'text with HTML and a picture',
    content: { text: TEXT, html: utf8('<b>x</b>'), png: solidPng(8, 8, 1) },
  },
  { title: 'a picture', content: { png: solidPng(8, 8, 0xff) } },
  { title: 'HTML with scripts, as it is', content: { text: TEXT, html: utf8('<script>alert(1)</script>') } },
  { title: 'text that is not UTF-8', content: { text: Uint8Array.of(0xff) }, refused: 'clipboard-malformed' },
  { title: 'text with a NUL', content: { text: utf8('a\0b') }, refused: 'clipboard-malformed' },
  {
    title: 'HTML that is not UTF-8',
    content: { html: Uint8Array.of(0xc0, 0x80) },
    refused: 'clipboard-malformed',
  },
  { title: 'a picture that is none', content: { png: utf8('<svg/>') }, refused: 'clipboard-malformed' },
  {
    title: 'a picture that is cut short',
    content: { png: solidPng(8, 8, 1).subarray(0, 60) },
    refused: 'clipboard-malformed',
  },
  {
    title: 'a picture without its pixels',
    content: { png: solidPng(4000, 4000, 1, 'header') },
    refused: 'clipboard-malformed',
  },
  {
    title: 'a picture larger than any memory',
    content: { png: solidPng(0x7fffffff, 0x7fffffff, 1, 'header') },
    refused: 'clipboard-too-large',
  },
];

const begin = (...lengths: [number, number][]): Uint8Array => {
  const bytes = [1, 0, 0, 0, 1, lengths.length];
  for (const [format, length] of lengths) {
    bytes.push(format, (length >>> 24) & 255, (length >>> 16) & 255, (length >>> 8) & 255, length & 255);
  }
  return Uint8Array.from(bytes);
};

/** What no honest end sends, and the code that the stream is reset with. */
export const CLIPBOARD_ATTACKS: readonly {
  readonly title: string;
  readonly messages: readonly Uint8Array[];
  readonly reset: ErrorCode;
}[] = [
  { title: 'an unknown message', messages: [Uint8Array.of(9)], reset: 'clipboard-malformed' },
  { title: 'an empty message', messages: [new Uint8Array()], reset: 'clipboard-malformed' },
  { title: 'nothing that begins', messages: [begin()], reset: 'clipboard-malformed' },
  { title: 'an unknown format', messages: [begin([7, 1])], reset: 'clipboard-malformed' },
  { title: 'a format twice', messages: [begin([0, 1], [0, 1])], reset: 'clipboard-malformed' },
  { title: 'no bytes', messages: [begin([0, 0])], reset: 'clipboard-malformed' },
  { title: '4 GB of text', messages: [begin([0, 0xffffffff])], reset: 'clipboard-too-large' },
  { title: 'a picture of 16 MiB', messages: [begin([2, 16 * 1024 * 1024])], reset: 'clipboard-too-large' },
  { title: 'data before its begin', messages: [Uint8Array.of(2, 65)], reset: 'clipboard-malformed' },
  {
    title: 'more data than said',
    messages: [begin([0, 1]), Uint8Array.of(2, 65, 66)],
    reset: 'clipboard-malformed',
  },
  { title: 'data without bytes', messages: [begin([0, 1]), Uint8Array.of(2)], reset: 'clipboard-malformed' },
  { title: 'a begin within another', messages: [begin([0, 9]), begin([0, 9])], reset: 'clipboard-malformed' },
  { title: 'ready where nobody asks', messages: [Uint8Array.of(5)], reset: 'clipboard-malformed' },
  { title: 'an unknown reason', messages: [Uint8Array.of(4, 0, 1)], reset: 'clipboard-malformed' },
  {
    title: 'a message over the limit',
    messages: [new Uint8Array(40_000).fill(2)],
    reset: 'message-too-large',
  },
];

/** The messages that carry `content`. */
export function clipboardMessages(id: number, content: CopiedContent): Uint8Array[] {
  const lengths = Object.fromEntries(formatsOf(content).map((format) => [format, content[format]?.length]));
  const messages = [encodeClipboard({ type: 'begin', id, lengths })];
  for (const format of formatsOf(content)) {
    const bytes = content[format] ?? new Uint8Array();
    for (let at = 0; at < bytes.length; at += MAX_CLIPBOARD_CHUNK) {
      messages.push(encodeClipboard({ type: 'data', bytes: bytes.subarray(at, at + MAX_CLIPBOARD_CHUNK) }));
    }
  }
  return messages;
}

/**
 * Runs all cases of the clipboard contract against a half that takes.
 *
 * @param open a fresh one for each case, with the capability granted
 */
export function testClipboardTaker(test: TestFunction, open: () => Promise<ClipboardTakerUnderTest>): void {
  for (const { title, content, refused } of CLIPBOARD_CASES) {
    test(`clipboard: ${refused === undefined ? 'takes' : 'refuses'} ${title}`, async (t) => {
      await using taker = await open();
      const answer = await taker.exchange(clipboardMessages(7, content));
      const expected: ClipboardAnswer = refused === undefined ? { id: 7 } : { id: 7, refused };
      t.deepEqual<unknown>(typeof answer === 'string' ? answer : decodeClipboardAnswer(answer), expected);
      const pasted = refused === undefined && content.text ? 'Grüße, 漢字 👩‍👩‍👧' : undefined;
      t.is(await taker.pasted(), pasted);
    });
  }
  for (const { title, messages, reset } of CLIPBOARD_ATTACKS) {
    test(`clipboard: resets on ${title}`, async (t) => {
      await using taker = await open();
      t.is<unknown>(await taker.exchange(messages), reset);
      t.is(await taker.pasted(), undefined);
    });
  }
}
