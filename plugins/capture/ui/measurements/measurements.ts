import type { FrameMessage, TileCodec, VideoCodec } from '@livelet/core/page';

/** How a part of the picture came. */
export type SentAs = TileCodec | 'copy' | VideoCodec;

/** What the last interval was like. Times are medians, ms; undefined where no frame was drawn. */
export interface Measurements {
  /** Times that something new was on the page's screen, a second: parts that come together are one picture. */
  readonly fps: number;
  /** Of the screen's stream as the page got it, a second. */
  readonly bytesPerSecond: number;
  /** Operations that came, by their kind; none is left out as 0. */
  readonly sentAs: ReadonlyMap<SentAs, number>;
  /** From the change until its turn came: the frames before it, the line, the pace. */
  readonly wait: number | undefined;
  readonly capture: number | undefined;
  readonly encode: number | undefined;
  /** One way. */
  readonly wire: number | undefined;
  readonly decode: number | undefined;
  readonly draw: number | undefined;
  /** From the change on the display to the drawn picture, without the wire. */
  readonly lag: number | undefined;
}

interface FrameTimes {
  readonly wait: number;
  readonly capture: number;
  readonly encode: number;
  readonly wire: number;
  readonly decode: number;
  readonly draw: number;
  readonly lag: number;
}

/** Gathers what frames tell of themselves and what the page measures, interval by interval. */
export class MeasurementsWindow {
  #frames: FrameTimes[] = [];
  #shown = 0;
  #bytes = 0;
  #sentAs = new Map<SentAs, number>();

  /** A message of the screen's stream came. */
  received(bytes: number): void {
    this.#bytes += bytes;
  }

  /** A part of a frame came. */
  arrived({ operations }: FrameMessage): void {
    for (const operation of operations) {
      const kind = operation.kind === 'copy' ? 'copy' : operation.codec;
      this.#sentAs.set(kind, (this.#sentAs.get(kind) ?? 0) + 1);
    }
  }

  /** @param decode and @param total are from the last part's arrival, ms */
  drawn(frame: FrameMessage, decode: number, total: number): void {
    this.#frames.push({
      // The age has whole milliseconds, the other two have tenths.
      wait: Math.max(0, frame.age - frame.readTime - frame.encodeTime),
      capture: frame.readTime,
      encode: frame.encodeTime,
      wire: frame.wireTime,
      decode,
      draw: total - decode,
      lag: frame.age + total,
    });
  }

  /** The page's screen shows something new. */
  shown(): void {
    this.#shown += 1;
  }

  /** What came since the last call. @param ms how long that was */
  take(ms: number): Measurements {
    const frames = this.#frames;
    const middle = (time: keyof FrameTimes): number | undefined => median(frames.map((frame) => frame[time]));
    const measurements = {
      fps: (this.#shown * 1000) / ms,
      bytesPerSecond: (this.#bytes * 1000) / ms,
      sentAs: this.#sentAs,
      wait: middle('wait'),
      capture: middle('capture'),
      encode: middle('encode'),
      wire: middle('wire'),
      decode: middle('decode'),
      draw: middle('draw'),
      lag: middle('lag'),
    };
    this.#frames = [];
    this.#shown = 0;
    this.#bytes = 0;
    this.#sentAs = new Map();
    return measurements;
  }
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
