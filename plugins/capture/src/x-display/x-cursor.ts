import type { Clock, CursorShape } from '@livelet/core';
import { MAX_CURSOR_SIDE } from '@livelet/core';
import type { CursorImage, Fixes, XEvent } from 'x11';
import type { XConnection } from './x-connection.js';

/** What a cursor tells; places are on the whole desktop. */
interface CursorListener {
  shape(shape: CursorShape): void;
  moved(x: number, y: number): void;
}

/** Between two looks at where the pointer is, ms: twice in a frame of 60 Hz. */
const LOOK_INTERVAL = 8;

/** The pointer's image (XFIXES) and place (asked for when XInput says that it moved): nothing wakes at rest. */
export class XCursor implements Disposable {
  readonly #connection: XConnection;
  readonly #clock: Clock;
  readonly #listener: CursorListener;
  readonly #fixes: Fixes | undefined;
  readonly #onEvent = (event: XEvent): void => {
    if (event.name === 'CursorNotify') void this.#readShape();
    if (event.name === 'XIRawMotion' || event.name === 'XIMotion') this.look();
  };
  #looking = false;
  #again = false;
  #place = '';
  #over = false;

  /** @throws `display-lost` */
  static async open(connection: XConnection, clock: Clock, listener: CursorListener): Promise<XCursor> {
    const fixes = await connection.extension('fixes');
    const cursor = new XCursor(connection, clock, listener, fixes);
    const input = await connection.extension('xinput');
    // Raw events come whatever window is under the pointer, but not when a program puts it elsewhere.
    input?.XISelectEvents(connection.root, {
      deviceId: input.AllMasterDevices,
      mask: input.EventMask.RawMotion | input.EventMask.Motion,
    });
    fixes?.SelectCursorInput(connection.root, fixes.CursorNotifyMask.DisplayCursor);
    return cursor;
  }

  private constructor(
    connection: XConnection,
    clock: Clock,
    listener: CursorListener,
    fixes: Fixes | undefined,
  ) {
    this.#connection = connection;
    this.#clock = clock;
    this.#listener = listener;
    this.#fixes = fixes;
  }

  /** Tells what it is now, and from now on. */
  start(): void {
    this.#connection.client.on('event', this.#onEvent);
    void this.#readShape();
    this.look();
  }

  /** Asks where the pointer is, unless it was asked a moment ago; then once more after that moment. */
  look(): void {
    if (this.#over) return;
    this.#again = this.#looking;
    if (this.#looking) return;
    this.#looking = true;
    void this.#readPlace();
    this.#clock.setTimer(LOOK_INTERVAL, () => {
      this.#looking = false;
      if (this.#again) this.look();
    });
  }

  [Symbol.dispose](): void {
    this.#over = true;
    this.#connection.client.removeListener('event', this.#onEvent);
  }

  async #readPlace(): Promise<void> {
    const { client, root } = this.#connection;
    const pointer = await this.#connection
      .request<{ rootX: number; rootY: number }>((reply) => client.QueryPointer(root, reply))
      .catch(() => undefined);
    if (!pointer || this.#over) return;
    const place = `${pointer.rootX},${pointer.rootY}`;
    if (place === this.#place) return;
    this.#place = place;
    this.#listener.moved(pointer.rootX, pointer.rootY);
  }

  async #readShape(): Promise<void> {
    const fixes = this.#fixes;
    if (!fixes) return;
    const image = await this.#connection
      .request<CursorImage>((reply) => fixes.GetCursorImage(reply))
      .catch(() => undefined);
    if (image && !this.#over) this.#listener.shape(cursorShape(image));
  }
}

/** From X's words to the contract's bytes. A larger image than the contract takes is cut around its hot spot. */
export function cursorShape(image: CursorImage): CursorShape {
  const width = Math.min(image.width, MAX_CURSOR_SIDE);
  const height = Math.min(image.height, MAX_CURSOR_SIDE);
  const left = Math.min(Math.max(0, image.xhot - (width >> 1)), image.width - width);
  const top = Math.min(Math.max(0, image.yhot - (height >> 1)), image.height - height);
  const rgba = new Uint8Array(width * height * 4);
  for (let at = 0; at < width * height; at++) {
    const x = left + (at % width);
    const y = top + Math.trunc(at / width);
    const word = image.cursorImage.readUInt32LE((y * image.width + x) * 4);
    const alpha = word >>> 24;
    rgba[at * 4] = straight((word >>> 16) & 255, alpha);
    rgba[at * 4 + 1] = straight((word >>> 8) & 255, alpha);
    rgba[at * 4 + 2] = straight(word & 255, alpha);
    rgba[at * 4 + 3] = alpha;
  }
  return {
    width,
    height,
    hotX: Math.min(image.xhot - left, width),
    hotY: Math.min(image.yhot - top, height),
    rgba,
  };
}

/** A colour before alpha was multiplied into it. */
function straight(value: number, alpha: number): number {
  return alpha === 0 ? 0 : Math.min(255, Math.round((value * 255) / alpha));
}
