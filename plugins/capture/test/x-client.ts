import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import x11 from 'x11';

const run = promisify(execFile);

/** A program on a display that draws on its root window. */
export interface XPainter extends Disposable {
  fill(colour: number, x: number, y: number, width: number, height: number): Promise<void>;
  /** Rows of `0xRRGGBB` words. */
  put(words: Uint32Array, x: number, y: number, width: number, height: number): Promise<void>;
  warp(x: number, y: number): Promise<void>;
}

/** Core protocol requests that only this painter makes. */
interface PaintingClient {
  CreateGC(id: number, drawable: number, values: object): void;
  ChangeGC(id: number, values: object): void;
  PolyFillRectangle(drawable: number, gc: number, rectangles: number[]): void;
  PutImage(
    format: number,
    drawable: number,
    gc: number,
    width: number,
    height: number,
    x: number,
    y: number,
    leftPad: number,
    depth: number,
    data: Uint8Array,
  ): void;
  WarpPointer(
    source: number,
    target: number,
    sourceX: number,
    sourceY: number,
    sourceWidth: number,
    sourceHeight: number,
    x: number,
    y: number,
  ): void;
  sync(): Promise<void>;
  terminate(): void;
}

export async function paintOn(display: string): Promise<XPainter> {
  const connected = await new Promise<import('x11').Display>((resolve, reject) => {
    x11.createClient({ display, shm: false }, (error, value) => (error ? reject(error) : resolve(value)));
  });
  const { root } = connected.screen[0] as { root: number };
  connected.client.on('error', () => undefined);
  const client = connected.client as unknown as PaintingClient;
  const gc = connected.client.AllocID();
  // 1: IncludeInferiors
  client.CreateGC(gc, root, { foreground: 0, subwindowMode: 1 });
  return {
    async fill(colour, x, y, width, height) {
      client.ChangeGC(gc, { foreground: colour });
      client.PolyFillRectangle(root, gc, [x, y, width, height]);
      await client.sync();
    },
    async put(words, x, y, width, height) {
      client.PutImage(2, root, gc, width, height, x, y, 0, 24, Buffer.from(words.buffer));
      await client.sync();
    },
    async warp(x, y) {
      client.WarpPointer(0, root, 0, 0, 0, 0, x, y);
      await client.sync();
    },
    [Symbol.dispose]: () => client.terminate(),
  };
}

/** The display's picture as ImageMagick reads it: RGB, 3 bytes a pixel. */
export async function imported(display: string): Promise<Buffer> {
  const { stdout } = await run('import', ['-display', display, '-window', 'root', '-depth', '8', 'rgb:-'], {
    encoding: 'buffer',
    maxBuffer: 512 * 1024 * 1024,
  });
  return stdout;
}

/** Runs xrandr on a display. */
export async function xrandr(display: string, ...parameters: string[]): Promise<void> {
  await run('xrandr', ['-display', display, ...parameters]);
}
