import type { Clock, OpenDisplay, Rectangle, VideoOperation } from '@livelet/core';
import { type Changes, readChanges } from '../change/change-reader.js';
import type { FrameGate } from '../pace/frame-gate.js';
import { clip, holds, meet, pixels, subtract } from '../picture/rectangles.js';
import { Region } from '../picture/region.js';
import type { ViewerPicture } from '../picture/viewer-picture.js';
import { paletteOf } from '../tiles/palette.js';
import { type Focus, type PlanOptions, planTiles } from '../tiles/tile-plan.js';
import { tileSize } from '../tiles/tile-size.js';
import { splitIntoTiles } from '../tiles/tile-split.js';
import { VideoRegion } from '../video/video-region.js';
import type { VideoTrack } from '../video/video-track.js';
import type { FramePlan } from './outgoing-frame.js';

/** How long a roughly sent area has to be at rest before it is sent exactly, ms. */
export const REST_TIME = 300;
/** Pixels of the largest tile: some tiles a frame keep all cores busy. */
const TILE = { width: 512, height: 256 } as const;
/** Of a frame that refines: a change that comes meanwhile waits for the tiles that are being encoded. */
const REFINING_TILE = { width: 256, height: 128 } as const;
const REFINING_TILES = 16;
/** Pixels up to which what is told while a frame is read is read for it too. */
const LATE_PIXELS = 64 * 1024;
/** What has no more colours is no film, however often it changes: exact tiles of it take fewer bytes, and less time. */
const PLAIN_COLOURS = 64;
/** Bytes that a photo's pixel takes, shown roughly on a slow line and exactly: what is typed meanwhile waits for one tile. */
const PHOTO_BYTES = { quick: 0.12, exact: 1.4 } as const;

export interface ShownDisplayOptions {
  readonly display: OpenDisplay;
  readonly picture: ViewerPicture;
  readonly gate: FrameGate;
  readonly clock: Clock;
  readonly video: VideoTrack | undefined;
  /** Where the person looks; undefined while it is unknown. */
  readonly focus: () => Focus | undefined;
  /** A frame of the video was encoded, or couldn't be. */
  readonly encoded: () => void;
}

/** One generation of a display's picture: what changed, what of it the viewer has, and so what the next frame brings. */
export class ShownDisplay {
  readonly display: OpenDisplay;
  readonly picture: ViewerPicture;
  readonly #options: ShownDisplayOptions;
  readonly #gate: FrameGate;
  readonly #clock: Clock;
  /** What was damaged and not read since. */
  readonly #dirty = new Region();
  readonly #video: VideoRegion;
  /** Of the last frame of the video that was begun. */
  #videoTimes = { changedAt: 0, readTime: 0, readAt: 0 };
  /** When the first change that was not read was told, ms of the clock. */
  #changedAt: number;
  /** The frame that comes next is the first: it covers everything. */
  #isFirst = true;

  constructor(options: ShownDisplayOptions) {
    this.#options = options;
    this.display = options.display;
    this.picture = options.picture;
    this.#gate = options.gate;
    this.#clock = options.clock;
    const { width, height } = this.display.info;
    this.#video = new VideoRegion(options.video, width, height);
    this.picture.forget();
    this.#dirty.add({ x: 0, y: 0, width, height });
    this.#changedAt = this.#clock.now();
  }

