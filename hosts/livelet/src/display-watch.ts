import { type Clock, LiveletError } from '@livelet/core';
import x11 from 'x11';

/** How long a display has to answer, ms. */
const ANSWER_TIME = 5_000;

/** A connection to the display that is to be shared, kept only to know that the display is there. */
export interface DisplayWatch extends Disposable {
  /** Aborted when the display goes. */
  readonly lost: AbortSignal;
}

/** @throws LiveletError `display-unavailable`: no name, nothing answers there, it has no such screen, or it refuses this user */
export function watchDisplay(name: string, clock: Clock): Promise<DisplayWatch> {
  const { promise, resolve, reject } = Promise.withResolvers<DisplayWatch>();
  const lost = new AbortController();
  const refuse = (cause?: unknown): void =>
    reject(
      new LiveletError('display-unavailable', `no X display at "${name}"`, {
        cause,
        data: { display: name, ...(isRefusal(cause) && { problem: 'refused' }) },
      }),
    );
  if (name === '') {
    refuse();
    return promise;
  }
  try {
    const client = x11.createClient({ display: name }, (error) => {
      timer[Symbol.dispose]();
      if (error) return refuse(error);
      if (Number(client.screenNum) >= client.display.screen.length) {
        client.terminate();
        return refuse();
      }
      resolve({ lost: lost.signal, [Symbol.dispose]: () => client.terminate() });
    });
    const timer = clock.setTimer(ANSWER_TIME, () => {
      client.terminate();
      refuse();
    });
    client.on('end', () => lost.abort());
    client.on('error', () => lost.abort());
  } catch (error) {
    refuse(error);
  }
  return promise;
}

/** Who isn't let in is told so, or the display hangs up at once; often that is known first. */
function isRefusal(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  const { code } = cause as NodeJS.ErrnoException;
  return (
    code === 'EPIPE' ||
    code === 'ECONNRESET' ||
    /^X server connection failed|closed before setup/.test(cause.message)
  );
}
