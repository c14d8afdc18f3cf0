import {
  asLiveletError,
  type CaptureSource,
  type Clock,
  type CursorShape,
  type DisplayListener,
  decodeViewerMessage,
  type ErrorCode,
  encodeSourceMessage,
  LiveletError,
  type MessageStream,
  type OpenDisplay,
  type Rectangle,
  type SourceMessage,
  type ViewerMessage,
} from '@livelet/core';
import { FrameGate } from '../pace/frame-gate.js';
import { ViewerPicture } from '../picture/viewer-picture.js';
import type { TileEncoder } from '../tiles/tile-encoder.js';
import type { VideoTrack } from '../video/video-track.js';
import { CursorSender } from './cursor-sender.js';
import { type FrameLine, type FramePlan, OutgoingFrame } from './outgoing-frame.js';
import { ShownDisplay } from './shown-display.js';
import { type StepResult, WorkLoop } from './work-loop.js';

/** Nothing begins while the stream has more than this to send, bytes. */
const MAX_QUEUED = 256 * 1024;
/** A picture begins no sooner after the one before than this, ms, however often the viewer asks for another. */
const PICTURE_INTERVAL = 100;
/** How long a display may turn out to have changed each time that it is opened or read, and how long until it is again, ms. */
const CHANGING_TIME = 5000;
const CHANGING_INTERVAL = 50;

export interface ScreenSenderOptions {
  readonly source: CaptureSource;
  readonly stream: MessageStream;
  readonly encoder: TileEncoder;
  readonly clock: Clock;
  /** Encodes what keeps changing; without it that goes as tiles too. */
  readonly video?: VideoTrack | undefined;
}

/**
 * The source's end of one screen stream: opens the display that the viewer wants, and sends what changed as soon as the
 * line and the viewer are ready for more. Nothing runs while nothing changes.
 */
export class ScreenSender {
  readonly #options: ScreenSenderOptions;
  readonly #stream: MessageStream;
  readonly #gate: FrameGate;
  readonly #loop: WorkLoop;
  readonly #cursor = new CursorSender();
  #shown: ShownDisplay | undefined;
  /** The one that the viewer chose; undefined: the first. */
  #wanted: number | undefined;
  /** The display must be opened (again); a new generation must begin. */
  #reopen = true;
  #restart = false;
  /** When the last picture was begun, ms of the clock. */
  #begunAt = Number.NEGATIVE_INFINITY;
  /** Since when it changes too often to be shown, ms of the clock. */
  #changingSince: number | undefined;

