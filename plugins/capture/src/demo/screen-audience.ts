import {
  acceptLimited,
  type ByteStream,
  Clock,
  DEMO_PATH,
  type PagePort,
  PluginChannel,
  PluginUi,
  ReceiptNotes,
  SessionInfo,
  type SessionPart,
} from '@livelet/core';
import { inject, injectable } from 'inversify';
import { StageLink } from '../viewer/stage-link.js';
import { type AudienceToPage, PICTURE_PIECE, WATCHING_PIECE } from './demo-protocol.js';
import { ShowingNotes } from './showing-notes.js';

/** The role `audience`: takes the stream that the presenter opens while it is allowed, and passes the picture to the page. */
@injectable()
export class ScreenAudience implements SessionPart {
  readonly #channel: PluginChannel;
  readonly #ui: PluginUi;
  readonly #session: SessionInfo;
  readonly #clock: Clock;
  readonly #notes: ShowingNotes;
  readonly #stage: StageLink;
  readonly #resources = new DisposableStack();
  readonly #panels = new Set<PagePort>();
  #stream: ByteStream | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(
    @inject(PluginChannel) channel: PluginChannel,
    @inject(PluginUi) ui: PluginUi,
    @inject(SessionInfo) session: SessionInfo,
    @inject(Clock) clock: Clock,
    @inject(ReceiptNotes) notes: ReceiptNotes,
  ) {
    this.#channel = channel;
    this.#ui = ui;
    this.#session = session;
    this.#clock = clock;
    this.#notes = new ShowingNotes(notes);
    this.#stage = new StageLink(clock, {
      shown: () => undefined,
      displays: () => undefined,
      pressed: (what) => {
        if (what === 'close') this.#close();
      },
    });
  }

  start(): void {
    this.#resources.use(this.#stage.listen(this.#ui, PICTURE_PIECE));
    this.#resources.use(this.#ui.onPort(WATCHING_PIECE, (port) => this.#connectPanel(port)));
    this.#resources.use(
      acceptLimited(this.#channel, DEMO_PATH, this.#clock, (stream) => this.#accept(stream)),
    );
  }

  async stop(): Promise<void> {
    this.#resources.dispose();
    this.#stream?.reset('session-ended');
    await this.#running;
    this.#stage.tell('ended');
  }

  /** A new stream takes the place of the one before. */
  #accept(stream: ByteStream): void {
    this.#stream?.reset('cancelled');
    this.#stream = stream;
    this.#running = this.#running.then(async () => {
      // Replaced before its turn came.
      if (stream !== this.#stream) return;
      this.#notes.begin(stream);
      this.#stage.tell('opening');
      this.#tellPanels();
      await this.#stage.receive(stream);
      if (stream !== this.#stream) return;
      this.#stream = undefined;
      // Also while the line is sought: the presenter may have stopped when it is back.
      this.#stage.tell('waiting');
      this.#tellPanels();
    });
  }

  /** The person wants to see it no more. */
  #close(): void {
    this.#stream?.reset('cancelled');
  }

  #connectPanel(port: PagePort): void {
    this.#panels.add(port);
    port.onMessage(() => this.#close());
    port.onClose(() => void this.#panels.delete(port));
    this.#tell(port);
  }

  #tellPanels(): void {
    for (const port of this.#panels) this.#tell(port);
  }

  #tell(port: PagePort): void {
    const message: AudienceToPage = {
      watching: this.#stream !== undefined,
      peerName: this.#session.peer.name,
    };
    port.post({ json: { ...message } });
  }
}
