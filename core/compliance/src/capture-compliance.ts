import {
  type CaptureSource,
  type CursorShape,
  checkScreenSize,
  type DisplayInfo,
  type DisplayListener,
  type ErrorCode,
  LiveletError,
  MAX_CURSOR_SIDE,
  MAX_DISPLAYS,
  type OpenDisplay,
  type Rectangle,
} from '@livelet/core';
import type { TestFunction } from './test-function.js';

/** A source with a display that a test can draw on. */
export interface CaptureSourceUnderTest extends AsyncDisposable {
  readonly source: CaptureSource;
  /** Fills an area of the first display with one colour, `0xRRGGBB`, and waits until it is there. */
  fill(colour: number, area: Rectangle): Promise<void>;
  /**
   * For a source whose system gives it colours only roughly: greys are drawn, and may be read a little lighter or
   * darker. The display is black where nothing was drawn. @default false
   */
  readonly greys?: boolean;
}

/** Steps of 255 that a grey may be off. */
const GREY_TOLERANCE = 2;

/** Areas that are filled and read back: the middle, single pixels, lines, a corner. At least 64 x 64 is there. */
const FILLED: readonly (Rectangle & { readonly title: string })[] = [
  { title: 'a rectangle', x: 5, y: 7, width: 40, height: 30 },
  { title: 'the first pixel', x: 0, y: 0, width: 1, height: 1 },
  { title: 'a row', x: 0, y: 63, width: 64, height: 1 },
  { title: 'a column', x: 63, y: 0, width: 1, height: 64 },
];

/** How long a source may take to tell of a change, ms. */
const DEADLINE = 20_000;

/**
 * Runs all cases of the capture contract against a source.
 *
 * @param open a fresh source with a display of at least 64 x 64 pixels, for each case
 */
export function testCaptureSource(test: TestFunction, open: () => Promise<CaptureSourceUnderTest>): void {
  test('capture source: lists displays within the bounds, each with its own id', async (t) => {
    await using subject = await open();
    const displays = await subject.source.displays();
    t.true(displays.length >= 1 && displays.length <= MAX_DISPLAYS);
    t.is(new Set(displays.map(({ id }) => id)).size, displays.length);
    for (const { width, height } of displays) checkScreenSize(width, height);
  });

  test('capture source: a display that is not in the list is unknown', async (t) => {
    await using subject = await open();
    t.is(await failure(subject.source.open(0xfffffff, new Listener())), 'display-unknown');
  });

  for (const { title, ...area } of FILLED) {
    test(`capture source: tells and reads ${title} that was drawn`, async (t) => {
      await using subject = await open();
      const listener = new Listener();
      await using display = await openFirst(subject, listener);
      listener.forget();
      await display.read(wholeOf(display.info));
      await subject.fill(shown(0x13579b, subject), area);
      await listener.until('the change is told', () => listener.covers(area));
      t.deepEqual(await colours(display, area, shown(0x13579b, subject), subject), []);
    });
  }

  test('capture source: tells again what changes after it was read', async (t) => {
    await using subject = await open();
    const listener = new Listener();
    await using display = await openFirst(subject, listener);
    const area = { x: 1, y: 2, width: 3, height: 4 };
    for (const colour of [0xff0000, 0x00ff00, 0x0000ff]) {
      listener.forget();
      await display.read(wholeOf(display.info));
      await subject.fill(shown(colour, subject), area);
      await listener.until(`colour ${colour.toString(16)} is told`, () => listener.covers(area));
      t.deepEqual(await colours(display, area, shown(colour, subject), subject), []);
    }
  });

  test('capture source: tells the cursor soon after opening', async (t) => {
    await using subject = await open();
    const listener = new Listener();
    await using _display = await openFirst(subject, listener);
    await listener.until(
      'the cursor is told',
      () => listener.shape !== undefined && listener.place !== undefined,
    );
    const { width, height, hotX, hotY, rgba } = listener.shape as CursorShape;
    t.true(width <= MAX_CURSOR_SIDE && height <= MAX_CURSOR_SIDE);
    t.true(hotX <= width && hotY <= height);
    t.is(rgba.length, width * height * 4);
  });

  test('capture source: closes twice, tells nothing after that, and opens again', async (t) => {
    await using subject = await open();
    const listener = new Listener();
    const display = await openFirst(subject, listener);
    await display[Symbol.asyncDispose]();
    await display[Symbol.asyncDispose]();
    listener.forget();
    const second = new Listener();
    await using again = await openFirst(subject, second);
    second.forget();
    await again.read(wholeOf(again.info));
    await subject.fill(shown(0xabcdef, subject), { x: 0, y: 0, width: 9, height: 9 });
    await second.until('the change is told', () => second.covers({ x: 0, y: 0, width: 9, height: 9 }));
    t.is(listener.told, false);
  });

  test('capture source: holds nothing after it was disposed', async (t) => {
    await using subject = await open();
    const listener = new Listener();
    const display = await openFirst(subject, listener);
    await display[Symbol.asyncDispose]();
    await subject.source[Symbol.asyncDispose]();
    t.is(await failure(display.read({ x: 0, y: 0, width: 1, height: 1 })), 'display-lost');
  });
}

