import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';

export interface TinyProxyOptions {
  /** The only port that it connects to. */
  readonly connectPort: number;
  /** `name password` that it asks for. @default none */
  readonly basicAuth?: string;
}

export interface TinyProxy extends AsyncDisposable {
  readonly port: number;
}

/** Where its connections come from: what accepts only these can't be reached past it. */
export const TINY_PROXY_ADDRESS = '127.0.0.2';

/** A real tinyproxy on 127.0.0.1, for CONNECT and nothing else. */
export async function startTinyProxy(options: TinyProxyOptions): Promise<TinyProxy> {
  await using starting = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'livelet-proxy-'));
  starting.defer(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const file = join(folder, 'tinyproxy.conf');
  const lines = [
    `Port ${port}`,
    'Listen 127.0.0.1',
    'Allow 127.0.0.1',
    `Bind ${TINY_PROXY_ADDRESS}`,
    'LogLevel Info',
    `ConnectPort ${options.connectPort}`,
    ...(options.basicAuth === undefined ? [] : [`BasicAuth ${options.basicAuth}`]),
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  const child = spawn('tinyproxy', ['-d', '-c', file], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  starting.defer(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const listen = (chunk: Buffer): void => {
      said += chunk;
      if (said.includes('Accepting connections')) resolve();
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    void ended.then(() => reject(new Error(`tinyproxy: ${said}`)), reject);
  });
  const parts = starting.move();
  return { port, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}
