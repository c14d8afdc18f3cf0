import type { Rectangle } from '@livelet/core';
import { clip, meet, pixels, union } from '../picture/rectangles.js';

/** Pixels a side of the cells whose changes are counted. */
const CELL = 32;
/** Changes that are remembered, and of what share of them a cell must have been a part to be in motion. */
const HISTORY = 10;
const HOT = 0.6;
/** The fewest changes that are motion: until it is found each frame of a film costs many bytes. */
const FEWEST = 4;
/** The last three of them must have come within this, ms: what changes less often is looked at, not watched. */
const LAST_THREE = 700;
/** A change before this, ms, says nothing about now: three a second are no motion. */
const MEMORY = 2_000;
/** The smallest area that is worth a video, px. */
const MIN_WIDTH = 200;
const MIN_HEIGHT = 150;
/** Share of the area that must be in motion for it to be taken whole. */
const FILLED = 0.7;
/** Share of the area in motion that a change must have to keep it going, and in how many of the last ones. */
const KEPT = 0.25;
const KEPT_CHANGES = 3;
/** The motion is over when the area has been still for this, ms. */
const STILL = 400;
/** So many missing changes, but no less than this, ms, are a rest: it may be made exact, and go on as the same film. */
const MISSED = 4;
const LEAST_REST = 200;
/** The area is taken anew when what is in motion is so much larger. */
const GROWN = 1.25;
/** Damage told within this, ms, is of one change: displays draw 60 times a second. */
const ONE_CHANGE = 15;
/** Changes that one frame stands for at most, so that never a single frame decides. */
const MAX_CHANGES = 3;

interface Change {
  readonly time: number;
  readonly areas: readonly Rectangle[];
}

/**
 * Finds the one rectangle that keeps changing, from what each frame changed. Where the line is slow a frame stands
 * for many changes, which are counted by the damage told meanwhile.
 */
export class Motion {
  readonly #bounds: Rectangle;
  readonly #columns: number;
  readonly #rows: number;
  /** For each cell one bit for each remembered change, the last one lowest. */
  readonly #cells: Uint16Array;
  /** The last one first. */
  #changes: Change[] = [];
  /** When something large was damaged since the last frame. */
  #ticks: number[] = [];
  #area: Rectangle | undefined;
  /** When the area last changed. */
  #moved = 0;

  /** @param width,height of the picture, px */
  constructor(width: number, height: number) {
    this.#bounds = { x: 0, y: 0, width, height };
    this.#columns = Math.ceil(width / CELL);
    this.#rows = Math.ceil(height / CELL);
    this.#cells = new Uint16Array(this.#columns * this.#rows);
  }

