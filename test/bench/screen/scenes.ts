import x11 from 'x11';
import type { XConnection } from '../../fixtures/x-client.js';
import { clockNow } from './clock.js';
import { drawMark, MARK } from './mark.js';
import { LINE_COUNT, type Picture, type Pictures, pixelsOf, VIDEO_FRAMES } from './pictures.js';
import {
  BAND,
  type Box,
  BUTTON,
  BUTTON_COLOURS,
  CELL,
  EDITOR,
  EDITOR_MARK,
  EDITOR_TEXT,
  FIRST,
  LINE,
  LINE_MARK,
  MIDDLE_VIDEO,
  PAGE,
  SMALL_VIDEO,
  TERMINAL,
  VIDEO,
  WINDOW,
  windowAt,
} from './works.js';

const Z_PIXMAP = 2;
const DEPTH = 24;
const COPY_FROM_PARENT = 0;
const INPUT_OUTPUT = 1;
/** What goes into one PutImage, bytes: servers take 16 MiB at most. */
const REQUEST_BYTES = 8 * 2 ** 20;

/** What a work looks like on the display, from its window's opening on. */
export interface Scene extends Disposable {
  /** Changes it to frame `number`. */
  draw(number: number): void;
  /** When its window got the presses that it answered, ms of `clockNow`. */
  readonly presses?: readonly number[];
}

export type SceneName =
  | 'typing'
  | 'terminal'
  | 'page'
  | 'video'
  | 'middle-video'
  | 'small-video'
  | 'window'
  | 'click';

export const SCENES: Readonly<Record<SceneName, (easel: Easel, pictures: Pictures) => Promise<Scene>>> = {
  typing: async (easel, pictures) => {
    const window = easel.open(EDITOR, await easel.upload(pictures.editor));
    const typed = await easel.upload(pictures.typed);
    const { columns, rows, typed: row, x, y } = EDITOR_TEXT;
    return scene(window, (number) => {
      const at = (number - FIRST) % (columns * (rows - row));
      const left = (at % columns) * CELL.width;
      const top = y + (row + Math.floor(at / columns)) * CELL.height;
      if (at >= 0) easel.copy(typed, window.id, { x: left, y: 0, ...CELL }, x + left, top);
      easel.putMark(window.id, number, EDITOR_MARK.x, EDITOR_MARK.y);
    });
  },
  terminal: async (easel, pictures) => {
    const lines = await easel.upload(pictures.lines);
    const line = easel.pixmap(TERMINAL.width, LINE);
    const window = easel.open(TERMINAL);
    const { width, height } = TERMINAL;
    const bottom = height - LINE;
    const put = (number: number, y: number): void => {
      easel.copy(
        lines,
        line,
        { x: 0, y: (number % LINE_COUNT) * LINE, width: LINE_MARK, height: LINE },
        0,
        0,
      );
      easel.fill(line, 0x101418, { x: LINE_MARK, y: 0, width: MARK.width, height: LINE });
      easel.putMark(line, number, LINE_MARK, 0);
      easel.copy(line, window.id, { x: 0, y: 0, width, height: LINE }, 0, y);
    };
    for (let y = 0; y < bottom; y += LINE) put(FIRST - 1 - (bottom - y) / LINE, y);
    return scene(window, (number) => {
      // As terminals do it: what is there moves up, and the new line is drawn.
      if (number >= FIRST) easel.copy(window.id, window.id, { x: 0, y: LINE, width, height: bottom }, 0, 0);
      put(number, bottom);
    });
  },
  page: async (easel, pictures) => {
    const page = await easel.upload(pictures.page);
    const window = easel.open(PAGE);
    // As browsers do it: the whole view is drawn again, and only the pixels tell that it has moved.
    return scene(window, (number) => {
      easel.copy(page, window.id, { ...PAGE, x: 0, y: (number - FIRST + 1) * BAND }, 0, 0);
    });
  },
  video: (easel, pictures) => video(easel, pictures.video, VIDEO),
  'middle-video': (easel, pictures) => video(easel, pictures.middleVideo, MIDDLE_VIDEO),
  'small-video': (easel, pictures) => video(easel, pictures.smallVideo, SMALL_VIDEO),
  window: async (easel, pictures) => {
    const { width, height } = WINDOW;
    const window = easel.open({ ...windowAt(FIRST - 1), width, height }, await easel.upload(pictures.window));
    return scene(window, (number) => easel.move(window.id, windowAt(number)));
  },
  click: async (easel) => {
    const window = easel.open(BUTTON);
    let colour: number = BUTTON_COLOURS[0];
    const show = (): void => easel.fill(window.id, colour, { ...BUTTON, x: 0, y: 0 });
    const presses: number[] = [];
    const stop = easel.onPress(window.id, () => {
      presses.push(clockNow());
      colour = colour === BUTTON_COLOURS[0] ? BUTTON_COLOURS[1] : BUTTON_COLOURS[0];
      show();
    });
    return {
      draw: show,
      presses,
      [Symbol.dispose]: () => {
        stop();
        window[Symbol.dispose]();
      },
    };
  },
};

