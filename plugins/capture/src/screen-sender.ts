import {
  type AcknowledgeMessage,
  asLiveletError,
  type CaptureSource,
  type Clock,
  type CursorShape,
  type DisplayInfo,
  decodeViewerMessage,
  type ErrorCode,
  encodeSourceMessage,
  FrameFlow,
  LiveletError,
  type MessageStream,
  type OpenDisplay,
  type Rectangle,
  type SourceMessage,
  type ViewerMessage,
} from '@livelet/core';
import { changedAreas } from './compare.js';
import { LossyAreas } from './lossy-areas.js';
import { copyPixels, createPicture, type Picture, pictureOf } from './picture.js';
import { pieces } from './rectangles.js';
import { Region } from './region.js';
import type { Fidelity, TileEncoder } from './tile-encoder.js';

/** How long a roughly sent area has to be at rest before it is sent exactly, ms. */
export const REST_TIME = 300;
/** Pixels of the largest tile: some tiles a frame keep all cores busy, and a photo in one leaves text in the next sharp. */
const TILE_WIDTH = 512;
const TILE_HEIGHT = 256;
/** Tiles being encoded at a time. */
const ENCODERS = 4;
/** Tiles of one refining frame: a change that comes meanwhile waits for no more. */
const REFINED_TILES = 4;
/** No frame begins while the stream has more than this to send, bytes. */
const MAX_QUEUED = 256 * 1024;
/** Two frames in this time, ms, are enough for any eye; the first two after a rest never wait. */
const PAIR_INTERVAL = 2000 / 60;
/** Times that a display may turn out to have changed while it is opened or read. */
const MAX_FAILURES = 5;

/** What a frame tells of its way so far, ms. */
interface FrameTimes {
  /** When the first change that it shows was told, by the clock. */
  readonly changedAt: number;
  readonly readTime: number;
}

export interface ScreenSenderOptions {
  readonly source: CaptureSource;
  readonly stream: MessageStream;
  readonly encoder: TileEncoder;
  readonly clock: Clock;
}

/**
 * The source's end of one screen stream: takes what changed, as soon as the viewer has drawn enough, compares it
 * with the reference picture and sends the difference. Nothing runs while nothing changes.
 */
export class ScreenSender {
  readonly #source: CaptureSource;
  readonly #stream: MessageStream;
  readonly #encoder: TileEncoder;
  readonly #clock: Clock;
  readonly #flow = new FrameFlow();
  readonly #dirty = new Region();
  readonly #lossy = new LossyAreas();
  /** The one that the viewer chose; undefined: the first. */
  #wanted: number | undefined;
  #display: OpenDisplay | undefined;
  #reference: Picture | undefined;
  /** The display must be opened (again); a new generation must begin. */
  #reopen = true;
  #restart = false;
  #failures = 0;
  /** When the first change that no frame shows was told, ms of the clock. */
  #changedAt = 0;
  /** The frame that comes next must cover everything, changed or not. */
  #whole = true;
  /** The last frame that is whole on its way. */
  #sent = { generation: 0, number: 0, at: 0 };
  /** One way over the line, ms. */
  #wireTime = 0;
  #began: readonly [number, number] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  #cursorShape: CursorShape | undefined;
  #cursorPlace: { readonly x: number; readonly y: number } | undefined;
  #unsentShape = false;
  #unsentPlace = false;
  #busy = false;
  #woken = false;
  #working: Promise<void> = Promise.resolve();
  #timer: Disposable | undefined;
  #over = false;

  constructor(options: ScreenSenderOptions) {
    this.#source = options.source;
    this.#stream = options.stream;
    this.#encoder = options.encoder;
    this.#clock = options.clock;
  }

  /** Sends until the stream ends, which it does with a code when the display can't be shown. Never rejects. */
  async run(): Promise<void> {
    try {
      this.#wake();
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
      this.#over = true;
      this.#timer?.[Symbol.dispose]();
      await this.#working;
      await this.#display?.[Symbol.asyncDispose]();
    }
  }