  /** Some pixels may have changed; ms of the clock. */
  damaged(area: Rectangle, now: number): void {
    if (this.#area && this.#moves([area])) this.#moved = now;
    if (area.width < MIN_WIDTH || area.height < MIN_HEIGHT || this.#ticks.length >= MAX_CHANGES) return;
    if (now - (this.#ticks.at(-1) ?? Number.NEGATIVE_INFINITY) >= ONE_CHANGE) this.#ticks.push(now);
  }

  /** Notes what one frame changed, without what goes as copies. */
  frame(areas: readonly Rectangle[], now: number): void {
    if (this.#isStill(now)) this.#area = undefined;
    const large = areas.some(({ width, height }) => width >= MIN_WIDTH && height >= MIN_HEIGHT);
    const times = large && this.#ticks.length > 1 ? this.#ticks : [now];
    for (const time of times) this.#note({ time, areas });
    this.#ticks = [];
    if (this.#area && this.#moves(areas)) this.#moved = now;
    this.#follow(now);
  }

  /** What is in motion, with even sides; the same object while it is the same rectangle. */
  area(now: number): Rectangle | undefined {
    if (this.#isStill(now)) this.#area = undefined;
    return this.#area;
  }

  /** Ms until the area is at rest, by the pace at which it changed, if nothing changes there any more. */
  restsIn(now: number): number {
    return this.#area ? Math.max(0, this.#moved + this.#restTime(now) - now) : 0;
  }

  #restTime(now: number): number {
    const times = this.#recent(now).flatMap(({ time, areas }) => (this.#moves(areas) ? [time] : []));
    const [last, first] = [times[0], times.at(-1)];
    if (last === undefined || first === undefined || times.length < 2) return STILL;
    return Math.min(Math.max((MISSED * (last - first)) / (times.length - 1), LEAST_REST), STILL);
  }

  #isStill(now: number): boolean {
    return this.#area !== undefined && now - this.#moved > STILL;
  }

  /** Whether what changed is a good part of the area. */
  #moves(areas: readonly Rectangle[]): boolean {
    const area = this.#area;
    if (!area) return false;
    return areas.reduce((sum, part) => sum + pixels(clip(part, area)), 0) >= KEPT * pixels(area);
  }

  #note(change: Change): void {
    this.#changes = [change, ...this.#changes].slice(0, HISTORY);
    const cells = this.#cells;
    for (let index = 0; index < cells.length; index++) {
      cells[index] = ((cells[index] ?? 0) << 1) & ((1 << HISTORY) - 1);
    }
    for (const { x, y, width, height } of change.areas) {
      const right = Math.ceil((x + width) / CELL);
      const bottom = Math.ceil((y + height) / CELL);
      for (let row = Math.floor(y / CELL); row < bottom; row++) {
        for (let column = Math.floor(x / CELL); column < right; column++) {
          const index = row * this.#columns + column;
          cells[index] = (cells[index] ?? 0) | 1;
        }
      }
    }
  }

  #follow(now: number): void {
    const area = this.#area;
    if (area) {
      const moving = this.#recent(now).filter(({ areas }) => this.#moves(areas)).length;
      // A video that stutters has few changes in all; one that stopped has others.
      if (moving < Math.min(KEPT_CHANGES, this.#changes.length)) this.#area = undefined;
    }
    const found = this.#find(now);
    if (!found || (this.#area && pixels(found) < GROWN * pixels(this.#area))) return;
    this.#area = found;
    this.#moved = now;
  }

  #recent(now: number): readonly Change[] {
    return this.#changes.filter(({ time }) => now - time <= MEMORY);
  }

  /** The largest group of cells in motion, as the rectangle that its changes really reach. */
  #find(now: number): Rectangle | undefined {
    const recent = this.#recent(now);
    const [last, , third] = recent;
    if (!last || !third || recent.length < FEWEST || last.time - third.time > LAST_THREE) return undefined;
    const mask = (1 << recent.length) - 1;
    const hot = Math.max(FEWEST, HOT * recent.length);
    const left = Uint8Array.from(this.#cells, (bits) => (ones(bits & mask) >= hot ? 1 : 0));
    let best: Group | undefined;
    for (let index = left.indexOf(1); index >= 0; index = left.indexOf(1, index)) {
      const group = this.#takeGroup(left, index);
      if (!best || group.cells > best.cells) best = group;
    }
    if (!best || best.cells * CELL * CELL < FILLED * pixels(best.box)) return undefined;
    const { box } = best;
    const area = even(reached(box, recent) ?? box, this.#bounds);
    return area.width >= MIN_WIDTH && area.height >= MIN_HEIGHT ? area : undefined;
  }

  /** Empties the group of connected cells around `start`. */
  #takeGroup(left: Uint8Array, start: number): Group {
    const waiting = [start];
    left[start] = 0;
    let box: Rectangle | undefined;
    let cells = 0;
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      const column = index % this.#columns;
      const row = (index - column) / this.#columns;
      const cell = { x: column * CELL, y: row * CELL, width: CELL, height: CELL };
      box = box ? union(box, cell) : cell;
      cells++;
      const near = [row > 0 && index - this.#columns, row < this.#rows - 1 && index + this.#columns];
      near.push(column > 0 && index - 1, column < this.#columns - 1 && index + 1);
      for (const next of near) {
        if (next === false || !left[next]) continue;
        left[next] = 0;
        waiting.push(next);
      }
    }
    return { cells, box: box as Rectangle };
  }
}

interface Group {
  readonly cells: number;
  readonly box: Rectangle;
}

/**
 * How far the changes reach within a box: each edge as far as at least two of them, so that one change of everything
 * around doesn't make it larger.
 */
function reached(box: Rectangle, changes: readonly Change[]): Rectangle | undefined {
  const extents = changes.flatMap(({ areas }) => {
    const parts = areas.filter((area) => meet(area, box)).map((area) => clip(area, box));
    const [first, ...rest] = parts;
    return first ? [rest.reduce(union, first)] : [];
  });
  const second = (values: number[]): number => values.toSorted((a, b) => a - b)[1] ?? Number.NaN;
  const x = second(extents.map((extent) => extent.x));
  const y = second(extents.map((extent) => extent.y));
  const right = -second(extents.map((extent) => -(extent.x + extent.width)));
  const bottom = -second(extents.map((extent) => -(extent.y + extent.height)));
  return right > x && bottom > y ? { x, y, width: right - x, height: bottom - y } : undefined;
}

/** With even sides: one pixel more where there is room, else one less. */
function even({ x, y, width, height }: Rectangle, bounds: Rectangle): Rectangle {
  const side = (from: number, length: number, limit: number): number =>
    length % 2 === 0 ? length : from + length < limit ? length + 1 : length - 1;
  return { x, y, width: side(x, width, bounds.width), height: side(y, height, bounds.height) };
}

function ones(bits: number): number {
  let count = 0;
  for (let left = bits; left > 0; left &= left - 1) count++;
  return count;
}
