import type { Rectangle, VideoAbility, VideoOperation } from '@livelet/core';
import type { Picture } from '../src/picture/picture.js';
import { pixels } from '../src/picture/rectangles.js';
import type { EncodedVideo, VideoTrack } from '../src/video/video-track.js';

/** A VP8 frame's header is 10 bytes (RFC 6386, 9.1); after it the pixels as they are. */
const HEADER = 10;

/**
 * A video track whose chunks hold pixels as they are, behind the header of a VP8 frame: what is tested with it is the
 * order of things, which no real codec tells exactly.
 */
export class RawVideoTrack implements VideoTrack {
  /** Resolves when the next frame may be done; a test that holds frames back replaces it. */
  gate: () => Promise<boolean> = async () => true;
  #abilities: readonly VideoAbility[] = [];
  #area: Rectangle | undefined;

  setAbilities(videos: readonly VideoAbility[]): void {
    this.#abilities = videos;
  }

  get ready(): boolean {
    return this.#abilities.length > 0;
  }

  async encode(
    picture: Picture,
    area: Rectangle,
    _bitrate: number,
    key: boolean,
  ): Promise<EncodedVideo | undefined> {
    const { x, y, width, height } = area;
    const begins = key || !sameArea(area, this.#area);
    const chunk = Buffer.alloc(HEADER + pixels(area) * 4);
    chunk[0] = begins ? 0 : 1;
    chunk.set([0x9d, 0x01, 0x2a], 3);
    chunk.writeUInt16LE(width, 6);
    chunk.writeUInt16LE(height, 8);
    for (let row = 0; row < height; row++) {
      const from = ((y + row) * picture.width + x) * 4;
      picture.bytes.copy(chunk, HEADER + row * width * 4, from, from + width * 4);
    }
    this.#area = { x, y, width, height };
    if (!(await this.gate())) {
      this.#area = undefined;
      return undefined;
    }
    return { codec: 'vp8', key: begins, chunk };
  }

  [Symbol.dispose](): void {}
}

/** The colour, `0xRRGGBB`, of a pixel of a frame by `RawVideoTrack`. */
export function rawPixel({ chunk, width }: VideoOperation, x: number, y: number): number {
  const at = HEADER + (y * width + x) * 4;
  return ((chunk[at + 2] as number) << 16) | ((chunk[at + 1] as number) << 8) | (chunk[at] as number);
}

function sameArea(a: Rectangle, b: Rectangle | undefined): boolean {
  return b !== undefined && a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}
