import { type Clock, LiveletError } from '@livelet/core';
import { XConnection } from './x-connection.js';

/**
 * Tries whether an X display can be shown, before anybody is asked to show it.
 * @param name such as `:0`
 * @throws `display-unavailable`, `display-unsupported`, `display-lost`
 */
export async function checkXDisplay(name: string, clock: Clock): Promise<void> {
  using connection = await XConnection.connect({ name, clock, memory: false });
  if (await connection.extension('damage')) return;
  throw new LiveletError('display-unsupported', 'the X server has no DAMAGE', { data: { display: name } });
}
