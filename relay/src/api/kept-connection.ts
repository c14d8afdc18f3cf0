/**
 * The header that says whether a connection is kept, on which no further request counts at its source. An administrator's
 * browser asks several times in a row: its own is kept. Everyone else asks once.
 */
export function connectionHeader(isAdmin: boolean, status: number): Readonly<Record<string, string>> {
  return isAdmin && status < 400 ? {} : { connection: 'close' };
}
