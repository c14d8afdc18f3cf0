import {
  type Clock,
  isVideoAsSaid,
  type JsonValue,
  MAX_CHUNK_BYTES,
  MAX_PORT_MESSAGE,
  type PagePort,
  type PluginUi,
  type PortMessage,
  type Rectangle,
  type VideoAbility,
  type VideoCodec,
} from '@livelet/core';
import type { Picture } from '../picture/picture.js';
import { readEncoderMessage } from './encoder-message.js';
import { i420Length, toI420 } from './i420.js';
import { type CodecTrial, ENCODER_PIECE, type TrackToEncoder } from './video-protocol.js';
import type { EncodedVideo, VideoTrack } from './video-track.js';

/** The first picture of a stream has the machine for itself for this, ms; then the codecs are measured. */
const MEASURE_AFTER = 1_000;
/** A frame later than this, ms, is given up: the first, which makes an encoder, and each other. */
const KEY_DEADLINE = 1_500;
const DEADLINE = 500;
/** Frames given up one after the other until the page is not asked any more. */
const MAX_FAILURES = 3;
/**
 * What a byte more costs a frame on a line of 100 Mbit/s, ms. Slower lines take no more bytes of one codec than of
 * another, since the bit rate is theirs.
 */
const BYTE_TIME = 8 / 100_000;
/** Room for the JSON beside the pixels. */
const HEADER_ROOM = 1024;

interface Waiting {
  readonly id: number;
  readonly codec: VideoCodec;
  readonly width: number;
  readonly height: number;
  /** The frame begins a video. */
  readonly begins: boolean;
  readonly deadline: Disposable;
  readonly resolve: (encoded: EncodedVideo | undefined) => void;
}

/**
 * Has the WebCodecs of the Livelet's own page encode. The pixels go as I420, three eighths of BGRX on the way and what
 * encoders take: converting here is cheaper than sending more and converting there.
 */
export class PageVideoTrack implements VideoTrack, Disposable {
  readonly #clock: Clock;
  readonly #listening: Disposable;
  #port: PagePort | undefined;
  #abilities: readonly VideoAbility[] = [];
  /** Of the page that is there; undefined: not measured yet. */
  #trials: readonly CodecTrial[] | undefined;
  #measuring: Disposable | undefined;
  #codec: VideoCodec | undefined;
  #area: Rectangle | undefined;
  #waiting: Waiting | undefined;
  #lastId = 0;
  #failures = 0;
  /** Of the last frame: the page has them when it has answered. */
  #pixels = new Uint8Array();
  /** The page may keep something of a picture. */
  #isUsed = false;

  constructor(ui: PluginUi, clock: Clock) {
    this.#clock = clock;
    this.#listening = ui.onPort(ENCODER_PIECE, (port) => this.#connect(port));
  }

  setAbilities(videos: readonly VideoAbility[]): void {
    this.#abilities = videos;
    if (videos.length === 0) this.#rest();
    this.#choose();
    this.#measureSoon();
  }

  get ready(): boolean {
    return this.#port !== undefined && this.#codec !== undefined && this.#failures < MAX_FAILURES;
  }

  async encode(
    picture: Picture,
    area: Rectangle,
    bitrate: number,
    key: boolean,
  ): Promise<EncodedVideo | undefined> {
    const codec = this.#codec;
    const length = i420Length(area.width, area.height);
    if (!this.ready || !codec || this.#waiting || length + HEADER_ROOM > MAX_PORT_MESSAGE) return undefined;
    const { width, height } = area;
    const begins = key || !this.#area || !sameArea(area, this.#area);
    if (this.#pixels.length !== length) this.#pixels = new Uint8Array(length);
    toI420(picture, area, this.#pixels);
    this.#area = { x: area.x, y: area.y, width, height };
    this.#isUsed = true;
    const id = ++this.#lastId;
    return await new Promise((resolve) => {
      const deadline = this.#clock.setTimer(begins ? KEY_DEADLINE : DEADLINE, () => this.#fail(id));
      this.#waiting = { id, codec, width, height, begins, deadline, resolve };
      this.#post({ type: 'encode', id, codec, width, height, bitrate, key: begins }, this.#pixels);
    });
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]();
    this.#measuring?.[Symbol.dispose]();
    this.#disconnect();
  }

  #connect(port: PagePort): void {
    this.#disconnect();
    this.#port = port;
    port.onMessage((message) => {
      if (port === this.#port) this.#receive(message);
    });
    port.onClose(() => {
      if (port === this.#port) this.#disconnect();
    });
    this.#measureSoon();
  }

  /** Another page may be another browser. */
  #disconnect(): void {
    this.#port = undefined;
    this.#trials = undefined;
    this.#measuring?.[Symbol.dispose]();
    this.#measuring = undefined;
    this.#codec = undefined;
    this.#failures = 0;
    this.#finish(undefined);
  }

  #measureSoon(): void {
    if (!this.#port || this.#trials || this.#measuring || this.#abilities.length === 0) return;
    this.#measuring = this.#clock.setTimer(MEASURE_AFTER, () => {
      this.#post({ type: 'measure', codecs: this.#abilities.map(({ codec }) => codec) });
    });
  }

  #receive({ json, bytes }: PortMessage): void {
    const message = readEncoderMessage(json);
    switch (message?.type) {
      case 'measured':
        this.#trials = message.trials;
        this.#choose();
        break;
      case 'failed':
        this.#fail(message.id);
        break;
      case 'chunk':
        if (this.#waiting?.id === message.id) this.#take(this.#waiting, message.key, bytes);
        break;
    }
  }

  /** What no viewer would accept goes as tiles instead. */
  #take(
    { id, codec, width, height, begins }: Waiting,
    key: boolean,
    chunk: Uint8Array = new Uint8Array(),
  ): void {
    const isUsual = chunk.length > 0 && chunk.length <= MAX_CHUNK_BYTES && (key || !begins);
    if (!isUsual || !isVideoAsSaid({ codec, key, chunk, width, height })) {
      this.#fail(id);
      return;
    }
    this.#failures = 0;
    this.#finish({ codec, key, chunk });
  }

  /** Nothing of the picture stays, neither here nor in the page. */
  #rest(): void {
    this.#finish(undefined);
    if (!this.#isUsed) return;
    this.#isUsed = false;
    this.#pixels = new Uint8Array();
    this.#post({ type: 'rest' });
  }

  /** The one with the least time from the pixels to the drawn picture. */
  #choose(): void {
    const times = (this.#trials ?? []).flatMap(({ codec, encodeTime, bytes }) => {
      const ability = this.#abilities.find((each) => each.codec === codec);
      return ability ? [{ codec, time: encodeTime + bytes * BYTE_TIME + ability.decodeTime / 1000 }] : [];
    });
    const chosen = times.toSorted((a, b) => a.time - b.time)[0]?.codec;
    if (chosen !== this.#codec) this.#area = undefined;
    this.#codec = chosen;
  }

  #fail(id: number): void {
    if (this.#waiting?.id !== id) return;
    this.#failures++;
    this.#finish(undefined);
  }

  #finish(encoded: EncodedVideo | undefined): void {
    // What the viewer didn't get, the next chunk would need.
    if (!encoded) {
      this.#area = undefined;
      this.#pixels = new Uint8Array();
    }
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.deadline[Symbol.dispose]();
    waiting?.resolve(encoded);
  }

  #post(message: TrackToEncoder, bytes?: Uint8Array): void {
    const json = message as unknown as JsonValue;
    this.#port?.post(bytes ? { json, bytes } : { json });
  }
}

function sameArea(a: Rectangle, b: Rectangle): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}
