import {
  type Clock,
  type DisplayInfo,
  type DisplayListener,
  LiveletError,
  type OpenDisplay,
  type PixelView,
  type Rectangle,
} from '@livelet/core';
import type { Damage, Segment, XEvent } from 'x11';
import { clip } from '../picture/rectangles.js';
import { isBgrx, PixelConverter } from './pixel-form.js';
import type { XConnection } from './x-connection.js';
import { XCursor } from './x-cursor.js';

interface OpenOptions {
  readonly connection: XConnection;
  readonly clock: Clock;
  readonly info: DisplayInfo;
  readonly listener: DisplayListener;
  readonly useMemory: boolean;
  /** Asks the server again. */
  stillSame(): Promise<boolean>;
}

/** At most. */
const BYTES_PER_PIXEL = 4;
const Z_PIXMAP = 2;
const ALL_PLANES = 0xffffffff;
/** X protocol, SETofEVENT. */
const STRUCTURE_NOTIFY = 0x20000;

/** One display of an X server: DAMAGE says what changed, MIT-SHM or the socket brings the pixels. */
export class XOpenDisplay implements OpenDisplay {
  readonly info: DisplayInfo;
  readonly #connection: XConnection;
  readonly #listener: DisplayListener;
  readonly #damage: Damage;
  readonly #damageId: number;
  readonly #cursor: XCursor;
  readonly #segment: Segment | undefined;
  readonly #converter: PixelConverter | undefined;
  readonly #stillSame: () => Promise<boolean>;
  readonly #onEvent = (event: XEvent): void => this.#event(event);
  #reading: Promise<unknown> = Promise.resolve();
  #lost: Disposable | undefined;
  #over = false;
  #changed = false;

  /** @throws `display-unsupported`, `display-lost` */
  static async open(options: OpenOptions): Promise<XOpenDisplay> {
    const { connection, info } = options;
    const damage = await connection.extension('damage');
    if (!damage) throw new LiveletError('display-unsupported', 'the X server has no DAMAGE');
    const cursor = await XCursor.open(connection, options.clock, {
      shape: (shape) => options.listener.cursorShape(shape),
      moved: (x, y) => options.listener.cursorMoved(x - info.x, y - info.y),
    });
    const segment = options.useMemory ? await sharedSegment(connection, info) : undefined;
    const display = new XOpenDisplay(options, damage, cursor, segment);
    await display.#watch();
    // What changed until now was told to nobody.
    void display.#check();
    return display;
  }

  private constructor(options: OpenOptions, damage: Damage, cursor: XCursor, segment: Segment | undefined) {
    this.info = options.info;
    this.#connection = options.connection;
    this.#listener = options.listener;
    this.#stillSame = options.stillSame;
    this.#damage = damage;
    this.#damageId = options.connection.client.AllocID();
    this.#cursor = cursor;
    this.#segment = segment;
    const { pixels } = options.connection;
    if (!isBgrx(pixels)) this.#converter = new PixelConverter(pixels);
  }

  read(area: Rectangle): Promise<PixelView> {
    if (this.#over) return Promise.reject(new LiveletError('display-lost', 'the display is closed'));
    // Taken back before the pixels are read: what is drawn in between is told again, never missed.
    this.#damage.Subtract(this.#damageId, 0, 0);
    this.#cursor.look();
    const { x, y } = this.info;
    const reading = this.#image({ ...area, x: area.x + x, y: area.y + y });
    this.#reading = reading.catch(() => undefined);
    return reading;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    this.#connection.client.removeListener('event', this.#onEvent);
    this.#lost?.[Symbol.dispose]();
    this.#cursor[Symbol.dispose]();
    await this.#reading;
    if (!this.#connection.open) return;
    this.#damage.Destroy(this.#damageId);
    this.#segment?.detach();
  }

  async #watch(): Promise<void> {
    const { client, root } = this.#connection;
    this.#lost = this.#connection.onLost(() => this.#listener.lost());
    // The first event of a new damage comes at once, so the listener is there before.
    client.on('event', this.#onEvent);
    this.#damage.Create(this.#damageId, root, this.#damage.ReportLevel.DeltaRectangles);
    const randr = await this.#connection.extension('randr');
    randr?.SelectInput(root, randr.NotifyMask.ScreenChange);
    // Monitors that somebody set by hand change no output: the server only says that the root window is as it was.
    client.ChangeWindowAttributes(root, { eventMask: STRUCTURE_NOTIFY });
    this.#cursor.start();
  }

  #event(event: XEvent): void {
    if (event.name === 'DamageNotify' && event.damage === this.#damageId && event.area) {
      const { x, y, w, h } = event.area;
      const area = clip({ x, y, width: w, height: h }, this.info);
      if (area.width === 0 || area.height === 0) return;
      this.#listener.damaged({ ...area, x: area.x - this.info.x, y: area.y - this.info.y });
    } else if (event.name === 'RRScreenChangeNotify' || this.#isOfRoot(event)) {
      void this.#check();
    }
  }

  #isOfRoot(event: XEvent): boolean {
    return event.name === 'ConfigureNotify' && event.wid === this.#connection.root;
  }

  /** One change is often told twice, and is passed on once. */
  async #check(): Promise<void> {
    const same = await this.#stillSame().catch(() => true);
    if (same || this.#over || this.#changed) return;
    this.#changed = true;
    this.#connection.client.removeListener('event', this.#onEvent);
    this.#listener.changed();
  }

  async #image(area: Rectangle): Promise<PixelView> {
    const { client, root } = this.#connection;
    const { x, y, width, height } = area;
    const segment = this.#segment;
    if (segment) {
      await this.#connection.request<unknown>((reply) =>
        segment.getImage(root, x, y, width, height, ALL_PLANES, Z_PIXMAP, 0, reply),
      );
      return this.#view(segment.buffer, width, height);
    }
    const image = await this.#connection.request<{ data: Uint8Array }>((reply) =>
      client.GetImage(Z_PIXMAP, root, x, y, width, height, ALL_PLANES, reply),
    );
    return this.#view(image.data, width, height);
  }

  #view(bytes: Uint8Array, width: number, height: number): PixelView {
    return this.#converter?.convert(bytes, width, height) ?? { bytes, offset: 0, stride: width * 4 };
  }
}

/** Memory for the whole display; undefined where the server can't share any. */
async function sharedSegment(connection: XConnection, info: DisplayInfo): Promise<Segment | undefined> {
  const shm = await connection.extension('shm');
  if (!shm) return undefined;
  try {
    return await connection.request<Segment>((reply) =>
      shm.createSegment(info.width * info.height * BYTES_PER_PIXEL, reply),
    );
  } catch (error) {
    if (error instanceof LiveletError && error.code === 'display-lost') throw error;
    return undefined;
  }
}
