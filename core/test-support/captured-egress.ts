import { readdir, readFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';

/** What left this process for one port. */
export interface CapturedEgress extends Disposable {
  readonly bytes: () => Buffer;
}

/** What this process hands to sockets whose other end is `port`, before TLS. One at a time. */
export function captureEgress(port: number): CapturedEgress {
  const chunks: Buffer[] = [];
  const { write } = Socket.prototype;
  Socket.prototype.write = function (this: Socket, chunk: unknown, ...rest: unknown[]): boolean {
    if (this.remotePort === port) chunks.push(Buffer.from(chunk as Uint8Array));
    return Reflect.apply(write, this, [chunk, ...rest]) as boolean;
  } as typeof write;
  return {
    bytes: () => Buffer.concat(chunks),
    [Symbol.dispose]: () => {
      Socket.prototype.write = write;
    },
  };
}

/** Every file of a folder and below it, by its path. */
export async function filesOf(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (entry.isFile()) files.set(file, await readFile(file));
  }
  return files;
}
