import type { Clock } from '../clock.js';
import { LiveletError } from '../errors.js';

/** An AbortSignal whose reason is always a LiveletError; disposing it stops its timer and aborts nothing. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
}

/** Aborts with `deadline-exceeded` after `delay` ms, or with `cancelled` as soon as `parent` aborts. */
export function startDeadline(clock: Clock, delay: number, parent?: AbortSignal): Deadline {
  const controller = new AbortController();
  const cancel = (): void =>
    controller.abort(new LiveletError('cancelled', undefined, { cause: parent?.reason }));
  const timer = clock.setTimer(delay, () =>
    controller.abort(new LiveletError('deadline-exceeded', undefined, { data: { delayMs: delay } })),
  );
  if (parent?.aborted) cancel();
  else parent?.addEventListener('abort', cancel, { once: true });
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      timer[Symbol.dispose]();
      parent?.removeEventListener('abort', cancel);
    },
  };
}
