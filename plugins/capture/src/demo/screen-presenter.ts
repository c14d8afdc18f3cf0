import {
  asLiveletError,
  type CaptureSource,
  Clock,
  DEMO_PATH,
  type DisplayInfo,
  type ErrorCode,
  type GrantsView,
  holdStreams,
  type JsonValue,
  LiveletError,
  MAX_SOURCE_MESSAGE,
  messageStream,
  type PagePort,
  PeerGrants,
  PluginChannel,
  PluginUi,
  ReceiptNotes,
  SessionInfo,
  type SessionPart,
  SharedDisplay,
} from '@livelet/core';
import { inject, injectable } from 'inversify';
import { ScreenSender } from '../source/screen-sender.js';
import { TileEncoder } from '../tiles/tile-encoder.js';
import { VideoTrack } from '../video/video-track.js';
import { WebCaptureSource } from '../web-display/web-capture-source.js';
import { XCaptureSource } from '../x-display/x-capture-source.js';
import { ChosenDisplay } from './chosen-display.js';
import {
  CHOICE_PIECE,
  type PageToPresenter,
  type PresenterToPage,
  SHOWING_PIECE,
  type ShowEnd,
  type ShowState,
} from './demo-protocol.js';
import { ShowingNotes } from './showing-notes.js';

/** How long no page may say that it is shown before it isn't any more, ms: a page that is opened again takes less. */
const UNSEEN_LIMIT = 3000;

