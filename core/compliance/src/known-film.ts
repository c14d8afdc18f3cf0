import { writeFile } from 'node:fs/promises';

/** A colour: R, G, B. */
export type KnownColour = readonly [number, number, number];

/** The four quarters of every frame, from the top left, row by row. */
export const KNOWN_QUARTERS: readonly [KnownColour, KnownColour, KnownColour, KnownColour] = [
  [200, 40, 40],
  [40, 180, 60],
  [40, 60, 200],
  [220, 220, 220],
];

/** Pixels. */
const WIDTH = 640;
const HEIGHT = 480;

/** Writes a film of one picture for Chromium's fake camera (--use-file-for-fake-video-capture): YUV4MPEG2, 4:2:0. */
export async function writeKnownFilm(file: string, quarters = KNOWN_QUARTERS): Promise<void> {
  const [width, height] = [WIDTH, HEIGHT];
  const header = Buffer.from(`YUV4MPEG2 W${width} H${height} F15:1 Ip A1:1 C420jpeg\n`);
  const planes = [0, 1, 2].map((plane) => {
    const [wide, high] = plane === 0 ? [width, height] : [width / 2, height / 2];
    const bytes = Buffer.alloc(wide * high);
    for (let y = 0; y < high; y++) {
      for (let x = 0; x < wide; x++) {
        const quarter = (y < high / 2 ? 0 : 2) + (x < wide / 2 ? 0 : 1);
        bytes[y * wide + x] = toYuv(quarters[quarter as 0 | 1 | 2 | 3])[plane] ?? 0;
      }
    }
    return bytes;
  });
  const frame = Buffer.concat([Buffer.from('FRAME\n'), ...planes]);
  await writeFile(file, Buffer.concat([header, frame, frame]));
}

/** ITU-R BT.601-7 of limited range. */
function toYuv([red, green, blue]: KnownColour): readonly number[] {
  return [
    16 + 0.257 * red + 0.504 * green + 0.098 * blue,
    128 - 0.148 * red - 0.291 * green + 0.439 * blue,
    128 + 0.439 * red - 0.368 * green - 0.071 * blue,
  ].map(Math.round);
}
