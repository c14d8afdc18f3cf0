/**
 * One numbered sequence of frames on one reference picture, kept at both ends of a screen stream.
 *
 *     source -> geometry (generation g: a black picture of this size)
 *     source -> frame 0 of g, which covers the whole picture; frame 1; frame 2 ...
 *     viewer -> acknowledge (g, n): n and all before are drawn; at most FRAMES_IN_FLIGHT are not
 *
 * Another display, another size and a viewer that lost its picture all end in the same way: generation g + 1
 * begins and nothing of g follows. Operations are applied in order, so every kind of them fits in.
 */
import { LiveletError } from '../errors.js';
import { type DisplayInfo, FRAMES_IN_FLIGHT, MAX_FRAME_BYTES, MAX_FRAME_OPERATIONS } from './capture.js';
import type {
  AcknowledgeMessage,
  FrameMessage,
  GeometryMessage,
  SourceMessage,
  TileOperation,
} from './capture-wire.js';
import { imageSize } from './image-size.js';

/** The source's end: numbers the frames and says when the next one may begin. */
export class FrameFlow {
  #generation = 0;
  #next = 0;
  #acknowledged = 0;

  /** Starts a new generation on this display's picture. */
  restart(display: DisplayInfo): GeometryMessage {
    this.#generation++;
    this.#next = 0;
    this.#acknowledged = 0;
    const { id, x, y, width, height } = display;
    return { type: 'geometry', generation: this.#generation, display: id, x, y, width, height };
  }

  /** Whether the viewer has drawn enough for another frame. */
  get mayBegin(): boolean {
    return this.#generation > 0 && this.#next - this.#acknowledged < FRAMES_IN_FLIGHT;
  }

  /** Takes the number of the next frame. */
  begin(): Pick<FrameMessage, 'generation' | 'number'> {
    if (!this.mayBegin) throw new LiveletError('internal', 'a frame ahead of the viewer');
    return { generation: this.#generation, number: this.#next++ };
  }

  /**
   * Takes the viewer's word. That of an earlier generation or frame means nothing any more.
   * @throws `picture-malformed` for a frame that was never begun
   */
  acknowledge({ generation, number }: AcknowledgeMessage): void {
    const current = generation === this.#generation;
    if (generation > this.#generation || (current && number >= this.#next)) {
      throw new LiveletError('picture-malformed', 'a frame acknowledged that was not sent');
    }
    if (current) this.#acknowledged = Math.max(this.#acknowledged, number + 1);
  }
}

/** The viewer's end: refuses whatever may not follow what came before. */
export class PictureOrder {
  #geometry: GeometryMessage | undefined;
  /** Number of the frame that is or comes next. */
  #frame = 0;
  #part = 0;
  #acknowledged = 0;
  /** Of the frame whose parts are arriving. */
  #operations = 0;
  #bytes = 0;
  #pixels = 0;

  /** The picture that frames apply to now. */
  get geometry(): GeometryMessage | undefined {
    return this.#geometry;
  }

  /** @throws `picture-malformed`, `picture-too-large`; the stream is of no use after that */
  accept(message: SourceMessage): void {
    if (message.type === 'geometry') this.#acceptGeometry(message);
    if (message.type === 'frame') this.#acceptFrame(message);
  }

  /** Whether an acknowledgement names a whole frame of this generation that none named before; counts it. */
  acknowledge({ generation, number }: AcknowledgeMessage): boolean {
    if (generation !== this.#geometry?.generation) return false;
    if (number < this.#acknowledged || number >= this.#frame) return false;
    this.#acknowledged = number + 1;
    return true;
  }

  #acceptGeometry(geometry: GeometryMessage): void {
    if (geometry.generation !== (this.#geometry?.generation ?? 0) + 1) malformed('generation out of order');
    this.#geometry = geometry;
    this.#frame = 0;
    this.#acknowledged = 0;
    this.#beginFrame();
  }

  #acceptFrame(message: FrameMessage): void {
    const geometry = this.#geometry ?? malformed('a frame before its picture');
    if (message.generation !== geometry.generation) malformed('a frame of another generation');
    if (message.number !== this.#frame || message.part !== this.#part) malformed('frame out of order');
    if (this.#frame - this.#acknowledged >= FRAMES_IN_FLIGHT) malformed('a frame ahead of the viewer');
    for (const tile of message.operations) this.#acceptTile(tile, geometry);
    this.#part++;
    if (!message.last) return;
    if (message.number === 0 && this.#pixels !== geometry.width * geometry.height) {
      malformed('the first frame leaves gaps');
    }
    this.#frame++;
    this.#beginFrame();
  }

  #acceptTile(tile: TileOperation, geometry: GeometryMessage): void {
    if (tile.x + tile.width > geometry.width || tile.y + tile.height > geometry.height) {
      malformed('a tile outside the screen');
    }
    const size = imageSize(tile.codec, tile.image);
    if (size?.width !== tile.width || size.height !== tile.height) {
      malformed("a tile's image is not of the size that it says");
    }
    this.#operations++;
    this.#bytes += tile.image.length;
    this.#pixels += tile.width * tile.height;
    if (this.#operations > MAX_FRAME_OPERATIONS || this.#bytes > MAX_FRAME_BYTES) {
      throw new LiveletError('picture-too-large', 'a frame beyond its bounds');
    }
    // Tiles of one frame don't overlap, so no frame costs the viewer more than the whole picture.
    if (this.#pixels > geometry.width * geometry.height) malformed('tiles that overlap');
  }

  #beginFrame(): void {
    this.#part = 0;
    this.#operations = 0;
    this.#bytes = 0;
    this.#pixels = 0;
  }
}

function malformed(message: string): never {
  throw new LiveletError('picture-malformed', message);
}
