/** Samples a second of everything here; one channel, 16 bit, little-endian. */
export const TONE_RATE = 48_000;
const BYTES_PER_SAMPLE = 2;

/** A tone as samples. @param amplitude 0 to 1 */
export function tone(hertz: number, milliseconds: number, amplitude = 0.5): Buffer {
  const count = Math.round((milliseconds * TONE_RATE) / 1000);
  const samples = Buffer.alloc(count * BYTES_PER_SAMPLE);
  for (let n = 0; n < count; n += 1) {
    const value = amplitude * Math.sin((2 * Math.PI * hertz * n) / TONE_RATE);
    samples.writeInt16LE(Math.round(value * 32_767), n * BYTES_PER_SAMPLE);
  }
  return samples;
}

export function silence(milliseconds: number): Buffer {
  return Buffer.alloc(Math.round((milliseconds * TONE_RATE) / 1000) * BYTES_PER_SAMPLE);
}

/** The samples as a WAV file. */
export function wav(samples: Buffer): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(TONE_RATE, 24);
  header.writeUInt32LE(TONE_RATE * BYTES_PER_SAMPLE, 28);
  header.writeUInt16LE(BYTES_PER_SAMPLE, 32);
  header.writeUInt16LE(8 * BYTES_PER_SAMPLE, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}

/** How loud samples are: the mean power, 0 to 1, as an amplitude. */
export function loudness(samples: Buffer): number {
  let power = 0;
  const count = samples.length / BYTES_PER_SAMPLE;
  for (let n = 0; n < count; n += 1) power += (samples.readInt16LE(n * BYTES_PER_SAMPLE) / 32_768) ** 2;
  return Math.sqrt(power / count);
}

/** How much of the power of samples is at a frequency, 0 to 1 (Goertzel). */
export function share(samples: Buffer, hertz: number): number {
  const count = samples.length / BYTES_PER_SAMPLE;
  const factor = 2 * Math.cos((2 * Math.PI * hertz) / TONE_RATE);
  let [before, last, power] = [0, 0, 0];
  for (let n = 0; n < count; n += 1) {
    const sample = samples.readInt16LE(n * BYTES_PER_SAMPLE) / 32_768;
    power += sample ** 2;
    [before, last] = [last, sample + factor * last - before];
  }
  const found = before ** 2 + last ** 2 - factor * before * last;
  return power === 0 ? 0 : (2 * found) / (count * power);
}
