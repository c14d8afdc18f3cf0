import type { PagePort } from '@livelet/core/page';
import { connectBrowser } from './link/browser-carrier.js';
import { connectElectron } from './link/electron-carrier.js';
import { watchVisibility } from './visibility.js';

/** A page's way to its host. */
export interface HostConnection {
  /** The browser runs without its own sandbox (user root); the page says so. */
  readonly unsandboxed: boolean;
  /**
   * A new port: `page` for the host's own code, `plugin:<plugin id>:<contribution id>` for a panel. Closed from the
   * start when the connection is lost.
   */
  port(name: string): PagePort;
  /** The host ended or went away; nothing brings it back. Called once, also if it has happened already. */
  onLost(listener: () => void): Disposable;
}

/**
 * Connects this page to the host that serves it. Call it once.
 * @throws LiveletError `window-refused` (another window has it, or the address was used before), `window-gone`
 *   (the host doesn't answer)
 */
export async function connectHost(): Promise<HostConnection> {
  const { link, welcome, lost } = await (location.protocol === 'livelet:'
    ? connectElectron()
    : connectBrowser());
  const watching = watchVisibility((seen) => link.reportSeen(seen));
  lost.then(() => watching[Symbol.dispose]());
  return {
    unsandboxed: welcome.unsandboxed,
    port: (name) => link.open(name),
    onLost(listener) {
      let wanted = true;
      lost.then(() => {
        if (wanted) listener();
      });
      return {
        [Symbol.dispose]: () => {
          wanted = false;
        },
      };
    },
  };
}