/** The role `presenter`: shows a display of this computer while its person wants it and the one at the other end allows it. */
@injectable()
export class ScreenPresenter implements SessionPart {
  readonly #channel: PluginChannel;
  readonly #ui: PluginUi;
  readonly #grants: GrantsView;
  readonly #session: SessionInfo;
  readonly #encoder: TileEncoder;
  readonly #video: VideoTrack;
  readonly #clock: Clock;
  readonly #notes: ShowingNotes;
  readonly #web: WebCaptureSource;
  readonly #screen: XCaptureSource | undefined;
  readonly #resources = new DisposableStack();
  readonly #ports = new Set<PagePort>();
  /** Those of them that say, as long as it lasts, that it is shown. */
  readonly #marks = new Set<PagePort>();
  #unseen: Disposable | undefined;
  #state: ShowState = 'off';
  #end: ShowEnd | undefined;
  #displays: readonly DisplayInfo[] = [];
  #isLooking = false;
  /** Ends the showing there is. */
  #showing: AbortController | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(
    @inject(PluginChannel) channel: PluginChannel,
    @inject(PluginUi) ui: PluginUi,
    @inject(PeerGrants) grants: GrantsView,
    @inject(SessionInfo) session: SessionInfo,
    @inject(SharedDisplay) display: SharedDisplay,
    @inject(TileEncoder) encoder: TileEncoder,
    @inject(VideoTrack) video: VideoTrack,
    @inject(Clock) clock: Clock,
    @inject(ReceiptNotes) notes: ReceiptNotes,
  ) {
    this.#channel = channel;
    this.#ui = ui;
    this.#grants = grants;
    this.#session = session;
    this.#encoder = encoder;
    this.#video = video;
    this.#clock = clock;
    this.#notes = new ShowingNotes(notes);
    this.#web = new WebCaptureSource(ui, clock, 'owner');
    const hasScreen = display.name !== '' && display.capture !== 'web';
    this.#screen = hasScreen ? new XCaptureSource(display.name, clock) : undefined;
  }

  start(): void {
    this.#resources.use(this.#ui.onPort(CHOICE_PIECE, (port) => this.#connect(port)));
    this.#resources.use(
      this.#ui.onPort(SHOWING_PIECE, (port) => {
        this.#marks.add(port);
        this.#unseen?.[Symbol.dispose]();
        port.onClose(() => {
          this.#marks.delete(port);
          this.#watch();
        });
        this.#connect(port);
      }),
    );
    this.#resources.use(
      this.#grants.onChange(({ capability, state }) => {
        // While the line is sought there is no stream whose end would tell.
        if (capability === 'show-screen' && state !== 'granted') this.#showing?.abort();
      }),
    );
    void this.#look();
  }

  async stop(): Promise<void> {
    this.#resources.dispose();
    this.#unseen?.[Symbol.dispose]();
    this.#showing?.abort();
    await this.#running;
    await this.#screen?.[Symbol.asyncDispose]();
  }

  /** Which displays there are, for the person to choose from. */
  async #look(): Promise<void> {
    if (!this.#screen || this.#state !== 'off' || this.#isLooking) return;
    this.#isLooking = true;
    try {
      this.#displays = await this.#screen.displays();
    } catch {
      this.#displays = [];
    }
    // Nothing is connected with it until it is shown.
    if (this.#state === 'off') await this.#screen[Symbol.asyncDispose]();
    this.#isLooking = false;
    this.#tellAll();
  }

  /** Nothing is shown that no page says is shown. */
  #watch(): void {
    if (this.#marks.size > 0 || this.#resources.disposed) return;
    this.#unseen?.[Symbol.dispose]();
    this.#unseen = this.#clock.setTimer(UNSEEN_LIMIT, () => this.#showing?.abort('unseen'));
  }

  #connect(port: PagePort): void {
    this.#ports.add(port);
    port.onMessage(({ json }) => {
      const message = json as unknown as PageToPresenter;
      if (message.type === 'stop') this.#showing?.abort();
      else if (message.type === 'show') this.#show(message.what);
    });
    port.onClose(() => void this.#ports.delete(port));
    this.#tell(port);
    // They couldn't be listed, or the display has been switched on since.
    if (this.#displays.length === 0) void this.#look();
  }

  #show(what: number | 'picker'): void {
    if (this.#state !== 'off' || !this.#grants.isGranted('show-screen')) return;
    const chosen = this.#displays.find(({ id }) => id === what);
    if (what !== 'picker' && !chosen) return;
    const showing = new AbortController();
    this.#showing = showing;
    this.#watch();
    this.#end = undefined;
    this.#tellState(what === 'picker' ? 'choosing' : 'opening');
    this.#running = this.#running.then(() => this.#run(chosen, showing.signal));
  }

  /** One showing, from its choice to its end. Never rejects. @param display absent: what the person chooses in the browser */
  async #run(display: DisplayInfo | undefined, signal: AbortSignal): Promise<void> {
    const source = display && this.#screen ? this.#screen : this.#web;
    let code: ErrorCode | undefined;
    try {
      code = await this.#present(source, display ?? (await this.#choose(signal)), signal);
    } catch (error) {
      ({ code } = asLiveletError(error));
    }
    await source[Symbol.asyncDispose]();
    this.#end = this.#whyEnded(code, signal);
    this.#showing = undefined;
    this.#tellState('off');
    await this.#look();
  }

  /** The browser asks. @throws `display-not-shared`, `display-unavailable`, `cancelled` */
  async #choose(signal: AbortSignal): Promise<DisplayInfo> {
    const stop = (): void => void this.#web[Symbol.asyncDispose]();
    signal.addEventListener('abort', stop);
    try {
      const asked = this.#web.displays();
      this.#web.choose();
      const [display] = await asked;
      if (!display || signal.aborted) throw new LiveletError('cancelled');
      return display;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Shows it, on another stream after a drop of the line. @returns the code that the last one ended with */
  async #present(
    source: CaptureSource,
    display: DisplayInfo,
    signal: AbortSignal,
  ): Promise<ErrorCode | undefined> {
    this.#tellState('opening');
    return await holdStreams(this.#channel, DEMO_PATH, signal, async (stream) => {
      this.#notes.begin(stream);
      this.#tellState('showing');
      // The first waits until the other end takes it, another one for the line.
      void stream.closed.then((code) => code === 'reconnecting' && this.#tellState('resuming'));
      const sender = new ScreenSender({
        source: new ChosenDisplay(source, display),
        stream: messageStream(stream, MAX_SOURCE_MESSAGE),
        encoder: this.#encoder,
        clock: this.#clock,
        video: this.#video,
      });
      await sender.run();
    });
  }

  #whyEnded(code: ErrorCode | undefined, signal: AbortSignal): ShowEnd | undefined {
    if (!this.#grants.isGranted('show-screen')) return 'taken-back';
    if (signal.aborted) return signal.reason === 'unseen' ? 'unseen' : undefined;
    if (code === 'cancelled') return 'closed';
    return code === 'display-not-shared' ? 'not-chosen' : 'failed';
  }

  #tellState(state: ShowState): void {
    this.#state = state;
    this.#tellAll();
  }

  #tellAll(): void {
    for (const port of this.#ports) this.#tell(port);
  }

  #tell(port: PagePort): void {
    const message: PresenterToPage = {
      state: this.#state,
      peerName: this.#session.peer.name,
      displays: this.#displays,
      ...(this.#end && { end: this.#end }),
    };
    port.post({ json: message as unknown as JsonValue });
  }
}
