import {
  type CaptureSource,
  type Clock,
  checkScreenSize,
  type DisplayInfo,
  type DisplayListener,
  type ErrorCode,
  LiveletError,
  type OpenDisplay,
  type PagePort,
  type PluginUi,
  type PortMessage,
} from '@livelet/core';
import { SharedScreen } from './shared-screen.js';
import {
  type CaptureToSource,
  SHARE_PIECE,
  type SharedPicture,
  type ShareState,
  type SourceToCapture,
  WEB_CAPTURE_PIECE,
} from './web-capture-protocol.js';

/** How long the person has to choose what to share, ms. */
const CHOICE_LIMIT = 120_000;
/** How long the first picture may take to come once the browser captures, ms. */
const FIRST_PICTURE_LIMIT = 5_000;
/** The one display that a browser captures. */
const DISPLAY_ID = 0;

interface Waiter {
  resolve(screen: SharedScreen): void;
  reject(error: LiveletError): void;
}

/**
 * The screen as the browser of the host's own page captures it (getDisplayMedia): for Windows, macOS, Wayland and
 * whatever else has no source of its own. The person presses a button and chooses in the browser's own picker; the
 * capture ends when the source is disposed, when the person ends it, and with the page.
 */
export class WebCaptureSource implements CaptureSource {
  readonly #clock: Clock;
  readonly #tellShared: (isShared: boolean) => void;
  #capture: PagePort | undefined;
  readonly #panels = new Set<PagePort>();
  readonly #waiting = new Set<Waiter>();
  #state: ShareState = 'idle';
  #screen: SharedScreen | undefined;
  /** Why the capture ended while it was shown: for who then looks again. */
  #failure: LiveletError | undefined;

