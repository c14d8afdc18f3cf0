import type { ServerResponse } from 'node:http';

/**
 * The header that says whether a connection is kept. A browser asks several times in a row, and each of its connections
 * counts among its source's: its own is kept. Everyone else asks once.
 */
export function connectionHeader({ req }: ServerResponse, status: number): Readonly<Record<string, string>> {
  const isBrowser = req.headers['sec-fetch-site'] !== undefined;
  return isBrowser && status < 400 ? {} : { connection: 'close' };
}