/** A film in a window, in a loop. */
export async function video(easel: Easel, frames: Picture, box: Box): Promise<Scene> {
  const { width, height } = box;
  const uploaded: number[] = [];
  for (let frame = 0; frame < VIDEO_FRAMES; frame += 1) {
    uploaded.push(await easel.upload(frames, frame * height, height));
  }
  const back = easel.pixmap(width, height);
  const window = easel.open(box);
  return scene(window, (number) => {
    // The marks are in the picture before it is shown, as one drawing.
    easel.copy(uploaded[number % VIDEO_FRAMES] ?? 0, back, { x: 0, y: 0, width, height }, 0, 0);
    easel.putMark(back, number, 0, 0);
    easel.putMark(back, number, width - MARK.width, height - MARK.height);
    easel.copy(back, window.id, { x: 0, y: 0, width, height }, 0, 0);
  });
}

const scene = (window: Disposable, draw: (number: number) => void): Scene => ({
  draw,
  [Symbol.dispose]: () => window[Symbol.dispose](),
});

interface OpenWindow extends Disposable {
  readonly id: number;
}

/** Windows and pictures on one display. What a scene made is freed when the easel is cleared. */
export class Easel implements Disposable {
  readonly #x: XConnection;
  readonly #context: number;
  readonly #pixmaps: number[] = [];

  constructor(x: XConnection) {
    this.#x = x;
    this.#context = x.client.AllocID();
    // Copies from pictures and within windows that nothing covers: no events about parts that couldn't be copied.
    x.client.CreateGC(this.#context, x.screen.root, { graphicsExposures: 0 });
  }

  sync(): Promise<void> {
    return this.#x.sync();
  }

  async paintWallpaper(picture: Picture): Promise<void> {
    const { client, screen } = this.#x;
    client.ChangeWindowAttributes(screen.root, { backgroundPixmap: await this.upload(picture) });
    client.ClearArea(screen.root, 0, 0, 0, 0, 0);
    this[Symbol.dispose]();
    await this.sync();
  }

  /** Rows `top` to `top + height` of a picture, on the server. */
  async upload(picture: Picture, top = 0, height = picture.height): Promise<number> {
    const { width } = picture;
    const pixels = await pixelsOf(picture, top, height);
    const id = this.pixmap(width, height);
    const rows = Math.floor(REQUEST_BYTES / (width * 4));
    for (let y = 0; y < height; y += rows) {
      const count = Math.min(rows, height - y);
      const part = pixels.subarray(y * width * 4, (y + count) * width * 4);
      this.#x.client.PutImage(Z_PIXMAP, id, this.#context, width, count, 0, y, 0, DEPTH, part);
    }
    await this.sync();
    return id;
  }

  pixmap(width: number, height: number): number {
    const id = this.#x.client.AllocID();
    this.#x.client.CreatePixmap(id, this.#x.screen.root, DEPTH, width, height);
    this.#pixmaps.push(id);
    return id;
  }

  /** A bare window, in front of all others. */
  open({ x, y, width, height }: Box, background?: number): OpenWindow {
    const { client, screen } = this.#x;
    const id = client.AllocID();
    client.CreateWindow(
      id,
      screen.root,
      x,
      y,
      width,
      height,
      0,
      COPY_FROM_PARENT,
      INPUT_OUTPUT,
      COPY_FROM_PARENT,
      {
        ...(background === undefined ? { backgroundPixel: 0 } : { backgroundPixmap: background }),
        overrideRedirect: true,
        eventMask: x11.eventMask.ButtonPress,
      },
    );
    client.MapWindow(id);
    return { id, [Symbol.dispose]: () => client.DestroyWindow(id) };
  }

  move(window: number, to: { readonly x: number; readonly y: number }): void {
    this.#x.client.ConfigureWindow(window, to);
  }

  copy(source: number, target: number, from: Box, x: number, y: number): void {
    this.#x.client.CopyArea(source, target, this.#context, from.x, from.y, x, y, from.width, from.height);
  }

  fill(target: number, colour: number, { x, y, width, height }: Box): void {
    this.#x.client.ChangeGC(this.#context, { foreground: colour });
    this.#x.client.PolyFillRectangle(target, this.#context, [x, y, width, height]);
  }

  putMark(target: number, number: number, x: number, y: number): void {
    const { width, height } = MARK;
    this.#x.client.PutImage(Z_PIXMAP, target, this.#context, width, height, x, y, 0, DEPTH, drawMark(number));
  }

  onPress(window: number, pressed: () => void): () => void {
    const { client } = this.#x;
    const listener = (event: { readonly name: string; readonly wid: number }): void => {
      if (event.name === 'ButtonPress' && event.wid === window) pressed();
    };
    client.on('event', listener);
    return () => client.off('event', listener);
  }

  /** Frees the pictures. */
  [Symbol.dispose](): void {
    for (const id of this.#pixmaps.splice(0)) this.#x.client.FreePixmap(id);
  }
}
