import {
  asLiveletError,
  Clock,
  type DisplayInfo,
  type ErrorCode,
  type GrantsView,
  type JsonValue,
  type PagePort,
  PeerGrants,
  PluginChannel,
  PluginUi,
  SCREEN_PATH,
  type SelectMessage,
  SessionInfo,
  type SessionPart,
} from '@livelet/core';
import { inject, injectable } from 'inversify';
import { DISPLAYS_PIECE, type MenuToViewer, STAGE_PIECE, type ViewerToMenu } from './page-protocol.js';
import { StageLink } from './stage-link.js';
import { WatchedMonitor } from './watched-monitor.js';

/** The role `viewer`: opens the stream while the person at the other end allows it, and passes the picture to the page. */
@injectable()
export class ScreenViewer implements SessionPart {
  readonly #channel: PluginChannel;
  readonly #ui: PluginUi;
  readonly #grants: GrantsView;
  readonly #session: SessionInfo;
  readonly #stage: StageLink;
  readonly #watched = new WatchedMonitor();
  readonly #resources = new DisposableStack();
  #running: Promise<void> = Promise.resolve();
  #menu: PagePort | undefined;
  #displays: readonly DisplayInfo[] = [];
  #shown: number | undefined;
  /** The display that the person chose, for the next stream too. */
  #selected: SelectMessage | undefined;
  #stopping = new AbortController();

  constructor(
    @inject(PluginChannel) channel: PluginChannel,
    @inject(PluginUi) ui: PluginUi,
    @inject(PeerGrants) grants: GrantsView,
    @inject(SessionInfo) session: SessionInfo,
    @inject(Clock) clock: Clock,
  ) {
    this.#channel = channel;
    this.#ui = ui;
    this.#grants = grants;
    this.#session = session;
    this.#stage = new StageLink(clock, {
      shown: (display) => this.#show(display),
      displays: (displays) => this.#list(displays),
      pressed: (what) => {
        if (what === 'again' && this.#stage.state === 'failed') this.#follow();
      },
    });
  }

  start(): void {
    this.#resources.use(this.#stage.listen(this.#ui, STAGE_PIECE));
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
    this.#stage.reset('session-ended');
    await this.#running;
    this.#stage.tell('ended');
  }

  /** Opens the stream when it is allowed; when it is not any more, the other end has reset it. */
  #follow(): void {
    const { state } = this.#grants.get('view');
    if (state === 'granted') this.#open();
    else this.#stage.tell(state === 'revoked' || state === 'expired' ? 'paused' : 'waiting');
  }

  #open(): void {
    const { state } = this.#stage;
    if (state === 'opening' || state === 'viewing' || state === 'resuming') return;
    this.#stage.tell('opening');
    this.#running = this.#running.then(() => this.#view());
  }

  async #view(): Promise<void> {
    if (this.#stopping.signal.aborted || !this.#grants.isGranted('view')) return;
    const code = await this.#receive();
    this.#shown = undefined;
    const ended = this.#session.signal.aborted || this.#stopping.signal.aborted;
    if (ended || code === 'session-ended' || code === 'session-interrupted') this.#stage.tell('ended');
    else if (code === 'reconnecting') this.#tryAgain();
    else if (!this.#grants.isGranted('view')) this.#follow();
    // The grant's own end comes after it; should it not, what was seen last is still not shown as if it were now.
    else if (code === 'revoked') this.#stage.tell('paused');
    else this.#stage.tell('failed', code ?? 'display-lost');
  }

  /** A new stream begins with a whole picture. It opens when the connection is back; until then the last one stays. */
  #tryAgain(): void {
    if (this.#grants.isGranted('view')) {
      this.#stage.tell('resuming');
      this.#running = this.#running.then(() => this.#view());
    } else {
      this.#follow();
    }
  }

  /** One stream, from its opening to its end. */
  async #receive(): Promise<ErrorCode | undefined> {
    try {
      const stream = await this.#channel.open(SCREEN_PATH, this.#stopping.signal);
      return await this.#stage.receive(stream, this.#selected);
    } catch (error) {
      return asLiveletError(error).code;
    }
  }

  #list(displays: readonly DisplayInfo[]): void {
    if (this.#stage.isBehind(this.#menu)) return;
    const shown = this.#displays.find(({ id }) => id === this.#shown);
    const told = this.#watched.follow(shown, displays);
    if (told) this.#stage.tellMonitor(told);
    this.#displays = displays;
    this.#tellMenu();
  }

  #show(display: number): void {
    if (display === this.#shown) return;
    this.#shown = display;
    this.#tellMenu();
  }

  #connectMenu(port: PagePort): void {
    this.#menu = port;
    port.onMessage(({ json }) => {
      const { select } = json as unknown as MenuToViewer;
      if (!this.#displays.some((display) => display.id === select)) return;
      this.#watched.forget();
      this.#selected = { type: 'select', display: select };
      this.#stage.select(this.#selected);
    });
    port.onClose(() => {
      if (this.#menu === port) this.#menu = undefined;
    });
    this.#tellMenu();
  }

  #tellMenu(): void {
    const message: ViewerToMenu = {
      displays: this.#displays,
      ...(this.#shown !== undefined && { shown: this.#shown }),
    };
    this.#menu?.post({ json: message as unknown as JsonValue });
  }
}
