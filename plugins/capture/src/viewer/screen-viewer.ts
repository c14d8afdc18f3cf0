import {
  type AbilitiesMessage,
  asLiveletError,
  Clock,
  type DisplayInfo,
  decodeViewerMessage,
  type ErrorCode,
  type GrantsView,
  type JsonValue,
  MAX_PORT_MESSAGE,
  MAX_SOURCE_MESSAGE,
  messageStream,
  type PagePort,
  PeerGrants,
  PluginChannel,
  PluginUi,
  type PortMessage,
  type QualityMessage,
  SCREEN_PATH,
  type SelectMessage,
  SessionInfo,
  type SessionPart,
  type ViewerMessage,
} from '@livelet/core';
import { inject, injectable } from 'inversify';
import {
  DISPLAYS_PIECE,
  type MenuToViewer,
  STAGE_PIECE,
  type StageToViewer,
  type ViewerToMenu,
  type ViewerToStage,
  type ViewState,
} from './page-protocol.js';
import { ScreenReceiver } from './screen-receiver.js';

/**
 * Bytes on their way to the page above which the source is refused: frames wait for the page, but nothing keeps a
 * hostile source from new pictures and cursors, and a page that is too far behind is let go by its window.
 */
const MAX_BEHIND = 2 * MAX_PORT_MESSAGE;

/** The role `viewer`: opens the stream while the person at the other end allows it, and passes the picture to the page. */
@injectable()
export class ScreenViewer implements SessionPart {
  readonly #channel: PluginChannel;
  readonly #ui: PluginUi;
  readonly #grants: GrantsView;
  readonly #session: SessionInfo;
  readonly #clock: Clock;
  readonly #resources = new DisposableStack();
  #receiver: ScreenReceiver | undefined;
  #running: Promise<void> = Promise.resolve();
  #stage: PagePort | undefined;
  #menu: PagePort | undefined;
  #state: ViewState = 'waiting';
  #error: ErrorCode | undefined;
  #displays: readonly DisplayInfo[] = [];
  #shown: number | undefined;
  /** The display that the person chose, for the next stream too. */
  #selected: SelectMessage | undefined;
  /** What the page that is there measured of itself, for the next stream too. */
  #abilities: AbilitiesMessage | undefined;
  /** What the person prefers, for the next stream too. */
  #quality: QualityMessage | undefined;
  #stopping = new AbortController();

  constructor(
    @inject(PluginChannel) channel: PluginChannel,
    @inject(PluginUi) ui: PluginUi,
    @inject(PeerGrants) grants: GrantsView,
    @inject(SessionInfo) session: SessionInfo,
    @inject(Clock) clock: Clock,
  ) {
    this.#clock = clock;
    this.#channel = channel;
    this.#ui = ui;
    this.#grants = grants;
    this.#session = session;
  }

  start(): void {
    this.#resources.use(this.#ui.onPort(STAGE_PIECE, (port) => this.#connectStage(port)));
    this.#resources.use(this.#ui.onPort(DISPLAYS_PIECE, (port) => this.#connectMenu(port)));
    this.#resources.use(
      this.#grants.onChange((grant) => {
        if (grant.capability === 'view') this.#follow();
      }),
    );
    this.#follow();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#resources.dispose();
    this.#receiver?.reset('session-ended');
    await this.#running;
    this.#tell('ended');
  }

  /** Opens the stream when it is allowed; when it is not any more, the other end has reset it. */
  #follow(): void {
    const { state } = this.#grants.get('view');
    if (state === 'granted') this.#open();
    else this.#tell(state === 'revoked' || state === 'expired' ? 'paused' : 'waiting');
  }

  #open(): void {
    if (this.#state === 'opening' || this.#state === 'viewing' || this.#state === 'resuming') return;
    this.#tell('opening');
    this.#running = this.#running.then(() => this.#view());
  }

  async #view(): Promise<void> {
    if (this.#stopping.signal.aborted || !this.#grants.isGranted('view')) return;
    const code = await this.#receive();
    this.#receiver = undefined;
    this.#shown = undefined;
    const ended = this.#session.signal.aborted || this.#stopping.signal.aborted;
    if (ended || code === 'session-ended' || code === 'session-interrupted') this.#tell('ended');
    else if (code === 'reconnecting') this.#tryAgain();
    else if (this.#grants.isGranted('view') && code !== 'revoked')
      this.#tell('failed', code ?? 'display-lost');
    else this.#follow();
  }

  /** A new stream begins with a whole picture. It opens when the connection is back; until then the last one stays. */
  #tryAgain(): void {
    if (this.#grants.isGranted('view')) {
      this.#tell('resuming');
      this.#running = this.#running.then(() => this.#view());
    } else {
      this.#follow();
    }
  }

  /** One stream, from its opening to its end. */
  async #receive(): Promise<ErrorCode | undefined> {
    try {
      const stream = await this.#channel.open(SCREEN_PATH, this.#stopping.signal);
      const receiver = new ScreenReceiver(
        messageStream(stream, MAX_SOURCE_MESSAGE),
        {
          picture: (message, bytes) => {
            if (this.#isBehind(this.#stage)) return;
            if (message.type === 'geometry') this.#show(message.display);
            this.#stage?.post({ json: null, bytes });
          },
          displays: (displays) => {
            if (this.#isBehind(this.#menu)) return;
            this.#displays = displays;
            this.#tellMenu();
          },
        },
        this.#clock,
      );
      this.#receiver = receiver;
      for (const wish of [this.#abilities, this.#quality, this.#selected]) if (wish) receiver.tell(wish);
      return await receiver.run();
    } catch (error) {
      return asLiveletError(error).code;
    }
  }

  #isBehind(port: PagePort | undefined): boolean {
    if (port === undefined || port.bufferedBytes <= MAX_BEHIND) return false;
    this.#receiver?.reset('picture-too-large');
    return true;
  }

  #show(display: number): void {
    this.#tell('viewing');
    if (display === this.#shown) return;
    this.#shown = display;
    this.#tellMenu();
  }

  #connectStage(port: PagePort): void {
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

  #connectMenu(port: PagePort): void {
    this.#menu = port;
    port.onMessage(({ json }) => {
      const { select } = json as unknown as MenuToViewer;
      if (!this.#displays.some((display) => display.id === select)) return;
      this.#selected = { type: 'select', display: select };
      this.#receiver?.tell(this.#selected);
    });
    port.onClose(() => {
      if (this.#menu === port) this.#menu = undefined;
    });
    this.#tellMenu();
  }

  #fromStage({ json, bytes }: PortMessage): void {
    if (bytes) {
      this.#fromPicture(decodeViewerMessage(bytes));
      return;
    }
    const { type } = json as unknown as StageToViewer;
    if (type === 'broken') this.#receiver?.reset('picture-malformed');
    if (type === 'again' && this.#state === 'failed') this.#follow();
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

  #tell(state: ViewState, error?: ErrorCode): void {
    if (state === this.#state && error === this.#error) return;
    this.#state = state;
    this.#error = error;
    this.#postState();
  }

  #postState(): void {
    const error = this.#error;
    const message: ViewerToStage = { type: 'state', state: this.#state, ...(error && { error }) };
    this.#stage?.post({ json: { ...message } });
  }

  #tellMenu(): void {
    const message: ViewerToMenu = {
      displays: this.#displays,
      ...(this.#shown !== undefined && { shown: this.#shown }),
    };
    this.#menu?.post({ json: message as unknown as JsonValue });
  }
}