/** Remembers what it was told. */
class Listener implements DisplayListener {
  shape: CursorShape | undefined;
  place: { readonly x: number; readonly y: number } | undefined;
  told = false;
  #areas: Rectangle[] = [];
  #watcher: (() => void) | undefined;

  damaged(area: Rectangle): void {
    this.#areas.push(area);
    this.#note();
  }

  cursorShape(shape: CursorShape): void {
    this.shape = shape;
    this.#note();
  }

  cursorMoved(x: number, y: number): void {
    this.place = { x, y };
    this.#note();
  }

  changed(): void {
    this.#note();
  }

  lost(): void {
    this.#note();
  }

  forget(): void {
    this.#areas = [];
    this.told = false;
  }

  /** Whether each pixel of `area` was told as damaged. */
  covers({ x, y, width, height }: Rectangle): boolean {
    for (let row = y; row < y + height; row++) {
      for (let column = x; column < x + width; column++) {
        if (!this.#areas.some((area) => holdsPixel(area, column, row))) return false;
      }
    }
    return true;
  }

  async until(what: string, holds: () => boolean): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`not in time: ${what}`)), DEADLINE);
      this.#watcher = () => {
        if (holds()) resolve();
      };
      this.#watcher();
    }).finally(() => clearTimeout(timer));
  }

  #note(): void {
    this.told = true;
    this.#watcher?.();
  }
}

function holdsPixel(area: Rectangle, x: number, y: number): boolean {
  return x >= area.x && x < area.x + area.width && y >= area.y && y < area.y + area.height;
}

async function openFirst(subject: CaptureSourceUnderTest, listener: DisplayListener): Promise<OpenDisplay> {
  const [first] = await subject.source.displays();
  return subject.source.open((first as DisplayInfo).id, listener);
}

function wholeOf({ width, height }: DisplayInfo): Rectangle {
  return { x: 0, y: 0, width, height };
}

/** What is drawn in place of a colour: itself, or the grey that is as bright (ITU-R BT.601-7, 2.5.1). */
function shown(colour: number, { greys = false }: CaptureSourceUnderTest): number {
  if (!greys) return colour;
  const [red = 0, green = 0, blue = 0] = channels(colour);
  return Math.round(0.299 * red + 0.587 * green + 0.114 * blue) * 0x010101;
}

/** The colours that a read of the area gives and that are not `expected`, each once. */
async function colours(
  display: OpenDisplay,
  area: Rectangle,
  expected: number,
  { greys = false }: CaptureSourceUnderTest,
): Promise<number[]> {
  const { bytes, offset, stride } = await display.read(area);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tolerance = greys ? GREY_TOLERANCE : 0;
  const wanted = channels(expected);
  const found = new Set<number>();
  for (let y = 0; y < area.height; y++) {
    for (let x = 0; x < area.width; x++) {
      const colour = view.getUint32(offset + y * stride + x * 4, true) & 0xffffff;
      const near = channels(colour).every((value, at) => Math.abs(value - (wanted[at] ?? 0)) <= tolerance);
      if (!near) found.add(colour);
    }
  }
  return [...found];
}

/** Red, green and blue of `0xRRGGBB`. */
function channels(colour: number): readonly number[] {
  return [colour >> 16, (colour >> 8) & 255, colour & 255];
}

async function failure(promise: Promise<unknown>): Promise<ErrorCode | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    if (error instanceof LiveletError) return error.code;
    throw error;
  }
}
