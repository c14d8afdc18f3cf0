import {
  type CopyOperation,
  type FrameMessage,
  type FrameOperation,
  operationLength,
  type Rectangle,
  type VideoOperation,
} from '@livelet/core';
import { pixels } from '../picture/rectangles.js';
import type { ViewerPicture } from '../picture/viewer-picture.js';
import type { Fidelity, TileEncoder, TileQuality } from '../tiles/tile-encoder.js';

/** Tiles being encoded at a time: of a frame that brings something new, and of one that refines. */
const ENCODERS = { quick: 4, exact: 2 } as const;
/** Bytes of operations that are sent without waiting for more: a typed letter is one message. */
const PART_BYTES = 8 * 1024;
/** Bytes of a frame below which one tile at a time is encoded, so that the frame doesn't become much larger. */
const TIGHT_BUDGET = 64 * 1024;

/** What one frame is to bring. */
export interface FramePlan {
  readonly copies: readonly CopyOperation[];
  readonly video?: VideoOperation | undefined;
  /** In the order of their wanting. */
  readonly tiles: readonly Rectangle[];
  readonly fidelity: Fidelity;
  readonly quality: TileQuality;
  /** Bytes after which no more tiles are begun. */
  readonly budget: number;
  /** Whether to begin no more tiles: asked after each. What is left stays unsent, or lossy. */
  readonly isEnough: () => boolean;
  /** When the first change that the frame shows was told, ms of the clock. */
  readonly changedAt: number;
  /** Ms. */
  readonly readTime: number;
  /** When all of it had been read, ms of the clock. */
  readonly readAt: number;
}

/** Where frames go. */
export interface FrameLine {
  readonly wireTime: number;
  /** Nothing is sent any more. */
  readonly over: boolean;
  now(): number;
  /** Takes the number of the next frame. */
  begin(): Pick<FrameMessage, 'generation' | 'number'>;
  send(message: FrameMessage): void;
}

/**
 * One frame on its way: some of its tiles are encoded at a time, and each part of it is sent as soon as it is worth a
 * message.
 */
export class OutgoingFrame {
  readonly #line: FrameLine;
  readonly #picture: ViewerPicture;
  readonly #encoder: TileEncoder;
  readonly #plan: FramePlan;
  readonly #identity: Pick<FrameMessage, 'generation' | 'number'>;
  readonly #waiting: Rectangle[];
  /** What the next part takes, and its bytes. */
  #operations: FrameOperation[] = [];
  #operationBytes = 0;
  #running = 0;
  #part = 0;
  #bytes = 0;
  /** A frame's tiles cover no more than the picture's pixels. */
  #pixels = 0;

  constructor(line: FrameLine, picture: ViewerPicture, encoder: TileEncoder, plan: FramePlan) {
    this.#line = line;
    this.#picture = picture;
    this.#encoder = encoder;
    this.#plan = plan;
    this.#identity = line.begin();
    this.#waiting = [...plan.tiles];
  }

  /** Resolves when all of the frame was given to the line. */
  async send(): Promise<void> {
    const { copies, video, fidelity, budget } = this.#plan;
    for (const copy of copies) this.#add(copy);
    if (video) {
      this.#add(video);
      this.#picture.lossy.sent(video, true, this.#line.now());
    }
    if (!this.#mayEncode()) return this.#flush(true);
    const encoders = budget < TIGHT_BUDGET ? 1 : ENCODERS[fidelity];
    await Promise.all(Array.from({ length: encoders }, () => this.#sendTiles()));
  }

  async #sendTiles(): Promise<void> {
    while (this.#mayEncode()) {
      const area = this.#waiting.shift() as Rectangle;
      this.#pixels += pixels(area);
      this.#running++;
      const { fidelity, quality } = this.#plan;
      const tile = await this.#encoder.encode(this.#picture.reference, area, fidelity, quality);
      this.#running--;
      if (this.#line.over) return;
      if (fidelity === 'exact') this.#picture.exact(area);
      else this.#picture.sent(area, tile.lossy, this.#line.now());
      this.#add(tile);
      this.#flush(this.#running === 0 && !this.#mayEncode());
    }
  }

  /** Whether another tile is begun. */
  #mayEncode(): boolean {
    const [next] = this.#waiting;
    const { reference } = this.#picture;
    const { budget, isEnough } = this.#plan;
    if (!next || this.#pixels + pixels(next) > reference.width * reference.height) return false;
    // The first tile goes beside whatever else: only so everything comes to its turn.
    return this.#pixels === 0 || (this.#bytes < budget && !isEnough());
  }

  #add(operation: FrameOperation): void {
    this.#operations.push(operation);
    this.#operationBytes += operationLength(operation);
    this.#bytes += operationLength(operation);
  }

  #flush(last: boolean): void {
    if (!last && this.#operationBytes < PART_BYTES) return;
    const { changedAt, readTime, readAt } = this.#plan;
    const now = this.#line.now();
    this.#line.send({
      type: 'frame',
      ...this.#identity,
      part: this.#part++,
      last,
      age: Math.round(now - changedAt),
      readTime,
      encodeTime: now - readAt,
      wireTime: this.#line.wireTime,
      operations: this.#operations,
    });
    this.#operations = [];
    this.#operationBytes = 0;
  }
}
