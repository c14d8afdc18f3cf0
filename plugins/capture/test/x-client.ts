import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import x11 from 'x11';

const run = promisify(execFile);

/** A program on a display that draws on its root window. */
export interface XPainter extends Disposable {
  fill(colour: number, x: number, y: number, width: number, height: number): Promise<void>;
  /** Rows of `0xRRGGBB` words. */
  put(words: Uint32Array, x: number, y: number, width: number, height: number): Promise<void>;
  /** Gives the root window a red cursor of 16 x 16 with its hot spot at 3, 5. */
  cursor(): Promise<void>;
  /** Gives the root window a picture of its own size that is behind all windows: rows of `0xRRGGBB` words. */
  wallpaper(words: Uint32Array, width: number, height: number): Promise<void>;
  /** Shows a window that is filled with a picture. */
  window(words: Uint32Array, x: number, y: number, width: number, height: number): Promise<XWindow>;
}

export interface XWindow {
  move(x: number, y: number): Promise<void>;
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
  CreatePixmap(id: number, drawable: number, depth: number, width: number, height: number): void;
  CreateCursor(
    id: number,
    source: number,
    mask: number,
    foreground: object,
    background: object,
    x: number,
    y: number,
  ): void;
  ChangeWindowAttributes(window: number, values: object): void;
  CreateWindow(
    id: number,
    parent: number,
    x: number,
    y: number,
    width: number,
    height: number,
    borderWidth: number,
    depth: number,
    windowClass: number,
    visual: number,
    values: object,
  ): void;
  MapWindow(window: number): void;
  MoveWindow(window: number, x: number, y: number): void;
  ClearArea(window: number, x: number, y: number, width: number, height: number, exposures: number): void;
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
  const allocate = (): number => connected.client.AllocID();
  const gc = allocate();
  // 1: IncludeInferiors
  client.CreateGC(gc, root, { foreground: 0, subwindowMode: 1 });
  const pixmapOf = (words: Uint32Array, width: number, height: number): number => {
    const pixmap = allocate();
    client.CreatePixmap(pixmap, root, 24, width, height);
    client.PutImage(2, pixmap, gc, width, height, 0, 0, 0, 24, Buffer.from(words.buffer));
    return pixmap;
  };
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
    async cursor() {
      const [pixmap, mask, cursor] = [allocate(), allocate(), allocate()];
      for (const id of [pixmap, mask]) {
        const gcOfMask = allocate();
        client.CreatePixmap(id, root, 1, 16, 16);
        client.CreateGC(gcOfMask, id, { foreground: 1 });
        client.PolyFillRectangle(id, gcOfMask, [0, 0, 16, 16]);
      }
      client.CreateCursor(cursor, pixmap, mask, { R: 0xffff, G: 0, B: 0 }, { R: 0, G: 0, B: 0 }, 3, 5);
      client.ChangeWindowAttributes(root, { cursor });
      await client.sync();
    },
    async wallpaper(words, width, height) {
      client.ChangeWindowAttributes(root, { backgroundPixmap: pixmapOf(words, width, height) });
      client.ClearArea(root, 0, 0, 0, 0, 0);
      await client.sync();
    },
    async window(words, x, y, width, height) {
      const window = allocate();
      // No window manager has a say: overrideRedirect.
      const values = { backgroundPixmap: pixmapOf(words, width, height), overrideRedirect: true };
      client.CreateWindow(window, root, x, y, width, height, 0, 0, 1, 0, values);
      client.MapWindow(window);
      await client.sync();
      return {
        async move(toX, toY) {
          client.MoveWindow(window, toX, toY);
          await client.sync();
        },
      };
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
