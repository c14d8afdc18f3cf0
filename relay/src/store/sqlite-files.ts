import { join } from 'node:path';

/** Files of the embedded database. */
export interface SqliteFiles {
  readonly main: string;
  /** The connection log, which is purged and rewritten every hour without the rest. */
  readonly log: string;
}

export function sqliteFiles(folder: string): SqliteFiles {
  return { main: join(folder, 'relay.db'), log: join(folder, 'connections.db') };
}

/** How long a statement waits for another process, such as the admin's command, ms. */
export const BUSY_TIMEOUT = 5000;
