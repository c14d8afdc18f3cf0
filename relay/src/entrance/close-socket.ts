import { type Clock, CloseReason } from '@livelet/core/wire';
import type { WebSocket } from 'ws';

const NAMES: ReadonlyMap<CloseReason, string> = new Map(
  Object.entries(CloseReason).map(([name, code]) => [code, name]),
);

/** The name of a close reason, as logs and close frames say it. */
export function reasonName(reason: CloseReason): string {
  return NAMES.get(reason) ?? String(reason);
}

/** Stops reading, sends what is queued and then the reason; after `limitMs` the socket is gone either way. */
export function closeSocket(socket: WebSocket, reason: CloseReason, clock: Clock, limitMs: number): void {
  socket.removeAllListeners('message');
  if (socket.isPaused) socket.resume();
  if (socket.readyState === socket.CLOSED) return;
  const limit = clock.setTimer(limitMs, () => socket.terminate());
  socket.once('close', () => limit[Symbol.dispose]());
  socket.close(reason, reasonName(reason));
}
