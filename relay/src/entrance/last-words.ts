import type { Socket } from 'node:net';

/** Bytes of one turn of the event loop. */
const TURN = 64 * 1024;
/** What a guest who broke the rules may have had on its way when it was told; the rest isn't worth decrypting. */
const OF_A_BREAKER = 256 * 1024;

/**
 * For a connection that has been told goodbye, until its owner's deadline destroys it: it is read on, so that the other
 * side's own goodbye is seen behind all that it had sent, but a little at a time, as nobody waits for it.
 * @param isBreaker it broke the rules: after some bytes it isn't read any more, and waits with its window full
 */
export function hearLastWords(socket: Socket, isBreaker: boolean): void {
  let left = isBreaker ? OF_A_BREAKER : Number.POSITIVE_INFINITY;
  let turn = TURN;
  socket.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    turn -= chunk.length;
    if (left < 0) {
      socket.pause();
    } else if (turn < 0) {
      turn = TURN;
      socket.pause();
      setImmediate(() => socket.resume());
    }
  });
}
