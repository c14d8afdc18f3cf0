import { LiveletError } from '@livelet/core/wire';

/** The database can't be used at the moment; `cause` says why. Drivers don't put passwords into their messages. */
export function storeUnavailable(cause: unknown): LiveletError {
  const problem = cause instanceof Error ? cause.message || cause.name : 'closed';
  return new LiveletError('store-unavailable', problem, { cause, data: { problem } });
}
