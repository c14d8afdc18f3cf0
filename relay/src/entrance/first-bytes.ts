import type { Socket } from 'node:net';

/** What `look` decides of the bytes so far: how many of them are taken away, or that it needs more. */
export type Look = (bytes: Buffer) => 'more' | { readonly take: number };

/**
 * Shows the first bytes of a socket to `look` until it has seen enough; the rest is put back, and the socket is left
 * paused for its next owner. The one who calls sees to the deadline. `look` bounds how many it asks for.
 */
export function readFirstBytes(socket: Socket, look: Look, done: () => void): void {
  let bytes = Buffer.alloc(0);
  const read = (chunk: Buffer): void => {
    bytes = Buffer.concat([bytes, chunk]);
    const seen = look(bytes);
    if (seen === 'more' || socket.destroyed) return;
    socket.off('data', read).pause();
    const rest = bytes.subarray(seen.take);
    if (rest.length > 0) socket.unshift(rest);
    done();
  };
  socket.on('data', read);
}
