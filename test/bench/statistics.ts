/** The value below which `share` (0 to 1) of the values lie; the values needn't be sorted. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  if (value === undefined) throw new Error('no values');
  return value;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/**
 * How alike two pictures are: peak signal-to-noise ratio over the colour bytes, dB; infinite when equal.
 * @param a RGBA or RGBX, 4 bytes a pixel; the fourth isn't compared
 */
export function psnr(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) throw new Error(`${a.length} and ${b.length} bytes`);
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) {
    if (at % 4 === 3) continue;
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    sum += difference * difference;
  }
  return sum === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10((255 * 255 * (a.length / 4) * 3) / sum);
}
