import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const START_LIMIT = 60_000;
/** Debian keeps the server's programs beside their version. */
const DEBIAN = '/usr/lib/postgresql';

/** A PostgreSQL server of its own, on a Unix socket in a fresh folder. */
export interface PostgresCluster {
  /** Everything that the server writes. */
  readonly data: string;
  /** URL of a database, for the owner of all databases that `create` makes; not a superuser. */
  url(database: string): string;
  /** A new database. */
  create(database: string): Promise<void>;
  /** SQL as the superuser; answers psql's bare rows. */
  psql(sql: string, database?: string): Promise<string>;
  /** Runs one of PostgreSQL's programs, such as `pg_dump`, as the server's user. */
  program(name: string, ...words: readonly string[]): Promise<string>;
  /** Starts the server after `stop`. */
  start(): Promise<void>;
  stop(signal?: 'SIGINT' | 'SIGQUIT'): Promise<void>;
  /** Stops the server and removes its folder. */
  remove(): Promise<void>;
}

/** The words before a command that make it run as the server's user: PostgreSQL refuses root. */
const AS_SERVER =
  process.getuid?.() === 0
    ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups']
    : ['setpriv'];

/** psql's options for an answer to read by a program. */
const BARE = ['-qAtX', '-v', 'ON_ERROR_STOP=1'];
const DEFAULT_PORT = '5432';

/** @param settings lines of postgresql.conf, such as `wal_recycle=off` */
export async function postgresCluster(settings: readonly string[] = []): Promise<PostgresCluster> {
  const programs = await programFolder();
  const folder = await mkdtemp(join(tmpdir(), 'livelet-postgres-'));
  const data = join(folder, 'data');
  const port = settings.find((line) => line.startsWith('port='))?.slice('port='.length) ?? DEFAULT_PORT;
  if (AS_SERVER.length > 1) {
    const [uid, gid] = await Promise.all(['-u', '-g'].map((which) => run('id', [which, 'postgres'])));
    await chown(folder, Number(uid?.stdout), Number(gid?.stdout));
  }
  const as = (name: string, words: readonly string[]): [string, string[]] => {
    const [command = '', ...rest] = [...AS_SERVER, join(programs, name), ...words];
    return [command, rest];
  };
  const program = async (name: string, ...words: readonly string[]): Promise<string> => {
    const { stdout } = await run(...as(name, words), { cwd: folder, maxBuffer: 1 << 26 });
    return stdout.trim();
  };
  const psql = (sql: string, database = 'postgres'): Promise<string> =>
    program('psql', ...['-h', folder, '-p', port, '-U', 'postgres', '-d', database], ...BARE, '-c', sql);
  let server: ChildProcess | undefined;
  const kill = (): void => void server?.kill('SIGKILL');
  const start = async (): Promise<void> => {
    const options = ['fsync=off', 'listen_addresses=', `unix_socket_directories=${folder}`, ...settings];
    const words = ['-D', data, ...options.flatMap((option) => ['-c', option])];
    const [command, rest] = as('postgres', words);
    // Should the tests be killed, the kernel ends the server.
    server = spawn(command, ['--pdeathsig=QUIT', ...rest], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    process.once('exit', kill);
    const output = server.stderr as NonNullable<typeof server.stderr>;
    let heard = '';
    output.on('data', (chunk) => {
      heard = (heard + chunk).slice(-10_000);
    });
    while (!heard.includes('ready to accept connections')) {
      if (server.exitCode !== null) throw new Error(`PostgreSQL ended: ${heard}`);
      await Promise.race([
        once(output, 'data', { signal: AbortSignal.timeout(START_LIMIT) }),
        once(server, 'exit'),
      ]);
    }
  };
  const stop = async (signal: 'SIGINT' | 'SIGQUIT' = 'SIGINT'): Promise<void> => {
    process.off('exit', kill);
    const stopping = server;
    server = undefined;
    if (stopping === undefined || stopping.exitCode !== null) return;
    const ended = once(stopping, 'exit');
    stopping.kill(signal);
    await ended;
  };
  const remove = async (): Promise<void> => {
    await stop('SIGQUIT');
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await program('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N');
    await start();
    await psql('create role livelet login');
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    data,
    url: (database) => `postgres://livelet@localhost:${port}/${database}?host=${encodeURIComponent(folder)}`,
    create: async (database) => void (await psql(`create database ${database} owner livelet`)),
    psql,
    program,
    start,
    stop,
    remove,
  };
}

async function programFolder(): Promise<string> {
  const versions = await readdir(DEBIAN).catch(() => []);
  const newest = versions.map(Number).sort((a, b) => b - a)[0];
  if (newest === undefined) throw new Error('PostgreSQL is not installed');
  return join(DEBIAN, String(newest), 'bin');
}
