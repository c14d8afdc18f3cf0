import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

/** Pixels, and frames a second. */
const WIDTH = 640;
const HEIGHT = 480;
const RATE = 15;
/** The film begins anew after so many frames; its mark is dark in the first half and light in the second. */
const FRAMES = 60;
/** The square whose brightness is the mark, px from the top left. */
export const MARK_SIDE = 64;

/** Somebody before a wall: a head that moves, a wall that doesn't, and what a sensor adds to both. YUV4MPEG2, 4:2:0. */
export async function writeMovingFilm(file: string): Promise<void> {
  const out = createWriteStream(file);
  out.write(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F${RATE}:1 Ip A1:1 C420jpeg\n`);
  let seed = 1;
  const random = (): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return seed / 2 ** 32;
  };
  const texture = Float32Array.from({ length: 128 * 128 }, () => random() * 60);
  const wall = (x: number, y: number): number => texture[((y >> 2) & 127) * 128 + ((x >> 2) & 127)] ?? 0;
  const chroma = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
  for (let frame = 0; frame < FRAMES; frame++) {
    const luma = Buffer.alloc(WIDTH * HEIGHT);
    const turn = (2 * Math.PI * frame) / FRAMES;
    const [headX, headY] = [320 + 40 * Math.sin(turn), 250 + 15 * Math.sin(2 * turn)];
    for (let y = 0; y < HEIGHT; y++) {
      for (let x = 0; x < WIDTH; x++) {
        const inside = ((x - headX) / 110) ** 2 + ((y - headY) / 150) ** 2 < 1;
        const light = inside
          ? 130 + 1.3 * wall(Math.round(x - headX + 512), Math.round(y - headY + 512))
          : 60 + wall(x, y);
        luma[y * WIDTH + x] = Math.round(light + 4 * (random() - 0.5));
      }
    }
    for (let y = 0; y < MARK_SIDE; y++) {
      luma.fill(frame < FRAMES / 2 ? 20 : 230, y * WIDTH, y * WIDTH + MARK_SIDE);
    }
    out.write('FRAME\n');
    out.write(luma);
    out.write(chroma);
  }
  out.end();
  await finished(out);
}
