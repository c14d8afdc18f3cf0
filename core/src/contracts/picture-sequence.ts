/**
 * One numbered sequence of frames on one reference picture, kept at both ends of a screen stream.
 *
 *     source -> geometry (generation g: a black picture of this size)
 *     source -> frame 0 of g, which covers the whole picture; frame 1; frame 2 ...
 *     viewer -> acknowledge (g, n): n and all before are drawn; at most FRAMES_IN_FLIGHT are not
 *
 * Another display, another size and a viewer that lost its picture all end in the same way: generation g + 1
 * begins and nothing of g follows. Operations are applied in order, so every kind of them fits in:
 *
 *     tiles    cover at most the picture's pixels in one frame, so that no frame costs more to draw than the picture
 *     copies   the same, counted apart, and at most `maxCopies` of them
 *     video    at most one in a frame, of one video at a time: a key chunk begins it, and every other chunk has the
 *              rectangle and the codec of the one before. No message ends it; another generation does
 *     frame 0  tiles only, or one key chunk that covers the whole picture
 *
 * Images and chunks say their size in their own headers too; nothing is decoded whose header claims another than its
 * operation. Any ratio of bytes to pixels is allowed, since a tile of one colour takes a few bytes: the pixels of a
 * frame are bounded instead, by those of the picture. A source sends video only in what the viewer's abilities name.
 * That a first frame covers the picture is told by its tiles' sum: where they overlap a gap stays, and is black, as a
 * source may draw it too.
 */
