import { type Clock, LiveletError } from '@livelet/core';
import x11, {
  type Display,
  type Extensions,
  type Reply,
  type Screen,
  type ShmProvider,
  type XClient,
} from 'x11';
import { isConvertible, type PixelForm } from './pixel-form.js';

/** X protocol, VISUALTYPE: what a pixel's bits are is told by masks. */
const TRUE_COLOUR = 4;
/** X protocol, FORMAT: `scanline-pad`. */
const ROW_UNITS: readonly number[] = [8, 16, 32];
/** How long the X server has to answer a request, ms. */
const REQUEST_DEADLINE = 5000;

export interface ConnectionOptions {
  /** X11 display name such as `:0`. */
  readonly name: string;
  readonly clock: Clock;
  /** Where images are shared; false: they come through the socket. @default the provider of npm x11 */
  readonly memory?: ShmProvider<never> | false;
}

/** One connection to an X server, with promises, deadlines, and an end that nobody waits past. */
export class XConnection implements Disposable {
  readonly client: XClient;
  readonly screen: Screen;
  /** How the root window's pixels lie in memory. */
  readonly pixels: PixelForm;
  readonly #clock: Clock;
  readonly #waiting = new Set<(error: LiveletError) => void>();
  readonly #lost = new Set<() => void>();
  #open = true;

  get open(): boolean {
    return this.#open;
  }

  /** @throws `display-unavailable`; `display-unsupported` when its pixels are of an unknown form */
  static async connect(options: ConnectionOptions): Promise<XConnection> {
    const display = await connect(options);
    const [screen, pixels] = checkPixels(display, options.name);
    return new XConnection(display, screen, pixels, options.clock);
  }

  private constructor(display: Display, screen: Screen, pixels: PixelForm, clock: Clock) {
    this.client = display.client;
    this.screen = screen;
    this.pixels = pixels;
    this.#clock = clock;
    this.client.on('end', () => this.#lose());
    // A killed server resets the socket, which then has no end. Errors of requests have a number of their own.
    this.client.on('error', (error) => {
      if (!('error' in error)) this.#lose();
    });
  }

  get root(): number {
    return this.screen.root;
  }

  /** Called once if the server goes away by itself. */
  onLost(listener: () => void): Disposable {
    this.#lost.add(listener);
    return { [Symbol.dispose]: () => this.#lost.delete(listener) };
  }

  /** @throws `display-lost`, or `display-unknown` for a request that the server refused */
  request<T>(send: (reply: Reply<T>) => void): Promise<T> {
    if (!this.#open) return Promise.reject(new LiveletError('display-lost'));
    return new Promise((resolve, reject) => {
      const fail = (error: LiveletError): void => {
        timer[Symbol.dispose]();
        this.#waiting.delete(fail);
        reject(error);
      };
      const timer = this.#clock.setTimer(REQUEST_DEADLINE, () => {
        fail(new LiveletError('display-lost', 'the X server is silent'));
        this.#lose();
      });
      this.#waiting.add(fail);
      send((error, value) => {
        if (error) {
          fail(new LiveletError('display-unknown', error.message, { cause: error }));
        } else {
          timer[Symbol.dispose]();
          this.#waiting.delete(fail);
          resolve(value);
        }
        // npm x11 reports an error that no reply took as an event of the whole client.
        return true;
      });
    });
  }

  /** The extension, or undefined when the server has none. @throws `display-lost` */
  async extension<E extends keyof Extensions>(name: E): Promise<Extensions[E] | undefined> {
    try {
      return await this.request<Extensions[E]>((reply) => this.client.require(name, reply));
    } catch (error) {
      if (error instanceof LiveletError && error.code === 'display-lost') throw error;
      return undefined;
    }
  }

  [Symbol.dispose](): void {
    this.#lost.clear();
    this.#lose();
  }

  #lose(): void {
    if (!this.#open) return;
    this.#open = false;
    this.client.stream?.destroy();
    for (const fail of [...this.#waiting]) fail(new LiveletError('display-lost'));
    for (const listener of this.#lost) listener();
  }
}

function connect({ name, clock, memory }: ConnectionOptions): Promise<Display> {
  return new Promise((resolve, reject) => {
    const unavailable = (why: string, cause?: unknown): void =>
      reject(new LiveletError('display-unavailable', why, { cause, data: { display: name } }));
    let client: XClient;
    const timer = clock.setTimer(REQUEST_DEADLINE, () => {
      // Before the socket is there, there is nothing to destroy.
      client.stream?.destroy();
      unavailable('the X server is silent');
    });
    try {
      client = x11.createClient(
        { display: name, ...(memory !== undefined && { shm: memory }) },
        (error, display) => {
          timer[Symbol.dispose]();
          if (error) unavailable(error.message, error);
          else resolve(display);
        },
      );
      // Errors of requests that wait for no reply, and of the socket, which ends after them.
      client.on('error', (error) => unavailable(error.message, error));
    } catch (error) {
      timer[Symbol.dispose]();
      unavailable(`${name} is not the name of a display`, error);
    }
  });
}

/** The screen whose pixels can be read, as they are or converted: little-endian words with a mask for each colour. */
function checkPixels(display: Display, name: string): [Screen, PixelForm] {
  const screen = display.screen[0];
  const depth = screen?.root_depth ?? 0;
  const visual = screen?.depths[depth]?.[screen.root_visual];
  const format = display.format[depth];
  const bitsPerPixel = format?.bits_per_pixel;
  if (screen && visual && format && (bitsPerPixel === 16 || bitsPerPixel === 32)) {
    const { red_mask: red, green_mask: green, blue_mask: blue } = visual;
    const form = { bitsPerPixel, rowUnit: format.scanline_pad, red, green, blue } as const;
    const known = visual.class === TRUE_COLOUR && ROW_UNITS.includes(form.rowUnit) && isConvertible(form);
    if (known && display.image_byte_order === 0) return [screen, form];
  }
  display.client.stream?.destroy();
  throw new LiveletError('display-unsupported', `a display of depth ${depth} can't be shared`, {
    data: { display: name, depth },
  });
}
