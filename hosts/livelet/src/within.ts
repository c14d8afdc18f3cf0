/**
 * Waits for `work`, but no longer than `limit` ms, and takes its failure for its end. In real time: what hangs at the
 * end must not keep the program, whatever clock it was given.
 */
export function within(limit: number, work: PromiseLike<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, limit);
  work.then(resolve, () => resolve());
  return promise.finally(() => clearTimeout(timer));
}