import { LiveletError } from '../errors.js';
import {
  type DisplayInfo,
  FRAMES_IN_FLIGHT,
  MAX_FRAME_BYTES,
  MAX_FRAME_OPERATIONS,
  MAX_UNDRAWN_BYTES,
  type Rectangle,
} from './capture.js';
import {
  type CopyOperation,
  type FrameOperation,
  type TileOperation,
  type VideoCodec,
  type VideoOperation,
} from './capture-operations.js';
import type { AbilitiesMessage, AcknowledgeMessage } from './capture-viewer-wire.js';
import type { FrameMessage, GeometryMessage, SourceMessage } from './capture-wire.js';
import { imageSize } from './image-size.js';
import { maxCopies } from './screen-size.js';
import { isVideoAsSaid } from './video-size.js';

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
  /** Bytes of each frame that is whole and not acknowledged, the oldest first. */
  #undrawn: number[] = [];
  /** What the viewer has ever named: a source may not have heard yet that a later page can do less. */
  readonly #codecs = new Set<VideoCodec>();
  /** Of this generation. */
  #video: VideoPlace | undefined;
  /** Of the frame whose parts are arriving. */
  #operations = 0;
  #bytes = 0;
  #tilePixels = 0;
  #copyPixels = 0;
  #copies = 0;
  #videos = 0;

  /** The picture that frames apply to now. */
  get geometry(): GeometryMessage | undefined {
    return this.#geometry;
  }

  /** @throws `picture-malformed`, `picture-too-large`; the stream is of no use after that */
  accept(message: SourceMessage): void {
    if (message.type === 'geometry') this.#acceptGeometry(message);
    if (message.type === 'frame') this.#acceptFrame(message);
  }

  /** The viewer tells the source this. */
  abilities({ videos }: AbilitiesMessage): void {
    for (const { codec } of videos) this.#codecs.add(codec);
  }

  /** Whether an acknowledgement names a whole frame of this generation that none named before; counts it. */
  acknowledge({ generation, number }: AcknowledgeMessage): boolean {
    if (generation !== this.#geometry?.generation) return false;
    if (number < this.#acknowledged || number >= this.#frame) return false;
    this.#undrawn.splice(0, number + 1 - this.#acknowledged);
    this.#acknowledged = number + 1;
    return true;
  }

  #acceptGeometry(geometry: GeometryMessage): void {
    if (geometry.generation !== (this.#geometry?.generation ?? 0) + 1) malformed('generation out of order');
    this.#geometry = geometry;
    this.#frame = 0;
    this.#acknowledged = 0;
    this.#undrawn = [];
    this.#video = undefined;
    this.#beginFrame();
  }

  #acceptFrame(message: FrameMessage): void {
    const geometry = this.#geometry ?? malformed('a frame before its picture');
    if (message.generation !== geometry.generation) malformed('a frame of another generation');
    if (message.number !== this.#frame || message.part !== this.#part) malformed('frame out of order');
    if (this.#frame - this.#acknowledged >= FRAMES_IN_FLIGHT) malformed('a frame ahead of the viewer');
    for (const operation of message.operations) this.#acceptOperation(operation, geometry);
    this.#part++;
    if (!message.last) return;
    if (message.number === 0 && this.#tilePixels !== pixels(geometry) && this.#videos === 0) {
      malformed('the first frame leaves gaps');
    }
    this.#frame++;
    this.#undrawn.push(this.#bytes);
    this.#beginFrame();
  }

  #acceptOperation(operation: FrameOperation, geometry: GeometryMessage): void {
    if (!isInside(operation, geometry)) malformed('an operation outside the screen');
    this.#operations++;
    switch (operation.kind) {
      case 'tile':
        this.#acceptTile(operation, geometry);
        break;
      case 'copy':
        this.#acceptCopy(operation, geometry);
        break;
      case 'video':
        this.#acceptVideo(operation, geometry);
        break;
    }
    const undrawn = this.#undrawn.reduce((sum, bytes) => sum + bytes, this.#bytes);
    const tooMuch = this.#bytes > MAX_FRAME_BYTES || undrawn > MAX_UNDRAWN_BYTES;
    if (this.#operations > MAX_FRAME_OPERATIONS || tooMuch) {
      throw new LiveletError('picture-too-large', 'a frame beyond its bounds');
    }
    const first = this.#frame === 0;
    if (first && this.#videos > 0 && this.#operations > 1) malformed('a first frame of video and more');
  }

  #acceptTile(tile: TileOperation, geometry: GeometryMessage): void {
    const size = imageSize(tile.codec, tile.image);
    if (size?.width !== tile.width || size.height !== tile.height) {
      malformed("a tile's image is not of the size that it says");
    }
    this.#bytes += tile.image.length;
    this.#tilePixels += pixels(tile);
    if (this.#tilePixels > pixels(geometry)) malformed('tiles that overlap');
  }

  #acceptCopy(copy: CopyOperation, geometry: GeometryMessage): void {
    if (this.#frame === 0) malformed('a copy of nothing');
    if (!isInside({ ...copy, x: copy.fromX, y: copy.fromY }, geometry)) {
      malformed('a copy from outside the screen');
    }
    this.#copyPixels += pixels(copy);
    if (this.#copyPixels > pixels(geometry)) malformed('copies of more than the screen');
    if (++this.#copies > maxCopies(geometry)) malformed('too many copies');
  }

  #acceptVideo(video: VideoOperation, geometry: GeometryMessage): void {
    const { x, y, width, height, codec, key } = video;
    if (!this.#codecs.has(codec)) malformed('a video that the viewer never asked for');
    if (++this.#videos > 1) malformed('two videos in a frame');
    if (!key && !continues(video, this.#video)) malformed('a chunk without the video it belongs to');
    if (!isVideoAsSaid(video)) malformed("a video's chunk is not of the size that it says");
    if (this.#frame === 0 && pixels(video) !== pixels(geometry)) malformed('the first frame leaves gaps');
    this.#bytes += video.chunk.length;
    this.#video = { x, y, width, height, codec };
  }

  #beginFrame(): void {
    this.#part = 0;
    this.#operations = 0;
    this.#bytes = 0;
    this.#tilePixels = 0;
    this.#copyPixels = 0;
    this.#copies = 0;
    this.#videos = 0;
  }
}

function isInside(area: Rectangle, { width, height }: GeometryMessage): boolean {
  return area.x + area.width <= width && area.y + area.height <= height;
}

/** What every chunk of a video has alike. */
type VideoPlace = Rectangle & Pick<VideoOperation, 'codec'>;

function continues(video: VideoPlace, before: VideoPlace | undefined): boolean {
  return (
    before !== undefined &&
    video.codec === before.codec &&
    video.x === before.x &&
    video.y === before.y &&
    video.width === before.width &&
    video.height === before.height
  );
}

function pixels({ width, height }: Rectangle): number {
  return width * height;
}

function malformed(message: string): never {
  throw new LiveletError('picture-malformed', message);
}
