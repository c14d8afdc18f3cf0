import type { Clock } from '@livelet/core/wire';
import type { RelaySettings } from '../settings.js';
import type { EndSocket } from './end-socket.js';

/**
 * Calls `idle` once nothing has come from an end for too long; looked at with every ping, so up to one ping later.
 * @param pings whether the relay may say something of its own to it
 */
export function keepAlive(
  end: EndSocket,
  clock: Clock,
  settings: RelaySettings,
  pings: boolean,
  idle: () => void,
): Disposable {
  let heard = clock.now();
  let { bytesRead } = end;
  let timer: Disposable;
  const beat = (): void => {
    const now = clock.now();
    // A paused end isn't read, so its silence says nothing; the stalled receiver behind it is watched instead.
    if (end.isPaused || end.bytesRead !== bytesRead) heard = now;
    bytesRead = end.bytesRead;
    if (now - heard >= settings.idleMs) {
      idle();
    } else {
      if (pings) end.ping();
      timer = clock.setTimer(settings.pingMs, beat);
    }
  };
  timer = clock.setTimer(settings.pingMs, beat);
  return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
}
