import { asLiveletError, type MessageStream } from '@livelet/core';

/** What goes wrong while a message is read is what the peer is told: leaving the loop first would say `cancelled`. */
export function resetting(stream: MessageStream, hear: () => void): void {
  try {
    hear();
  } catch (error) {
    stream.reset(asLiveletError(error).code);
    throw error;
  }
}