  constructor(options: ScreenSenderOptions) {
    this.#options = options;
    this.#stream = options.stream;
    this.#gate = new FrameGate(options.clock);
    this.#loop = new WorkLoop(
      options.clock,
      () => this.#step(),
      (error) => this.#stream.reset(asLiveletError(error).code),
    );
  }

  /** Sends until the stream ends, which it does with a code when the display can't be shown. Never rejects. */
  async run(): Promise<void> {
    try {
      // What an earlier page could decode says nothing about this one.
      this.#options.video?.setAbilities([]);
      this.#loop.wake();
      for await (const bytes of this.#stream) {
        const refused = this.#receive(bytes);
        if (refused === undefined) continue;
        // Leaving the loop would reset it too, with another code.
        this.#stream.reset(refused);
        break;
      }
    } catch {
      // Reset by the peer, or by this side, which knows why.
    } finally {
      // Not a pixel more goes to the page's encoder either.
      this.#options.video?.setAbilities([]);
      await this.#loop.ended();
      await this.#shown?.display[Symbol.asyncDispose]();
    }
  }

  /** @returns why the message is refused */
  #receive(bytes: Uint8Array): ErrorCode | undefined {
    let message: ViewerMessage;
    try {
      message = decodeViewerMessage(bytes);
      if (message.type === 'acknowledge') this.#gate.acknowledge(message);
    } catch (error) {
      return asLiveletError(error).code;
    }
    switch (message.type) {
      case 'select':
        this.#wanted = message.display;
        this.#reopen = true;
        break;
      case 'refresh':
        this.#restart = true;
        break;
      case 'abilities':
        this.#options.video?.setAbilities(message.videos);
        break;
      case 'quality':
        this.#gate.pace.preset = message.preset;
        break;
    }
    this.#loop.wake();
    return undefined;
  }

  /** Does the most urgent thing. */
  async #step(): Promise<StepResult> {
    if (this.#stream.queuedBytes > MAX_QUEUED) return 'wait';
    if (this.#shown) this.#cursor.flush((message) => this.#send(message));
    const early = this.#begunAt + PICTURE_INTERVAL - this.#options.clock.now();
    if ((this.#reopen || this.#restart) && early > 0) return early;
    if (this.#reopen) return await this.#openDisplay();
    if (this.#restart && this.#shown) this.#begin(this.#shown.display, this.#shown.picture);
    const shown = this.#shown;
    if (!shown) return 'wait';
    const changes = shown.changesDue;
    if (changes !== undefined) {
      if (!this.#gate.isOpen) return 'wait';
      return changes > 0 ? waitFor(changes) : await this.#sendChanges(shown);
    }
    const refining = shown.refiningDue;
    if (refining === undefined || !this.#gate.isOpenForMore) return 'wait';
    const wait = Math.max(refining, this.#gate.pace.wait);
    if (wait > 0) return waitFor(wait);
    await this.#sendFrame(shown.picture, shown.nextRefining());
    return 'again';
  }

  async #sendChanges(shown: ShownDisplay): Promise<StepResult> {
    let plan: FramePlan | undefined;
    try {
      plan = await shown.nextChanges();
    } catch (error) {
      return this.#tryAgain(error);
    }
    this.#changingSince = undefined;
    if (!plan || this.#loop.over) return 'again';
    this.#gate.showsChange();
    await this.#sendFrame(shown.picture, plan);
    return 'again';
  }

  async #sendFrame(picture: ViewerPicture, plan: FramePlan): Promise<void> {
    await new OutgoingFrame(this.#line(), picture, this.#options.encoder, plan).send();
  }

  #line(): FrameLine {
    const loop = this.#loop;
    return {
      get over() {
        return loop.over;
      },
      wireTime: this.#gate.pace.wireTime,
      now: () => this.#options.clock.now(),
      begin: () => this.#gate.begin(),
      send: (message) => this.#gate.sent(message.number, this.#send(message)),
    };
  }

  async #openDisplay(): Promise<StepResult> {
    this.#reopen = false;
    const before = this.#shown?.picture;
    await this.#shown?.display[Symbol.asyncDispose]();
    this.#shown = undefined;
    const { source } = this.#options;
    const displays = await source.displays();
    const info = displays.find((display) => display.id === this.#wanted) ?? displays[0];
    if (!info) throw new LiveletError('display-unavailable');
    let display: OpenDisplay;
    try {
      display = await source.open(info.id, this.#listener());
    } catch (error) {
      return this.#tryAgain(error);
    }
    const { width, height } = display.info;
    const same = before?.reference.width === width && before.reference.height === height;
    this.#send({ type: 'displays', displays });
    this.#begin(display, before && same ? before : new ViewerPicture(width, height));
    return 'again';
  }

  /** Starts a new generation with all that the viewer has to know. */
  #begin(display: OpenDisplay, picture: ViewerPicture): void {
    const { clock, video } = this.#options;
    this.#restart = false;
    this.#begunAt = clock.now();
    this.#shown = new ShownDisplay({
      display,
      picture,
      gate: this.#gate,
      clock,
      video,
      focus: () => this.#cursor.place,
      encoded: () => this.#loop.wake(),
    });
    this.#cursor.restart();
    this.#send(this.#gate.restart(display.info));
  }

  #listener(): DisplayListener {
    return {
      damaged: (area: Rectangle) => {
        this.#shown?.damaged(area);
        this.#loop.wake();
      },
      cursorShape: (shape: CursorShape) => {
        this.#cursor.shape(shape);
        this.#loop.wake();
      },
      cursorMoved: (x: number, y: number) => {
        this.#cursor.moved(x, y);
        this.#loop.wake();
      },
      changed: () => {
        this.#reopen = true;
        this.#loop.wake();
      },
      lost: () => {
        this.#loop.end();
        this.#stream.reset('display-lost');
      },
    };
  }

  /** The display changed under our hands; opening it again tells how it is now. */
  #tryAgain(error: unknown): StepResult {
    const now = this.#options.clock.now();
    this.#changingSince ??= now;
    const changed = error instanceof LiveletError && error.code === 'display-unknown';
    if (!changed || now - this.#changingSince > CHANGING_TIME) throw error;
    this.#reopen = true;
    return CHANGING_INTERVAL;
  }

  /** @returns bytes */
  #send(message: SourceMessage): number {
    if (this.#loop.over) return 0;
    const bytes = encodeSourceMessage(message);
    // A stream that was reset is heard of from its messages.
    this.#stream.send(bytes).then(
      () => this.#loop.wake(),
      () => undefined,
    );
    return bytes.length;
  }
}

function waitFor(delay: number): StepResult {
  return Number.isFinite(delay) ? delay : 'wait';
}