  damaged(area: Rectangle): void {
    const now = this.#clock.now();
    if (this.#dirty.empty) this.#changedAt = now;
    this.#dirty.add(area);
    this.#video.damaged(area, now);
  }

  /** Ms until a frame is due that brings something new; Infinity until something happens, undefined when all is sent. */
  get changesDue(): number | undefined {
    if (this.#video.hasResult) return 0;
    const { unsent } = this.picture;
    if (this.#dirty.empty && unsent.empty) return undefined;
    const now = this.#clock.now();
    const area = this.#video.area(this.#gate.pace.quality, now);
    const changed = [...this.#dirty.areas, ...unsent.all.map((each) => each.area)];
    if (!area || !changed.every((each) => holds(area, each))) return this.#gate.wait;
    return Math.max(this.#gate.wait, this.#video.wait(now));
  }

  /**
   * Reads what changed, and says what the next frame brings; undefined when it brings nothing.
   * @throws what `OpenDisplay.read` throws: what was read so far is of no use then
   */
  async nextChanges(): Promise<FramePlan | undefined> {
    const now = this.#clock.now();
    const told = this.#changedAt;
    const whole = this.#isFirst;
    const { picture } = this;
    const { unsent } = picture;
    const { pace } = this.#gate;
    const { quality } = pace;
    const video = this.#video.takeFrame();
    if (video) return this.#videoAlone(video);
    const failed = this.#video.takeFailed();
    if (failed) unsent.add(failed, now);
    const changes = await this.#read(whole, now);
    const readAt = this.#clock.now();
    const readTime = readAt - now;
    const changedAt = unsent.oldest ?? told;
    const area = failed ? undefined : this.#video.area(quality, now);
    if (area && this.#video.wait(now) <= 0 && unsent.all.some((each) => meet(each.area, area))) {
      // The pixels are copied at once: what changes later is the next frame's.
      this.#videoTimes = { changedAt, readTime, readAt };
      void this.#video.encode(picture.reference, area, quality, now).then(this.#options.encoded);
      unsent.remove(area);
    }
    // A photo leaves the text beside it sharp.
    const cut = (...place: [Rectangle, number, number]) => splitIntoTiles(picture.reference, ...place);
    const size = whole
      ? TILE
      : tileSize(TILE, PHOTO_BYTES[quality.lossless ? 'exact' : 'quick'], pace.budget);
    const tiles = this.#tilesOf(unsent.all, area, { ...size, cut });
    if (tiles.length === 0 && changes.copies.length === 0) return undefined;
    this.#isFirst = false;
    return {
      copies: changes.copies,
      tiles,
      fidelity: quality.lossless ? 'exact' : 'quick',
      quality: pace.qualityOf(tiles.reduce((sum, tile) => sum + pixels(tile), 0)),
      budget: whole ? Number.POSITIVE_INFINITY : pace.budget,
      isEnough: () => false,
      changedAt,
      readTime,
      readAt,
    };
  }

  /** Ms until something has been at rest for long enough to be sent exactly; undefined when all is exact. */
  get refiningDue(): number | undefined {
    const { oldest } = this.picture.lossy;
    if (oldest === undefined) return undefined;
    const now = this.#clock.now();
    const { pace } = this.#gate;
    const video = this.#video.area(pace.quality, now);
    if (!video) return oldest + REST_TIME - now;
    // What plays is not at rest, however seldom the line takes a frame of it.
    const beside = this.picture.lossy.all.filter(({ area }) => subtract(area, video).length > 0);
    const due = Math.min(...beside.map(({ since }) => since + REST_TIME - now));
    const isInside = this.picture.lossy.all.some(({ area }) => meet(area, video));
    return isInside ? Math.min(due, this.#video.restsIn(now)) : due;
  }

  /** What has been at rest, exactly; as much as there is time for until something changes. */
  nextRefining(): FramePlan {
    const now = this.#clock.now();
    const { pace } = this.#gate;
    const size = tileSize(REFINING_TILE, PHOTO_BYTES.exact, pace.budget);
    const video = this.#video.area(pace.quality, now);
    const stopped = this.#video.restsIn(now) <= 0 ? video : undefined;
    const resting = this.picture.lossy.all.filter(
      ({ area, since }) => since <= now - REST_TIME || (stopped && meet(area, stopped)),
    );
    return {
      copies: [],
      tiles: this.#tilesOf(resting, stopped ? undefined : video, size).slice(0, REFINING_TILES),
      fidelity: 'exact',
      quality: pace.quality,
      budget: pace.budget,
      isEnough: () => !this.#dirty.empty,
      changedAt: now,
      readTime: 0,
      readAt: now,
    };
  }

  /** It doesn't wait until what changed meanwhile is read, which goes with the next frame. */
  #videoAlone(video: VideoOperation): FramePlan {
    const { quality, budget } = this.#gate.pace;
    const fidelity = 'quick';
    return {
      copies: [],
      video,
      tiles: [],
      fidelity,
      quality,
      budget,
      isEnough: () => true,
      ...this.#videoTimes,
    };
  }

  async #read(whole: boolean, now: number): Promise<Changes> {
    const video = this.#video.area(this.#gate.pace.quality, now);
    const since = this.#changedAt;
    const changes = await readChanges(this.display, this.picture, this.#takeDirty(video, now), {
      late: () => this.#takeLate(video, now),
      whole,
      videos: video ? [video] : [],
      since,
      now,
    });
    const { reference } = this.picture;
    if (changes.areas.length > 0 && !whole) {
      this.#video.changed(
        changes.areas.filter((area) => !paletteOf(reference, area, PLAIN_COLOURS)),
        now,
      );
    }
    return changes;
  }

  /** What was told while the pixels were read: a display tells of one change in several pieces. */
  #takeLate(video: Rectangle | undefined, now: number): Rectangle[] {
    const told = this.#dirty.areas.reduce((sum, area) => sum + pixels(area), 0);
    return told <= LATE_PIXELS ? this.#takeDirty(video, now) : [];
  }

  /** What is to be read now: a video's area when its next frame can be encoded, with the pixels as they are then. */
  #takeDirty(video: Rectangle | undefined, now: number): Rectangle[] {
    const areas = this.#dirty.take();
    if (!video || this.#video.wait(now) <= 0) return areas;
    for (const area of areas) if (meet(area, video)) this.#dirty.add(clip(area, video));
    return areas.flatMap((area) => subtract(area, video));
  }

  #tilesOf(
    areas: Parameters<typeof planTiles>[0],
    except?: Rectangle,
    size: Pick<PlanOptions, 'width' | 'height' | 'cut'> = TILE,
  ) {
    const { width, height } = this.display.info;
    const focus = this.#options.focus() ?? { x: width / 2, y: height / 2 };
    return planTiles(areas, { ...size, focus, except, now: this.#clock.now() });
  }
}
