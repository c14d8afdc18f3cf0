import {
  type ArrivalLimit,
  asLiveletError,
  type ByteStream,
  CLIPBOARD_FORMATS,
  type ClipboardMessage,
  type ClipboardRefusal,
  type CopiedContent,
  type CopiedLengths,
  checkCopied,
  decodeClipboard,
  encodeClipboardAnswer,
  isClipboardRefusal,
  LiveletError,
  MAX_CLIPBOARD_MESSAGE,
  messageStream,
} from '@livelet/core';
import { checkPngPixels } from './png-pixels.js';

/** More than a person copies: things in 10 s. */
export const MOST_ARRIVALS = 20;

/** What is done with what the other person copied. */
export interface CopiedTaker {
  /** The content is checked. Throws a LiveletError when it can't be taken. */
  take(content: CopiedContent): Promise<void>;
  /** Why something isn't there: it couldn't be taken here, or wasn't sent. */
  missed(refusal: ClipboardRefusal): void;
  /** What is copied at the other end comes from now on. @default no honest end says so */
  ready?(): void;
}

/**
 * Takes what arrives until the stream ends, one thing after the other: the next one waits, by the stream's credit,
 * until this one is dealt with. A message that no honest end sends resets the stream. Never rejects.
 */
export async function receiveCopied(
  stream: ByteStream,
  limit: ArrivalLimit,
  taker: CopiedTaker,
): Promise<void> {
  const messages = messageStream(stream, MAX_CLIPBOARD_MESSAGE);
  let arriving: Arriving | undefined;
  try {
    for await (const bytes of messages) {
      const message = readOrReset(bytes, stream);
      if (message.type === 'skipped') taker.missed(message.reason);
      else if (message.type === 'ready' && taker.ready) taker.ready();
      else arriving = follow(message, arriving, stream);
      if (!arriving?.isComplete) continue;
      const { id } = arriving;
      const content = arriving.content;
      arriving = undefined;
      const refused = await refusalOf(content, limit, taker);
      if (refused !== undefined) taker.missed(refused);
      await messages.send(encodeClipboardAnswer(refused === undefined ? { id } : { id, refused }));
    }
  } catch {
    // The stream's end; whoever opened it knows why.
  }
}

async function refusalOf(
  content: CopiedContent,
  limit: ArrivalLimit,
  taker: CopiedTaker,
): Promise<ClipboardRefusal | undefined> {
  try {
    limit.check();
    const checked = checkCopied(content);
    if (checked.png) await checkPngPixels(checked.png);
    await taker.take(checked);
    return undefined;
  } catch (error) {
    const { code } = asLiveletError(error);
    return isClipboardRefusal(code) ? code : 'clipboard-unavailable';
  }
}

/** Resets the stream before it throws: a reader that gives up would end it without saying why. */
function readOrReset(bytes: Uint8Array, stream: ByteStream): ClipboardMessage {
  try {
    return decodeClipboard(bytes);
  } catch (error) {
    stream.reset(asLiveletError(error).code);
    throw error;
  }
}

function follow(
  message: ClipboardMessage,
  arriving: Arriving | undefined,
  stream: ByteStream,
): Arriving | undefined {
  if (message.type === 'begin' && !arriving) return new Arriving(message.id, message.lengths);
  if (message.type === 'data' && arriving?.add(message.bytes)) return arriving;
  if (message.type === 'cancel') return undefined;
  stream.reset('clipboard-malformed');
  throw new LiveletError('clipboard-malformed', `${message.type} out of order`);
}

/** One thing on its way: its length is known and bounded, and taken at once. */
class Arriving {
  readonly id: number;
  readonly #lengths: CopiedLengths;
  readonly #bytes: Uint8Array;
  #filled = 0;

  constructor(id: number, lengths: CopiedLengths) {
    this.id = id;
    this.#lengths = lengths;
    this.#bytes = new Uint8Array(CLIPBOARD_FORMATS.reduce((sum, format) => sum + (lengths[format] ?? 0), 0));
  }

  get isComplete(): boolean {
    return this.#filled === this.#bytes.length;
  }

  /** @returns false for more than was said */
  add(bytes: Uint8Array): boolean {
    if (bytes.length > this.#bytes.length - this.#filled) return false;
    this.#bytes.set(bytes, this.#filled);
    this.#filled += bytes.length;
    return true;
  }

  get content(): CopiedContent {
    const content: { -readonly [F in keyof CopiedContent]: CopiedContent[F] } = {};
    let at = 0;
    for (const format of CLIPBOARD_FORMATS) {
      const length = this.#lengths[format];
      if (length === undefined) continue;
      content[format] = this.#bytes.subarray(at, at + length);
      at += length;
    }
    return content;
  }
}
