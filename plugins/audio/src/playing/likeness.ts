/** Every so many samples are looked at while a place is sought, and every so many places. */
const COARSE = 4;
const STEP = 2;

/** What being as near as can be is worth, beside being alike. */
const NEARNESS = 0.05;

/** Samples of each channel, all of one length. */
export type Channels = readonly Float32Array[];

/**
 * Where in `where` it sounds most like `what` at `at`, so that one can go over into the other unheard;
 * of places that are alike the nearest to the first one.
 * @param from first place in `where`
 * @param to last one, after or before it
 * @param width samples that are compared
 */
export function mostAlike(
  what: Channels,
  at: number,
  where: Channels,
  from: number,
  to: number,
  width: number,
): number {
  const [reach, way] = [Math.abs(to - from), Math.sign(to - from)];
  let [best, most] = [0, -Infinity];
  const look = (distance: number, stride: number): void => {
    const place = from + way * distance;
    const found = likeness(what, at, where, place, width, stride) - (NEARNESS * distance) / (reach + 1);
    if (found > most) [best, most] = [distance, found];
  };
  for (let distance = 0; distance <= reach; distance += STEP) look(distance, COARSE);
  const [first, last] = [Math.max(0, best - STEP), Math.min(reach, best + STEP)];
  most = -Infinity;
  for (let distance = first; distance <= last; distance += 1) look(distance, 1);
  return from + way * best;
}

/** -1 to 1: the correlation of both pieces, whatever their loudness. 0 where one is silent. */
function likeness(
  what: Channels,
  at: number,
  where: Channels,
  place: number,
  width: number,
  stride: number,
): number {
  let [product, power, otherPower] = [0, 0, 0];
  for (let channel = 0; channel < what.length; channel += 1) {
    const one = what[channel] as Float32Array;
    const other = where[channel] as Float32Array;
    for (let n = 0; n < width; n += stride) {
      const a = one[at + n] as number;
      const b = other[place + n] as number;
      product += a * b;
      power += a * a;
      otherPower += b * b;
    }
  }
  return power === 0 || otherPower === 0 ? 0 : product / Math.sqrt(power * otherPower);
}
