import x11, { type XClient, type XDisplay, type XInputEvent } from 'x11';

/** Press, release, motion, focus and structure of a window (X11 protocol, SETofEVENT). */
const EVENTS = 0x1 | 0x2 | 0x4 | 0x8 | 0x40 | 0x20000 | 0x200000;
const DEADLINE = 30_000;

/** An X client with windows that keep each input event they get: what a program on the customer's display sees. */
export class RecordingClient implements Disposable {
  readonly events: XInputEvent[] = [];
  readonly x: XClient;
  readonly root: number;
  readonly #waiting = new Set<() => void>();

  static async open(display: string): Promise<RecordingClient> {
    const { promise, resolve, reject } = Promise.withResolvers<XDisplay>();
    x11.createClient({ display }, (error, value) => (error ? reject(error) : resolve(value)));
    return new RecordingClient(await promise);
  }

  private constructor(display: XDisplay) {
    this.x = display.client;
    this.root = display.screen[0]?.root ?? 0;
    this.x.on('event', (event) => {
      this.events.push(event as XInputEvent);
      for (const look of this.#waiting) look();
    });
    this.x.on('error', () => undefined);
  }

  /** Shows a window that no window manager touches, and waits until it is there. */
  async window(
    x: number,
    y: number,
    width: number,
    height: number,
    options: { parent?: number; managed?: boolean } = {},
  ): Promise<number> {
    const id = this.x.AllocID();
    this.x.CreateWindow(id, options.parent ?? this.root, x, y, width, height, 0, 0, 0, 0, {
      eventMask: EVENTS,
      overrideRedirect: options.managed !== true,
      backgroundPixel: 0xffffff,
    });
    this.x.MapWindow(id);
    await this.event((event) => event.name === 'MapNotify' && event.wid === id);
    return id;
  }

  async focus(window: number): Promise<void> {
    this.x.SetInputFocus(window, 0);
    await this.sync();
  }

  /** The first event, past or to come, that `matches`. */
  async event(matches: (event: XInputEvent) => boolean): Promise<XInputEvent> {
    const { promise, resolve, reject } = Promise.withResolvers<XInputEvent>();
    const look = (): void => {
      const found = this.events.find(matches);
      if (found !== undefined) resolve(found);
    };
    this.#waiting.add(look);
    const timer = setTimeout(
      () => reject(new Error(`no such event among ${this.names().join(' ')}`)),
      DEADLINE,
    );
    look();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(look);
    }
  }

  /** Resolves once all events of what the server did before have arrived. */
  async sync(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.x.sync((error) => (error ? reject(error) : resolve()));
    await promise;
  }

  /** Presses and releases since the start, such as `ButtonPress 1`. */
  names(): string[] {
    return this.events
      .filter(({ name }) => /^(Key|Button)(Press|Release)$/.test(name))
      .map(({ name, keycode }) => `${name} ${keycode}`);
  }

  /** Forgets what has happened so far. */
  clear(): void {
    this.events.length = 0;
  }

  [Symbol.dispose](): void {
    this.x.terminate();
  }
}
