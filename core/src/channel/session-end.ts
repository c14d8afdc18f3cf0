import type { LiveletError } from '../errors.js';
import type { EndReason } from './frames.js';

/** How a session ended. A connection that was lost is never the same as an end that was said. */
export interface SessionEnd {
  /** `interrupted`: the connection went without a word. `failed`: this side refused what came. */
  readonly how: 'ended-here' | 'ended-by-peer' | 'interrupted' | 'failed';
  /** Set for the two said ends. */
  readonly reason?: EndReason;
  /** Set for `interrupted` and `failed`. */
  readonly error?: LiveletError;
}
