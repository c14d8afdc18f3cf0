/** One packet of sound with its place in the file. */
export interface SoundPacket {
  /** ms */
  readonly at: number;
  readonly duration: number;
  readonly bytes: Uint8Array;
}

/** Opus, 20 ms, stereo, nothing to hear: RFC 6716, table of contents 31, then an empty frame. */
const SILENCE = Uint8Array.of(0xfc, 0xff, 0xfe);
const SILENCE_MS = 20;
/** How far sound may be from where it should be before it is put there, ms: less is rounding. */
const MAX_DRIFT = 80;
/** How far the picture may be ahead before silence is put in, ms: sound may come late by less. */
const MAX_LATE = 1_000;
/** After so long without a packet nothing is on its way, ms. */
const QUIET = 2_000;

/**
 * Puts packets of sound one after the other, without the gaps that their way makes, and silence where there are none:
 * players and the file's writer want a track that goes on.
 */
export class SoundTrack {
  readonly #add: (packet: SoundPacket) => void;
  /** Up to where there is sound, ms. */
  #end = 0;
  /** Up to where it came. */
  #heard = Number.NEGATIVE_INFINITY;

  constructor(add: (packet: SoundPacket) => void) {
    this.#add = add;
  }

  /** @param at where it begins by the clock, ms */
  put(at: number, duration: number, bytes: Uint8Array): void {
    if (at - this.#end > MAX_DRIFT) this.#silence(at);
    // Sound that comes faster than time goes is left out until time has caught up.
    if (this.#end - at > MAX_DRIFT) return;
    this.#add({ at: this.#end, duration, bytes });
    this.#end += duration;
    this.#heard = this.#end;
  }

  /** The picture is at `at`: sound that didn't come until now is silence. */
  follow(at: number): void {
    // The picture waits in the file for the sound beside it.
    if (at - this.#heard > QUIET) this.#silence(at);
    else if (at - this.#end > MAX_LATE) this.#silence(at - MAX_LATE / 2);
  }

  /** The film is so long. */
  finish(length: number): void {
    this.#silence(length);
  }

  #silence(until: number): void {
    for (; this.#end + SILENCE_MS <= until; this.#end += SILENCE_MS) {
      this.#add({ at: this.#end, duration: SILENCE_MS, bytes: SILENCE });
    }
  }
}
