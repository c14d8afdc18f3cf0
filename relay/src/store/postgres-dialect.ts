import { LiveletError } from '@livelet/core/wire';
import { PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { storeUnavailable } from './store-error.js';

/** Connections of one relay. */
const CONNECTIONS = 5;
/** ms */
const CONNECT_LIMIT = 5000;
/** For one statement, at the database, ms. */
const STATEMENT_LIMIT = 15_000;
/** For its answer, ms: the network may have swallowed it. */
const ANSWER_LIMIT = STATEMENT_LIMIT + 5000;

/**
 * Beginnings of SQLSTATE codes that say that the database can't be used, not that a statement is wrong: connection,
 * authorization, unknown database, read-only server, missing right, resources, operator intervention, system, internal.
 */
const UNAVAILABLE = /^(08|28|3D|25006|42501|53|57|58|XX)/;
/** int8 and numeric come as text because they can be larger than a number holds; ours aren't. */
const NUMBERS: readonly number[] = [pg.types.builtins.INT8, pg.types.builtins.NUMERIC];

/**
 * PostgreSQL. When it is lost, statements fail with `store-unavailable`, and the next one connects again.
 * @throws `option-invalid` for a URL that isn't one; the URL is a secret and in no error
 */
export function postgresDialect(url: string): PostgresDialect {
  return new PostgresDialect({ pool: typedErrors(createPool(url)) });
}

function createPool(url: string): pg.Pool {
  try {
    const pool = new pg.Pool({ ...connectionConfig(url), max: CONNECTIONS });
    // A connection that breaks while nothing is asked of it: the next statement notices. Without listeners on both Node
    // would end the process.
    pool.on('error', () => {});
    pool.on('connect', (client) => client.on('error', () => {}));
    return pool;
  } catch {
    const data = {
      option: 'database-url',
      value: '***',
      allowed: 'postgres://user:password@host:port/database',
    };
    throw new LiveletError('option-invalid', 'not a database URL', { data });
  }
}

export function connectionConfig(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: 'livelet-relay',
    connectionTimeoutMillis: CONNECT_LIMIT,
    statement_timeout: STATEMENT_LIMIT,
    query_timeout: ANSWER_LIMIT,
    keepAlive: true,
    types: {
      getTypeParser: (type: number, format?: 'text' | 'binary') =>
        NUMBERS.includes(type) ? Number : pg.types.getTypeParser(type, format as 'text'),
    },
  };
}

/** The same pool with typed errors. A connection on which something was lost isn't used again. */
function typedErrors(pool: pg.Pool): PostgresPool {
  return {
    options: pool.options,
    end: () => pool.end(),
    connect: async () => {
      try {
        return typedClient(await pool.connect());
      } catch (error) {
        throw storeUnavailable(error);
      }
    },
  };
}

function typedClient(client: pg.PoolClient): PostgresPoolClient {
  let lost = false;
  const query = async (text: string, values: unknown[]): Promise<pg.QueryResult> => {
    try {
      return await client.query(text, values);
    } catch (error) {
      // Anything else than PostgreSQL's own answer is a lost connection.
      if (error instanceof pg.DatabaseError && !UNAVAILABLE.test(error.code ?? '')) throw error;
      lost = true;
      throw storeUnavailable(error);
    }
  };
  const typed = { query, release: (destroy = false) => client.release(destroy || lost) };
  return typed as unknown as PostgresPoolClient;
}