  /** @returns why the message is refused */
  #receive(bytes: Uint8Array): ErrorCode | undefined {
    let message: ViewerMessage;
    try {
      message = decodeViewerMessage(bytes);
      if (message.type === 'acknowledge') this.#acknowledged(message);
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
    }
    this.#wake();
    return undefined;
  }

  #acknowledged(message: AcknowledgeMessage): void {
    this.#flow.acknowledge(message);
    const { generation, number, drawTime } = message;
    if (generation !== this.#sent.generation || number !== this.#sent.number) return;
    this.#wireTime = Math.max(0, (this.#clock.now() - this.#sent.at - drawTime / 1000) / 2);
  }

  /** Something has changed that may let the next step happen. */
  #wake(): void {
    this.#woken = true;
    if (this.#over || this.#busy) return;
    this.#busy = true;
    this.#working = this.#work();
  }

  async #work(): Promise<void> {
    try {
      while (this.#woken && !this.#over) {
        this.#woken = false;
        while (!this.#over && (await this.#step()));
      }
    } catch (error) {
      this.#over = true;
      this.#stream.reset(asLiveletError(error).code);
    } finally {
      this.#busy = false;
    }
  }

  /** Does the most urgent thing; false when there is none or it has to wait for something that wakes. */
  async #step(): Promise<boolean> {
    this.#sendCursor();
    if (this.#stream.queuedBytes > MAX_QUEUED) return false;
    if (this.#reopen) return await this.#openDisplay();
    if (this.#restart) this.#begin();
    if (!this.#flow.mayBegin) return false;
    const wait = this.#began[0] + PAIR_INTERVAL - this.#clock.now();
    if (!this.#dirty.empty) return wait > 0 ? this.#wakeIn(wait) : await this.#sendChanges();
    const oldest = this.#lossy.oldest;
    if (oldest === undefined) return false;
    const rest = oldest + REST_TIME - this.#clock.now();
    return rest > 0 ? this.#wakeIn(rest) : await this.#refine();
  }

  #wakeIn(delay: number): false {
    this.#timer?.[Symbol.dispose]();
    this.#timer = this.#clock.setTimer(delay, () => this.#wake());
    return false;
  }

  async #openDisplay(): Promise<boolean> {
    this.#reopen = false;
    await this.#display?.[Symbol.asyncDispose]();
    this.#display = undefined;
    const displays = await this.#source.displays();
    const info = displays.find((display) => display.id === this.#wanted) ?? displays[0];
    if (!info) throw new LiveletError('display-unavailable');
    try {
      this.#display = await this.#source.open(info.id, this.#listener());
    } catch (error) {
      return this.#tryAgain(error);
    }
    this.#send({ type: 'displays', displays });
    this.#begin();
    return true;
  }

  #listener() {
    return {
      damaged: (area: Rectangle) => {
        if (this.#dirty.empty) this.#changedAt = this.#clock.now();
        this.#dirty.add(area);
        this.#wake();
      },
      cursorShape: (shape: CursorShape) => {
        this.#cursorShape = shape;
        this.#unsentShape = true;
        this.#wake();
      },
      cursorMoved: (x: number, y: number) => {
        this.#cursorPlace = { x, y };
        this.#unsentPlace = true;
        this.#wake();
      },
      changed: () => {
        this.#reopen = true;
        this.#wake();
      },
      lost: () => {
        this.#over = true;
        this.#stream.reset('display-lost');
      },
    };
  }

  /** Starts a new generation with all that the viewer has to know. */
  #begin(): void {
    const info = this.#display?.info as DisplayInfo;
    this.#restart = false;
    this.#whole = true;
    const { width, height } = info;
    const same = this.#reference?.width === width && this.#reference.height === height;
    if (!same) this.#reference = createPicture(width, height);
    this.#lossy.clear();
    this.#changedAt = this.#clock.now();
    // What was dirty may lie outside the new picture.
    this.#dirty.take();
    this.#dirty.add({ x: 0, y: 0, width, height });
    this.#unsentShape = this.#cursorShape !== undefined;
    this.#unsentPlace = this.#cursorPlace !== undefined;
    this.#send(this.#flow.restart(info));
  }

  /** Only the newest of each is ever waiting. */
  #sendCursor(): void {
    if (!this.#display || this.#stream.queuedBytes > MAX_QUEUED) return;
    if (this.#unsentShape && this.#cursorShape) this.#send({ type: 'cursor-shape', ...this.#cursorShape });
    if (this.#unsentPlace && this.#cursorPlace) this.#send({ type: 'cursor-position', ...this.#cursorPlace });
    this.#unsentShape = false;
    this.#unsentPlace = false;
  }

  async #sendChanges(): Promise<boolean> {
    const display = this.#display as OpenDisplay;
    const reference = this.#reference as Picture;
    const whole = this.#whole;
    // Many small differences are fewer and larger tiles: what lies between is right too.
    const changed = new Region();
    const now = this.#clock.now();
    const changedAt = this.#changedAt;
    for (const area of this.#dirty.take()) {
      let read: Picture;
      try {
        read = pictureOf(await display.read(area), area.width, area.height);
      } catch (error) {
        return this.#tryAgain(error);
      }
      for (const part of whole ? [area] : changedAreas(reference, read, area)) {
        copyPixels(reference, read, area, part);
        changed.add(part);
      }
    }
    this.#failures = 0;
    const readTime = this.#clock.now() - now;
    if (changed.empty) return true;
    this.#whole = false;
    this.#began = [this.#began[1], now];
    await this.#sendFrame(tilesOf(changed), 'quick', { changedAt, readTime });
    return true;
  }

  async #refine(): Promise<boolean> {
    const before = this.#clock.now() - REST_TIME;
    const rough = new Region();
    for (let count = 0; count < REFINED_TILES; count++) {
      const area = this.#lossy.take(before, this.#cursorPlace?.x ?? 0, this.#cursorPlace?.y ?? 0);
      if (area) rough.add(area);
    }
    await this.#sendFrame(tilesOf(rough), 'exact', { changedAt: this.#clock.now(), readTime: 0 });
    return true;
  }

  /** Encodes some tiles at a time and sends each as a part of one frame as soon as it is ready. */
  async #sendFrame(areas: readonly Rectangle[], fidelity: Fidelity, times: FrameTimes): Promise<void> {
    const { generation, number } = this.#flow.begin();
    const { changedAt, readTime } = times;
    const readAt = this.#clock.now();
    const reference = this.#reference as Picture;
    const waiting = areas.values();
    let part = 0;
    const encode = async (): Promise<void> => {
      for (const area of waiting) {
        const tile = await this.#encoder.encode(reference, area, fidelity);
        if (this.#over) return;
        this.#lossy.sent(area, tile.lossy, this.#clock.now());
        const last = part === areas.length - 1;
        const at = this.#clock.now();
        if (last) this.#sent = { generation, number, at };
        this.#send({
          type: 'frame',
          generation,
          number,
          part: part++,
          last,
          age: Math.round(at - changedAt),
          readTime,
          encodeTime: at - readAt,
          wireTime: this.#wireTime,
          operations: [tile],
        });
      }
    };
    await Promise.all(Array.from({ length: Math.min(ENCODERS, areas.length) }, encode));
  }

  /** The display changed under our hands; opening it again tells how it is now. */
  #tryAgain(error: unknown): boolean {
    this.#failures++;
    const changed = error instanceof LiveletError && error.code === 'display-unknown';
    if (!changed || this.#failures > MAX_FAILURES) throw error;
    this.#reopen = true;
    return true;
  }

  #send(message: SourceMessage): void {
    if (this.#over) return;
    // A stream that was reset is heard of from its messages.
    this.#stream.send(encodeSourceMessage(message)).then(
      () => this.#wake(),
      () => undefined,
    );
  }
}

/** Empties a region into tiles of which none overlap. */
function tilesOf(region: Region): readonly Rectangle[] {
  return region.take().flatMap((area) => [...pieces(area, TILE_WIDTH, TILE_HEIGHT)]);
}
