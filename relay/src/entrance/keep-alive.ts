import type { Clock } from '@livelet/core/wire';
import type { WebSocket } from 'ws';
import type { RelaySettings } from '../settings.js';

/** Pings a socket, and calls `idle` once nothing has come from it for too long. */
export function keepAlive(
  socket: WebSocket,
  clock: Clock,
  settings: RelaySettings,
  idle: () => void,
): Disposable {
  let heard = clock.now();
  let timer: Disposable;
  const onHeard = (): void => {
    heard = clock.now();
  };
  const beat = (): void => {
    // A paused socket isn't read, so its silence says nothing; the stalled receiver behind it is watched instead.
    if (socket.isPaused) onHeard();
    if (clock.now() - heard >= settings.idleMs) {
      idle();
    } else {
      socket.ping();
      timer = clock.setTimer(settings.pingMs, beat);
    }
  };
  timer = clock.setTimer(settings.pingMs, beat);
  socket.on('message', onHeard).on('pong', onHeard);
  return {
    [Symbol.dispose]: () => {
      timer[Symbol.dispose]();
      socket.off('message', onHeard).off('pong', onHeard);
    },
  };
}