  /**
   * Takes the ports of its pieces for as long as the session lasts.
   * @param chooser who says that the person has pressed a button: the piece SHARE_PIECE, or the owner by `choose`
   * @param shared told at once, and after each change, whether anything is shared
   */
  constructor(
    ui: PluginUi,
    clock: Clock,
    chooser: 'panel' | 'owner' = 'panel',
    shared: (isShared: boolean) => void = () => undefined,
  ) {
    this.#clock = clock;
    this.#tellShared = shared;
    shared(false);
    ui.onPort(WEB_CAPTURE_PIECE, (port) => this.#connectCapture(port));
    if (chooser === 'panel') ui.onPort(SHARE_PIECE, (port) => this.#connectPanel(port));
  }

  /** The person has just pressed a button, after `displays` has asked: the browser asks them what to share. */
  choose(): void {
    if (this.#state !== 'asking' || !this.#capture) return;
    this.#show('choosing');
    this.#tell({ type: 'capture' });
  }

  /** @throws `display-not-shared` when the person refuses or doesn't answer, `display-unavailable` */
  async displays(): Promise<readonly DisplayInfo[]> {
    return [infoOf(await this.#shared())];
  }

  /** @throws `display-unknown`, `display-not-shared`, `display-unavailable` */
  async open(id: number, listener: DisplayListener): Promise<OpenDisplay> {
    if (id !== DISPLAY_ID) {
      throw new LiveletError('display-unknown', `display ${id}`, { data: { display: id } });
    }
    const screen = await this.#shared();
    await this.#within(FIRST_PICTURE_LIMIT, screen.whole);
    return screen.open(infoOf(screen), listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#failure = undefined;
    // What the person reads then stays until they are asked again.
    if (this.#state === 'refused' || this.#state === 'unavailable') return;
    const capturing = this.#state === 'choosing' || this.#state === 'sharing';
    this.#end('idle', 'display-lost');
    if (capturing) this.#tell({ type: 'stop' });
  }

  /** What is shared, once it is; asks the person for it. */
  #shared(): Promise<SharedScreen> {
    if (this.#screen) return Promise.resolve(this.#screen);
    if (this.#failure) return Promise.reject(this.#failure);
    const shared = new Promise<SharedScreen>((resolve, reject) => {
      const waiter = { resolve, reject };
      const timer = this.#clock.setTimer(CHOICE_LIMIT, () => {
        this.#end('refused', 'display-not-shared');
        this.#tell({ type: 'stop' });
      });
      this.#waiting.add({
        resolve: (screen) => {
          timer[Symbol.dispose]();
          waiter.resolve(screen);
        },
        reject: (error) => {
          timer[Symbol.dispose]();
          waiter.reject(error);
        },
      });
    });
    if (this.#state !== 'choosing') this.#show('asking');
    return shared;
  }

  #connectCapture(port: PagePort): void {
    this.#capture = port;
    port.onMessage((message) => {
      if (this.#capture === port) this.#receive(message);
    });
    port.onClose(() => {
      if (this.#capture !== port) return;
      this.#capture = undefined;
      // The page reloaded or went away, and the capture with it.
      if (this.#state === 'choosing' || this.#state === 'sharing') this.#end('refused', 'display-not-shared');
    });
  }

  #connectPanel(port: PagePort): void {
    this.#panels.add(port);
    port.onClose(() => void this.#panels.delete(port));
    port.onMessage(() => this.choose());
    port.post({ json: { state: this.#state } });
  }

  #receive({ json, bytes }: PortMessage): void {
    const message = json as unknown as CaptureToSource;
    // What was on its way when nobody wanted it any more.
    if (this.#state !== 'choosing' && this.#state !== 'sharing') return;
    try {
      switch (message.type) {
        case 'sharing':
          this.#share(message);
          break;
        case 'pixels':
          this.#screen?.take(message.areas, bytes ?? new Uint8Array(0), message.last);
          break;
        case 'refused':
          this.#end('refused', 'display-not-shared');
          break;
        case 'unavailable':
          this.#end('unavailable', 'display-unavailable', message.reason);
          break;
      }
    } catch (cause) {
      this.#end('unavailable', 'picture-malformed', cause instanceof Error ? cause.message : undefined);
      this.#tell({ type: 'stop' });
    }
  }

  #share(message: Extract<CaptureToSource, { type: 'sharing' }>): void {
    checkPicture(message);
    const before = this.#screen;
    const screen = new SharedScreen(message, this.#clock, () => this.#tell({ type: 'more' }));
    this.#screen = screen;
    this.#show('sharing');
    before?.end('changed');
    for (const waiter of this.#waiting) waiter.resolve(screen);
    this.#waiting.clear();
  }

  /** Nothing is shared any more. Who shows it is told to look again, and finds out why. */
  #end(state: ShareState, code: ErrorCode, reason?: string): void {
    const error = new LiveletError(code, reason);
    const screen = this.#screen;
    this.#screen = undefined;
    for (const waiter of this.#waiting) waiter.reject(error);
    this.#waiting.clear();
    this.#show(state);
    if (screen && state !== 'idle') this.#failure = error;
    screen?.end(state === 'idle' ? 'silent' : error);
  }

  #show(state: ShareState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#tellShared(state === 'sharing');
    for (const panel of this.#panels) panel.post({ json: { state } });
  }

  #tell(message: SourceToCapture): void {
    this.#capture?.post({ json: message });
  }

  async #within(limit: number, promise: Promise<void>): Promise<void> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    using _timer = this.#clock.setTimer(limit, () =>
      reject(new LiveletError('display-unavailable', 'the browser captures no picture')),
    );
    await Promise.race([promise, late]);
  }
}

/** @throws `picture-malformed`, `picture-too-large` */
function checkPicture({ width, height, form, colours }: SharedPicture): void {
  const isKnown =
    Number.isInteger(width) &&
    Number.isInteger(height) &&
    ['I420', 'NV12', 'BGRX'].includes(form) &&
    ['bt601', 'bt709'].includes(colours.matrix) &&
    typeof colours.fullRange === 'boolean';
  if (!isKnown) throw new LiveletError('picture-malformed', 'a picture of an unknown form');
  checkScreenSize(width, height);
}

function infoOf({ picture: { width, height } }: SharedScreen): DisplayInfo {
  return { id: DISPLAY_ID, name: '', x: 0, y: 0, width, height };
}
