import type { PageLink } from './page-link.js';
import type { PageToHost } from './page-protocol.js';

/** What the person presses next, of the given kinds; undefined when `signal` is aborted first. */
export function nextMessage<T extends PageToHost['type']>(
  link: PageLink,
  types: readonly T[],
  signal: AbortSignal,
): Promise<Extract<PageToHost, { type: T }> | undefined> {
  const { promise, resolve } = Promise.withResolvers<Extract<PageToHost, { type: T }> | undefined>();
  if (signal.aborted) return Promise.resolve(undefined);
  const listening = link.onMessage((message) => {
    if ((types as readonly string[]).includes(message.type))
      resolve(message as Extract<PageToHost, { type: T }>);
  });
  const stop = (): void => resolve(undefined);
  signal.addEventListener('abort', stop);
  return promise.finally(() => {
    listening[Symbol.dispose]();
    signal.removeEventListener('abort', stop);
  });
}
