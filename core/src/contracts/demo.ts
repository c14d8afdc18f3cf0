import type { ServicePath } from '../channel/streams.js';

/**
 * The capture contract with the halves swapped: a `presenter` shows a display of the operator's, an `audience` looks at
 * it and does nothing else.
 *
 * The presenter opens one stream at DEMO_PATH (capability `show-screen`, priority `screen`) for as long as it shows
 * something, and is its source; the audience, whose person allowed it, is its viewer. Messages, limits and their order
 * are those of `capture.ts`. Only the presenter chooses the display: it tells of no other one than what it shows.
 * Either end stops it by a reset with `cancelled`.
 */
export const DEMO_PATH: ServicePath = '/livelet/show-screen/1';
