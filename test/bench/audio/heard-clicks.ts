import { type HeardBlock, type Listening, type Pulse, silence, TONE_RATE, tone } from '@livelet/compliance';

/** One click: a short tone, so that what cleans a voice keeps it. */
const CLICK = { hertz: 1000, milliseconds: 40, amplitude: 0.7 } as const;
/** Between two clicks at least, and how much more at most, ms: uneven, so that they meet every phase of a packet. */
const REST = { least: 600, spread: 200 };
/** What a sample must reach to be the click's first: where it is played, and where it is heard, of 1. */
const PLAYED = 0.2;
const HEARD = 0.02;
/** Within this a click is heard, or it is lost, ms. */
const LATEST = 500;

/** When a click began, ms by performance.now(): in the microphone and at the ear. */
export interface Clicks {
  /** From mouth to ear, ms each. */
  readonly delays: readonly number[];
  readonly lost: number;
}

/** Plays clicks into `mouth`, and tells when each is heard in `ear`. */
export async function hearClicks(
  pulse: Pulse,
  sink: string,
  mouth: Listening,
  ear: Listening,
  count: number,
): Promise<Clicks> {
  const track: Buffer[] = [];
  for (let n = 0; n < count; n += 1) {
    track.push(
      silence(REST.least + Math.random() * REST.spread),
      tone(CLICK.hertz, CLICK.milliseconds, CLICK.amplitude),
    );
  }
  const [played, heard] = [new Onsets(PLAYED), new Onsets(HEARD)];
  using _mouth = mouth.onBlock((block) => played.add(block));
  using _ear = ear.onBlock((block) => heard.add(block));
  // Its end is silence as long as a click may take.
  await pulse.play(sink, Buffer.concat([...track, silence(2 * LATEST)]));
  const delays = played.times.flatMap((at) => {
    const found = heard.times.find((time) => time > at && time < at + LATEST);
    return found === undefined ? [] : [found - at];
  });
  return { delays, lost: played.times.length - delays.length };
}

/** Finds where sound begins after silence. */
class Onsets {
  readonly times: number[] = [];
  readonly #threshold: number;

  constructor(threshold: number) {
    this.#threshold = threshold * 32_768;
  }

  add({ samples, at }: HeardBlock): void {
    for (let n = 0; n < samples.length / 2; n += 1) {
      if (Math.abs(samples.readInt16LE(2 * n)) < this.#threshold) continue;
      const time = at + (n * 1000) / TONE_RATE;
      // Within a click, or what is left of it.
      if (time - (this.times.at(-1) ?? -Infinity) > REST.least / 2) this.times.push(time);
    }
  }
}
