import type { MessageStream } from '@livelet/core';

/** A stream of which the first messages were taken already: iterating gives the others. */
export function restOf(stream: MessageStream, iterator: AsyncIterator<Uint8Array>): MessageStream {
  return {
    get queuedBytes() {
      return stream.queuedBytes;
    },
    send: (message) => stream.send(message),
    closeWrite: () => stream.closeWrite(),
    reset: (code) => stream.reset(code),
    [Symbol.asyncIterator]: () => iterator,
  };
}
