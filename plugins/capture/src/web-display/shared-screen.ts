import {
  type Clock,
  type DisplayInfo,
  type DisplayListener,
  LiveletError,
  MAX_SCREEN_PIXELS,
  type OpenDisplay,
  type PixelView,
  type Rectangle,
} from '@livelet/core';
import { holds, wholeOf } from '../picture/rectangles.js';
import { toWords } from './planar-colours.js';
import { CELL, PlanarPicture } from './planar-picture.js';
import type { SharedPicture } from './web-capture-protocol.js';

/**
 * Changes that nobody has read are brought up to date this often, ms: a picture that is read late is not old, and a
 * viewer that is slow costs no transport of pictures that it won't see.
 */
const UNREAD_INTERVAL = 50;
/** Areas of one change: every second cell of the largest picture. */
const MAX_AREAS = MAX_SCREEN_PIXELS / (2 * CELL * CELL);

/** The picture that the page captures, kept here as it was last heard of, and the display that shows it. */
export class SharedScreen {
  readonly picture: SharedPicture;
  /** Resolves once the whole picture has come; rejects when the capture ends before. */
  readonly whole: Promise<void>;
  readonly #planes: PlanarPicture;
  readonly #clock: Clock;
  readonly #askMore: () => void;
  readonly #cameWhole = Promise.withResolvers<void>();
  #display: WebOpenDisplay | undefined;
  #areas: Rectangle[] = [];
  #awaited = false;
  #timer: Disposable | undefined;
  #over = false;

  /** @param more asks the page for the next changes */
  constructor(picture: SharedPicture, clock: Clock, more: () => void) {
    this.picture = picture;
    this.#planes = new PlanarPicture(picture.width, picture.height, picture.form);
    this.#clock = clock;
    this.#askMore = more;
    this.whole = this.#cameWhole.promise;
    // Nobody may be waiting for it.
    this.whole.catch(() => undefined);
    this.#more();
  }

  /** Pixels from the page. @throws `picture-malformed` */
  take(areas: readonly Rectangle[], bytes: Uint8Array, last: boolean): void {
    if (!Array.isArray(areas)) throw new LiveletError('picture-malformed', 'pixels without areas');
    let at = 0;
    if (this.#areas.length + areas.length > MAX_AREAS) {
      throw new LiveletError('picture-malformed', 'more areas than a picture has');
    }
    for (const area of areas) {
      const size = this.#isInside(area) ? this.#planes.sizeOf(area) : Number.POSITIVE_INFINITY;
      if (at + size > bytes.length)
        throw new LiveletError('picture-malformed', 'pixels outside of the picture');
      at = this.#planes.unpack(area, bytes, at);
      this.#areas.push(area);
    }
    if (!last) return;
    this.#awaited = false;
    this.#cameWhole.resolve();
    const told = this.#areas.splice(0);
    if (!this.#display) return;
    this.#timer?.[Symbol.dispose]();
    this.#timer = this.#clock.setTimer(UNREAD_INTERVAL, () => this.#more());
    for (const area of told) this.#display.listener.damaged(area);
  }

  open(info: DisplayInfo, listener: DisplayListener): OpenDisplay {
    const display = new WebOpenDisplay(info, listener, this, () => {
      if (this.#display !== display) return;
      this.#display = undefined;
      this.#timer?.[Symbol.dispose]();
    });
    this.#display = display;
    this.#more();
    return display;
  }

  /** @throws `display-lost`, `display-unknown` */
  read(area: Rectangle): PixelView {
    if (this.#over) throw new LiveletError('display-lost', 'nothing is shared any more');
    if (!holds(wholeOf(this.picture), area))
      throw new LiveletError('display-unknown', 'an area outside of the picture');
    const words = toWords(this.#planes, area, this.picture.colours);
    this.#more();
    return { bytes: new Uint8Array(words.buffer), offset: 0, stride: area.width * 4 };
  }

  /** The capture is over, or another one takes its place; who shows it hears `changed` unless it is to be silent. */
  end(how: 'changed' | 'silent' | LiveletError): void {
    this.#over = true;
    this.#timer?.[Symbol.dispose]();
    this.#cameWhole.reject(how instanceof LiveletError ? how : new LiveletError('display-lost'));
    const display = this.#display;
    this.#display = undefined;
    if (how !== 'silent') display?.listener.changed();
  }

  #more(): void {
    this.#timer?.[Symbol.dispose]();
    if (this.#awaited || this.#over) return;
    this.#awaited = true;
    this.#askMore();
  }

  #isInside({ x, y, width, height }: Rectangle): boolean {
    const { width: wide, height: high } = this.picture;
    return (
      [x, y].every((value) => Number.isInteger(value) && value >= 0 && value % CELL === 0) &&
      [width, height].every((value) => Number.isInteger(value) && value > 0) &&
      x + width <= wide &&
      y + height <= high
    );
  }
}

class WebOpenDisplay implements OpenDisplay {
  readonly info: DisplayInfo;
  readonly listener: DisplayListener;
  readonly #screen: SharedScreen;
  readonly #close: () => void;
  #open = true;

  constructor(info: DisplayInfo, listener: DisplayListener, screen: SharedScreen, close: () => void) {
    this.info = info;
    this.listener = listener;
    this.#screen = screen;
    this.#close = close;
    // A browser draws the cursor into the picture and doesn't tell where it is: none is drawn twice.
    queueMicrotask(() => {
      if (!this.#open) return;
      listener.cursorShape({ width: 0, height: 0, hotX: 0, hotY: 0, rgba: new Uint8Array(0) });
      listener.cursorMoved(0, 0);
    });
  }

  async read(area: Rectangle): Promise<PixelView> {
    if (!this.#open) throw new LiveletError('display-lost');
    return this.#screen.read(area);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#open = false;
    this.#close();
  }
}
