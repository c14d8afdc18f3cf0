import type { CameraFrame, Clock, JsonValue, PagePort, PluginUi, PortMessage } from '@livelet/core';
import {
  type Device,
  HELD,
  type HostToLens,
  LENS_PIECE,
  type LensState,
  type LensToHost,
  type Pace,
} from './page-protocol.js';

/** How long the person has to answer the browser's question, ms. */
const ANSWER_LIMIT = 120_000;
/** A forced key frame follows the one before no sooner than this, ms: they are large. */
const KEY_INTERVAL = 500;

/** What a lens tells. */
export interface LensListener {
  changed(): void;
  frame(frame: CameraFrame): void;
}

/**
 * This computer's camera, in the host's own page. Closed until `open`, and again from `close` on: the page then stops
 * the track, which puts out the device's light.
 */
export class Lens {
  readonly #clock: Clock;
  readonly #listener: LensListener;
  #port: PagePort | undefined;
  #state: LensState = 'off';
  #id = 0;
  #device = '';
  #devices: readonly Device[] = [];
  #deadline: Disposable | undefined;
  #keyAt = Number.NEGATIVE_INFINITY;
  #keyLater: Disposable | undefined;
  #pace = HELD;

  constructor(clock: Clock, listener: LensListener) {
    this.#clock = clock;
    this.#listener = listener;
  }

  get state(): LensState {
    return this.#state;
  }

  get devices(): readonly Device[] {
    return this.#devices;
  }

  /** The one that is open, or was last. */
  get device(): string {
    return this.#device;
  }

  /** Takes the ports of the page's piece. */
  listen(ui: PluginUi): Disposable {
    return ui.onPort(LENS_PIECE, (port) => this.#connect(port));
  }

  open(): void {
    if (this.#isWanted) return;
    this.#ask();
  }

  /** Why it couldn't be opened stays told. */
  close(): void {
    if (!this.#isWanted) return;
    this.#end('off');
    this.#tell({ type: 'close' });
  }

  /** Another one of the devices, at once if one is open. */
  choose(device: string): void {
    if (!this.#devices.some(({ id }) => id === device) || device === this.#device) return;
    this.#device = device;
    if (this.#isWanted) this.#ask();
    else this.#listener.changed();
  }

  /** A key frame as soon as there may be one. */
  key(): void {
    if (this.#state !== 'on' || this.#keyLater) return;
    const wait = this.#keyAt + KEY_INTERVAL - this.#clock.now();
    if (wait > 0) {
      this.#keyLater = this.#clock.setTimer(wait, () => {
        this.#keyLater = undefined;
        this.key();
      });
      return;
    }
    this.#keyAt = this.#clock.now();
    this.#tell({ type: 'key' });
  }

  /** How much is encoded from now on. */
  set pace(pace: Pace) {
    const { bitrate, rate, held } = this.#pace;
    this.#pace = pace;
    if (pace.bitrate === bitrate && pace.rate === rate && pace.held === held) return;
    if (this.#isWanted) this.#tell({ type: 'pace', ...pace });
  }

  get #isWanted(): boolean {
    return this.#state === 'opening' || this.#state === 'on';
  }

  #ask(): void {
    this.#id += 1;
    this.#deadline?.[Symbol.dispose]();
    this.#deadline = this.#clock.setTimer(ANSWER_LIMIT, () => {
      this.#end('refused');
      this.#tell({ type: 'close' });
    });
    this.#tell({ type: 'open', id: this.#id, ...(this.#device !== '' && { device: this.#device }) });
    this.#tell({ type: 'pace', ...this.#pace });
    this.#show('opening');
  }

  #connect(port: PagePort): void {
    // One page at a time has the camera.
    this.#tell({ type: 'close' });
    this.#port = port;
    port.onMessage((message) => {
      if (this.#port === port) this.#receive(message);
    });
    port.onClose(() => {
      if (this.#port !== port) return;
      this.#port = undefined;
      // Its camera is gone with it; the next page opens one.
      if (this.#isWanted) this.#ask();
    });
    if (this.#isWanted) this.#ask();
  }

  #receive({ json, bytes }: PortMessage): void {
    const message = json as unknown as LensToHost;
    if (message.id !== this.#id || !this.#isWanted) return;
    switch (message.type) {
      case 'opened':
        this.#deadline?.[Symbol.dispose]();
        this.#device = message.device;
        this.#devices = message.devices;
        this.#show('on');
        break;
      case 'frame':
        if (bytes && this.#state === 'on') this.#listener.frame({ ...message, chunk: bytes });
        break;
      case 'closed':
        this.#end(message.why);
        break;
    }
  }

  #end(state: LensState): void {
    this.#id += 1;
    this.#deadline?.[Symbol.dispose]();
    this.#keyLater?.[Symbol.dispose]();
    this.#keyLater = undefined;
    this.#show(state);
  }

  #show(state: LensState): void {
    this.#state = state;
    this.#listener.changed();
  }

  #tell(message: HostToLens): void {
    this.#port?.post({ json: message as unknown as JsonValue });
  }
}
