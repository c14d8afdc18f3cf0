import { LiveletError } from '@livelet/core/page';
import type { Welcome } from './frames.js';
import type { PortLink } from './port-link.js';

/** What a shell's way of connecting gives the page: an open link, and a promise that resolves when it is gone. */
export interface OpenLink {
  readonly link: PortLink;
  readonly welcome: Welcome;
  readonly lost: Promise<void>;
}

/** Rejects with `window-gone` unless `promise` settles within `limit` ms. */
export function withinTime<T>(promise: Promise<T>, limit: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LiveletError('window-gone', 'the host did not answer')), limit);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
