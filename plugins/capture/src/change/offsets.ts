import type { Rectangle } from '@livelet/core';
import type { Picture } from '../picture/picture.js';
import { pixels } from '../picture/rectangles.js';

/** Where pixels came from: those at (x, y) were at (x - dx, y - dy). */
export interface Offset {
  readonly dx: number;
  readonly dy: number;
}

/** Pixels of a run whose hash is compared: the hash has forgotten what is more than 32 shifts back. */
const RUN = 32;
/** Of the reference every so many rows are looked at; of the new pixels as many rows together, so that one matches. */
const STEP = 4;
const LARGE_STEP = 8;
/** From one such group of rows to the next: prime, so that lines of text don't hide between them. */
const GROUP = 29;
/** Pixels from which on the larger step is enough. */
const LARGE = 4 * 1024 * 1024;
/** Runs of the reference that are remembered: enough to vote, few enough to stay in the processor's cache. */
const WANTED = 4096;
const MAX_RUNS = 4 * WANTED;
/** A run that occurs more often says nothing about where it came from. */
const MAX_OCCURRENCES = 4;
/** Votes of a run that occurs once; those of the others are shared. */
const VOTES = 12;
/** Fewer votes are chance. */
const MIN_VOTES = 3 * VOTES;

const SLOT_BITS = 13;
const slots = new Int32Array(1 << SLOT_BITS);
const hashes = new Int32Array(MAX_RUNS);
const columns = new Int32Array(MAX_RUNS);
const rows = new Int32Array(MAX_RUNS);
const next = new Int32Array(MAX_RUNS);
let runs = 0;

/** Runs of the row that was looked at last; a screen is at most 16,384 pixels wide. */
const foundHashes = new Int32Array(16_384);
const foundEnds = new Int32Array(16_384);

/**
 * How the pixels of `area`, of which `read` has those of `at`, may have moved since the reference picture; the
 * likeliest first. Runs of pixels are picked by what they hold, not by where they lie, as in content-defined
 * chunking; those found in both pictures vote for their offset. A guess: whoever uses it looks at the pixels.
 */
export function likelyOffsets(reference: Picture, read: Picture, at: Rectangle, area: Rectangle): Offset[] {
  const step = pixels(area) > LARGE ? LARGE_STEP : STEP;
  const bits = Math.max(2, Math.ceil(Math.log2(pixels(area) / step / WANTED)));
  rememberRuns(reference, area, step, bits);
  return mostVotes(countVotes(read, at, area, step, bits));
}

function rememberRuns(reference: Picture, area: Rectangle, step: number, bits: number): void {
  slots.fill(-1);
  runs = 0;
  for (let y = area.y; y < area.y + area.height; y += step) {
    const found = findRuns(reference.words, y * reference.width + area.x, area.width, bits);
    for (let n = 0; n < found && runs < MAX_RUNS; n++) {
      const hash = foundHashes[n] as number;
      const slot = slotOf(hash);
      if (occurrences(hash, slot) > MAX_OCCURRENCES) continue;
      hashes[runs] = hash;
      columns[runs] = area.x + (foundEnds[n] as number);
      rows[runs] = y;
      next[runs] = slots[slot] as number;
      slots[slot] = runs++;
    }
  }
}

function countVotes(
  read: Picture,
  at: Rectangle,
  area: Rectangle,
  step: number,
  bits: number,
): Map<number, number> {
  const votes = new Map<number, number>();
  for (let group = area.y; group < area.y + area.height; group += GROUP) {
    for (let y = group; y < Math.min(group + step, area.y + area.height); y++) {
      const start = (y - at.y) * read.width + area.x - at.x;
      const found = findRuns(read.words, start, area.width, bits);
      for (let n = 0; n < found; n++) {
        const hash = foundHashes[n] as number;
        const slot = slotOf(hash);
        const count = occurrences(hash, slot);
        if (count === 0 || count > MAX_OCCURRENCES) continue;
        for (let run = slots[slot] as number; run >= 0; run = next[run] as number) {
          if (hashes[run] !== hash) continue;
          const dx = area.x + (foundEnds[n] as number) - (columns[run] as number);
          const key = pack(dx, y - (rows[run] as number));
          votes.set(key, (votes.get(key) ?? 0) + VOTES / count);
        }
      }
    }
  }
  return votes;
}

function mostVotes(votes: Map<number, number>): Offset[] {
  votes.delete(pack(0, 0));
  return [...votes]
    .filter(([, count]) => count >= MIN_VOTES)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 2)
    .map(([key]) => unpack(key));
}

/** Finds the runs whose hash begins with `bits` zeros and that end with an edge; returns how many. */
function findRuns(words: Uint32Array, start: number, length: number, bits: number): number {
  const shift = 32 - bits;
  let found = 0;
  let hash = 0;
  let previous = 0;
  for (let x = 0; x < length; x++) {
    const word = words[start + x] as number;
    // A gear hash (Xia et al., FastCDC, 2016) whose table is Fibonacci hashing of the colour.
    hash = ((hash << 1) + Math.imul(word ^ (word >>> 15), 0x9e3779b1)) | 0;
    if (hash >>> shift === 0 && word !== previous && x >= RUN - 1) {
      foundHashes[found] = hash;
      foundEnds[found++] = x;
    }
    previous = word;
  }
  return found;
}

function occurrences(hash: number, slot: number): number {
  let count = 0;
  for (let run = slots[slot] as number; run >= 0; run = next[run] as number) {
    if (hashes[run] === hash) count++;
  }
  return count;
}

/** The first bits of all these hashes are zeros. */
function slotOf(hash: number): number {
  return Math.imul(hash, 0x85ebca6b) >>> (32 - SLOT_BITS);
}

const BIAS = 0x8000;

function pack(dx: number, dy: number): number {
  return (dx + BIAS) * 0x10000 + dy + BIAS;
}

function unpack(key: number): Offset {
  return { dx: Math.floor(key / 0x10000) - BIAS, dy: (key % 0x10000) - BIAS };
}
