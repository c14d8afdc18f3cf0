import {
  type AbilitiesMessage,
  type ByteStream,
  type Clock,
  type DisplayInfo,
  decodeViewerMessage,
  type ErrorCode,
  MAX_PORT_MESSAGE,
  MAX_SOURCE_MESSAGE,
  messageStream,
  type PagePort,
  type PluginUi,
  type PortMessage,
  type QualityMessage,
  type SelectMessage,
  type ViewerMessage,
} from '@livelet/core';
import type { MonitorTold, StageToViewer, StateTold, ViewState } from './page-protocol.js';
import { ScreenReceiver } from './screen-receiver.js';

/**
 * Bytes on their way to the page above which the source is refused: frames wait for the page, but nothing keeps a
 * hostile source from new pictures and cursors, and a page that is too far behind is let go by its window.
 */
const MAX_BEHIND = 2 * MAX_PORT_MESSAGE;

/** What a stage and its stream tell. */
export interface StageListener {
  /** A picture of this display begins. */
  shown(display: number): void;
  displays(displays: readonly DisplayInfo[]): void;
  /** The person pressed something. */
  pressed(what: 'again' | 'close'): void;
}

/** Joins the stage in the page with the stream whose picture it draws; another stream, and another page, go on with it. */
export class StageLink {
  readonly #clock: Clock;
  readonly #listener: StageListener;
  #receiver: ScreenReceiver | undefined;
  #stage: PagePort | undefined;
  #state: ViewState = 'waiting';
  #error: ErrorCode | undefined;
  /** What the page that is there measured of itself, for the next stream too. */
  #abilities: AbilitiesMessage | undefined;
  /** What the person prefers, for the next stream too. */
  #quality: QualityMessage | undefined;

  constructor(clock: Clock, listener: StageListener) {
    this.#clock = clock;
    this.#listener = listener;
  }

  get state(): ViewState {
    return this.#state;
  }

  /** Takes the ports of the stage. @param piece contribution of the manifest */
  listen(ui: PluginUi, piece: string): Disposable {
    return ui.onPort(piece, (port) => this.#connect(port));
  }

  /** Receives until the stream ends; with the code that either end gave it. Never rejects. */
  async receive(stream: ByteStream, selected?: SelectMessage): Promise<ErrorCode | undefined> {
    const receiver = new ScreenReceiver(
      messageStream(stream, MAX_SOURCE_MESSAGE),
      {
        picture: (message, bytes) => {
          if (this.isBehind(this.#stage)) return;
          if (message.type === 'geometry') {
            this.tell('viewing');
            this.#listener.shown(message.display);
          }
          this.#stage?.post({ json: null, bytes });
        },
        displays: (displays) => this.#listener.displays(displays),
      },
      this.#clock,
    );
    this.#receiver = receiver;
    for (const wish of [this.#abilities, this.#quality, selected]) if (wish) receiver.tell(wish);
    const code = await receiver.run();
    this.#receiver = undefined;
    return code;
  }

  /** The display that is to be shown. */
  select(message: SelectMessage): void {
    this.#receiver?.tell(message);
  }

  /** Whether so much is on its way to a page that the stream was reset. */
  isBehind(port: PagePort | undefined): boolean {
    if (port === undefined || port.bufferedBytes <= MAX_BEHIND) return false;
    this.reset('picture-too-large');
    return true;
  }

  /** The stream, if there is one. */
  reset(code: ErrorCode): void {
    this.#receiver?.reset(code);
  }

  /** Shows the state on the stage. */
  tell(state: ViewState, error?: ErrorCode): void {
    if (state === this.#state && error === this.#error) return;
    this.#state = state;
    this.#error = error;
    this.#postState();
  }

  tellMonitor(message: MonitorTold): void {
    this.#stage?.post({ json: { ...message } });
  }

  #connect(port: PagePort): void {
    this.#stage = port;
    port.onMessage((message) => this.#fromStage(message));
    port.onClose(() => {
      if (this.#stage !== port) return;
      this.#stage = undefined;
      this.#abilities = undefined;
      // A new page begins with it, so the source does too.
      if (this.#quality) this.#fromPicture({ type: 'quality', preset: 'automatic' });
    });
    this.#postState();
    this.#receiver?.refresh();
  }

  #fromStage({ json, bytes }: PortMessage): void {
    if (bytes) {
      this.#fromPicture(decodeViewerMessage(bytes));
      return;
    }
    const { type } = json as unknown as StageToViewer;
    if (type === 'broken') this.reset('picture-malformed');
    else if (type === 'again' || type === 'close') this.#listener.pressed(type);
  }

  #fromPicture(message: ViewerMessage): void {
    switch (message.type) {
      case 'acknowledge':
      case 'refresh':
        this.#receiver?.fromPage(message);
        break;
      case 'abilities':
        this.#abilities = message;
        this.#receiver?.tell(message);
        break;
      case 'quality':
        this.#quality = message;
        this.#receiver?.tell(message);
        break;
    }
  }

  #postState(): void {
    const error = this.#error;
    const message: StateTold = { type: 'state', state: this.#state, ...(error && { error }) };
    this.#stage?.post({ json: { ...message } });
  }
}
