import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';

/** A real haproxy in the foreground, which ends with the test; resolves when it listens on `port`. */
export async function startHaproxy(
  t: ExecutionContext,
  folder: string,
  port: number,
  sections: string,
): Promise<void> {
  const config = join(folder, `haproxy-${port}.cfg`);
  const defaults =
    'defaults\n  timeout connect 5s\n  timeout client 60s\n  timeout server 60s\n  timeout tunnel 60s\n';
  await writeFile(config, `${defaults}${sections}\n`);
  await run(t, spawn('haproxy', ['-db', '-f', config], { stdio: 'ignore' }), port);
}

/** A real nginx in the foreground, which ends with the test; resolves when it listens on `port`. */
export async function startNginx(
  t: ExecutionContext,
  folder: string,
  port: number,
  http: string,
): Promise<void> {
  const config = join(folder, `nginx-${port}.conf`);
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${join(folder, kind)};`,
  );
  await writeFile(
    config,
    `daemon off; master_process off; pid ${join(folder, 'nginx.pid')}; error_log stderr;
events {}
http { access_log off; ${paths.join(' ')} ${http} }\n`,
  );
  await run(t, spawn('nginx', ['-p', folder, '-c', config], { stdio: 'ignore' }), port);
}

async function run(t: ExecutionContext, child: ChildProcess, port: number): Promise<void> {
  const exited = once(child, 'exit');
  t.teardown(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  while (child.exitCode === null) {
    if (await accepts(port)) return;
    await Promise.race([wait(20), exited]);
  }
  throw new Error(`${child.spawnfile} ended with ${child.exitCode}`);
}

async function accepts(port: number): Promise<boolean> {
  const socket: Socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
