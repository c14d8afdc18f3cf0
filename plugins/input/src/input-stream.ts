import {
  asLiveletError,
  type ByteStream,
  decodeInput,
  encodeInputReply,
  type InputMessage,
  type InputRefusal,
  MAX_INPUT_MESSAGE,
  type MessageStream,
  messageStream,
} from '@livelet/core';
import type { Injector } from './injector.js';
import { InputQueue } from './input-queue.js';

/** Answers that may wait for a controller that reads none, bytes; further ones are left out. */
const MAX_QUEUED_REPLIES = 4096;

/**
 * Serves one controller until its stream ends, and then lets go of all that it pressed. Never rejects: what goes
 * wrong resets the stream.
 *
 * @param open gives the injector; the signal is aborted when the stream is over
 */
export async function serveInput(
  stream: ByteStream,
  open: (signal: AbortSignal) => Promise<Injector>,
): Promise<void> {
  const messages = messageStream(stream, MAX_INPUT_MESSAGE);
  const queue = new InputQueue();
  const over = new AbortController();
  const abandon = (): void => {
    over.abort();
    queue.drop();
  };
  void stream.closed.then((code) => {
    if (code !== undefined) abandon();
  });
  try {
    await using injector = await open(over.signal);
    void injector.ended.then(() => {
      if (!over.signal.aborted) stream.reset('display-lost');
    });
    const injecting = injectAll(queue, injector, messages)
      .catch((error: unknown) => stream.reset(asLiveletError(error).code))
      .finally(abandon);
    try {
      for await (const bytes of messages) {
        const message = decode(bytes, stream);
        // What is held doesn't wait for a text to end. In its turn it lets go of what was pressed since.
        if (message.type === 'release-all' && queue.holdsText) injector.releaseAll();
        await queue.push(message);
      }
      queue.finish();
    } catch (error) {
      abandon();
      stream.reset(asLiveletError(error).code);
    }
    await injecting;
    messages.closeWrite();
  } catch (error) {
    stream.reset(asLiveletError(error).code);
  }
}

/** Resets the stream before it throws: a reader that gives up would end it without saying why. */
function decode(bytes: Uint8Array, stream: ByteStream): InputMessage {
  try {
    return decodeInput(bytes);
  } catch (error) {
    stream.reset(asLiveletError(error).code);
    throw error;
  }
}

async function injectAll(queue: InputQueue, injector: Injector, replies: MessageStream): Promise<void> {
  let stuck: InputRefusal | undefined;
  for (let message = await queue.shift(); message !== undefined; message = await queue.shift()) {
    const refused = await injector.inject(message);
    const known = message.type === 'move' && refused === stuck;
    if (message.type === 'move') stuck = refused;
    if (refused !== undefined && !known) reply(replies, refused, message.type);
  }
}

/** A pointer that keeps moving where it may not is told once; each other message gets its answer. */
function reply(replies: MessageStream, refused: InputRefusal, message: InputMessage['type']): void {
  if (replies.queuedBytes > MAX_QUEUED_REPLIES) return;
  // A stream that is over needs no answers, and its end is seen where it is read.
  replies.send(encodeInputReply({ refused, message })).catch(() => undefined);
}
