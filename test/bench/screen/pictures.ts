import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type OverlayOptions, type Sharp } from 'sharp';
import { drawMark, MARK } from './mark.js';
import {
  BAND,
  type Box,
  CELL,
  EDGE,
  EDITOR,
  EDITOR_TEXT,
  FIRST,
  LINE,
  LINE_MARK,
  MIDDLE_VIDEO,
  PAGE,
  PAGE_MARK,
  SCREEN,
  SMALL_VIDEO,
  VIDEO,
  WINDOW,
} from './works.js';

/** A picture in a file of its own: BGRX, 4 bytes a pixel, row by row. */
export interface Picture {
  readonly file: string;
  readonly width: number;
  readonly height: number;
}

/** What the works are drawn with; made once, the same for all that is compared. */
export interface Pictures {
  readonly wallpaper: Picture;
  /** Written with the letters that are going to be typed. */
  readonly editor: Picture;
  /** The row that is typed, without the margin. */
  readonly typed: Picture;
  /** Lines of text below each other. */
  readonly lines: Picture;
  readonly page: Picture;
  readonly window: Picture;
  /** Frames below each other, in a loop. */
  readonly video: Picture;
  readonly middleVideo: Picture;
  readonly smallVideo: Picture;
}

export const LINE_COUNT = 200;
export const VIDEO_FRAMES = 60;
/** How far the page can be scrolled, px. */
const PAGE_ROOM = 250 * BAND;

const TEXT =
  `The relay passes on what it cannot read. Both ends agree on a key from a short code that one person says
to the other, and everything after it is sealed. When the line breaks, the session is kept for two minutes, and goes on
where it was. A picture is worth looking at when it follows the hand: letters that appear as they are typed, a window
that stays under the pointer, a page that scrolls without tearing. Prices from 1,250 to 3,980 euro; 47 of 128 replies
came within 24 hours (36.7 %). Perché no? Größe: 12 × 8 cm, naïve façade, “quoted” – and a dash.`
    .replaceAll('\n', ' ')
    .split(' ');

/** Draws all pictures into files of `folder`. They are the same each time. */
export async function makePictures(folder: string): Promise<Pictures> {
  const save = async (name: string, width: number, height: number, bgrx: Buffer): Promise<Picture> => {
    const file = join(folder, `${name}.bgrx`);
    await writeFile(file, bgrx);
    return { file, width, height };
  };
  const svg = async (name: string, width: number, height: number, content: string): Promise<Picture> =>
    save(name, width, height, await bgrx(sharp(Buffer.from(drawing(width, height, content)))));
  const plain = async (
    name: string,
    width: number,
    height: number,
    colours: Colours,
    content: string,
  ): Promise<Picture> => {
    const pixels = await bgrx(sharp(Buffer.from(drawing(width, height, content))));
    return save(name, width, height, twoColours(pixels, colours));
  };
  const wallpaper = await svg('wallpaper', SCREEN.width, SCREEN.height, photo(3, 0));
  const editor = await plain('editor', EDITOR.width, EDITOR.height, PAPER, editorDrawing());
  const typed = await plain(
    'typed',
    EDITOR_TEXT.columns * CELL.width,
    CELL.height,
    PAPER,
    ground(PAPER.ground) + mono(words(700, EDITOR_TEXT.columns), 0, 13, 15, PAPER.ink),
  );
  const lines = await plain('lines', LINE_MARK, LINE_COUNT * LINE, DARK, terminalLines());
  const window = await svg('window', WINDOW.width, WINDOW.height, windowDrawing());
  const page = await makePage(save);
  const videos = await makeVideos(save);
  return { wallpaper, editor, typed, lines, page, window, ...videos };
}

/** RRGGBB with a #. */
interface Colours {
  readonly ground: string;
  readonly ink: string;
}
const PAPER: Colours = { ground: '#fdf6e3', ink: '#073642' };
const DARK: Colours = { ground: '#101418', ink: '#d0d0d0' };

/** Text as terminals with their own fonts show it: each pixel has one of two colours. */
function twoColours(pixels: Buffer, { ground, ink }: Colours): Buffer {
  const bytes = (colour: string): Buffer =>
    Buffer.from([...Buffer.from(colour.slice(1), 'hex').reverse(), 255]);
  const [far, near] = [bytes(ground), bytes(ink)];
  for (let at = 0; at < pixels.length; at += 4) {
    const green = pixels[at + 1] ?? 0;
    const isInk = Math.abs(green - (near[1] ?? 0)) < Math.abs(green - (far[1] ?? 0));
    (isInk ? near : far).copy(pixels, at);
  }
  return pixels;
}

type Save = (name: string, width: number, height: number, bgrx: Buffer) => Promise<Picture>;

/** A column of text with photos in it; at its right, each band of {@link BAND} rows carries its number. */
async function makePage(save: Save): Promise<Picture> {
  const { width } = PAGE;
  const height = PAGE.height + PAGE_ROOM;
  const parts: string[] = [ground('#ffffff')];
  const photos: OverlayOptions[] = [];
  for (let top = 24, section = 0; top < height; section += 1) {
    parts.push(text(words(section * 31, 44), 40, top + 24, 26, '#1a1a1a', 'font-weight="bold"'));
    top += 44;
    for (let line = 0; line < 12; line += 1, top += 22) {
      parts.push(text(words(section * 97 + line * 13, 88), 40, top + 16, 15, '#333333'));
    }
    const size = { width: 370, height: 240 };
    if (top + size.height < height) {
      for (const [index, left] of [40, 430].entries()) {
        const source = drawing(size.width, size.height, photo(section * 2 + index + 11));
        const input = await sharp(Buffer.from(source)).png().toBuffer();
        photos.push({ input, left, top });
      }
    }
    top += size.height + 28;
  }
  const pixels = await bgrx(sharp(Buffer.from(drawing(width, height, parts.join('')))).composite(photos));
  for (let band = 0; band < height / BAND; band += 1) {
    const mark = drawMark(FIRST - 1 + band);
    for (let y = 0; y < BAND; y += 1) {
      mark.copy(
        pixels,
        ((band * BAND + y) * width + PAGE_MARK) * 4,
        y * MARK.width * 4,
        (y + 1) * MARK.width * 4,
      );
    }
  }
  return save('page', width, height, pixels);
}

/** The same film in three sizes. */
async function makeVideos(save: Save): Promise<Pick<Pictures, 'video' | 'middleVideo' | 'smallVideo'>> {
  const frames: Buffer[] = [];
  const [middle, small]: [Buffer[], Buffer[]] = [[], []];
  for await (const pixels of filmFrames(VIDEO)) {
    frames.push(pixels);
    const raw = { raw: { width: VIDEO.width, height: VIDEO.height, channels: 4 as const } };
    const resized = ({ width, height }: Box): Promise<Buffer> =>
      sharp(pixels, raw).resize(width, height).raw().toBuffer();
    middle.push(await resized(MIDDLE_VIDEO));
    small.push(await resized(SMALL_VIDEO));
  }
  const film = (name: string, { width, height }: Box, pictures: readonly Buffer[]): Promise<Picture> =>
    save(name, width, height * VIDEO_FRAMES, Buffer.concat(pictures));
  return {
    video: await film('video', VIDEO, frames),
    middleVideo: await film('middle-video', MIDDLE_VIDEO, middle),
    smallVideo: await film('small-video', SMALL_VIDEO, small),
  };
}

/** A film alone, of any size: what takes the least to make. */
export async function makeFilm(file: string, size: FilmSize): Promise<Picture> {
  const pictures: Buffer[] = [];
  for await (const pixels of filmFrames(size)) pictures.push(pixels);
  await writeFile(file, Buffer.concat(pictures));
  return { file, width: size.width, height: size.height * VIDEO_FRAMES };
}

type FilmSize = Pick<Box, 'width' | 'height'>;

/** A camera that turns around over a landscape while coming nearer, with the noise of its sensor. */
async function* filmFrames(size: FilmSize): AsyncGenerator<Buffer> {
  const scale = size.width / VIDEO.width;
  const scene = { width: Math.round(1900 * scale), height: Math.round(1200 * scale) };
  const landscape = await sharp(Buffer.from(drawing(scene.width, scene.height, photo(8))))
    .removeAlpha()
    .raw()
    .toBuffer();
  let noise = 1;
  for (let frame = 0; frame < VIDEO_FRAMES; frame += 1) {
    const turn = (2 * Math.PI * frame) / VIDEO_FRAMES;
    const width = Math.round((1440 + 120 * Math.cos(turn)) * scale);
    const height = Math.round((width * size.height) / size.width);
    const shown = sharp(landscape, { raw: { ...scene, channels: 3 } })
      .extract({
        left: Math.round((scene.width - width) * (0.5 + 0.45 * Math.sin(turn))),
        top: Math.round((scene.height - height) * (0.5 + 0.45 * Math.cos(turn))),
        width,
        height,
      })
      .resize(size.width, size.height, { fit: 'fill' });
    const [x, y] = [640 + 400 * Math.cos(turn), 360 + 200 * Math.sin(2 * turn)];
    const ball = `<circle cx="${x * scale}" cy="${y * scale}" r="${60 * scale}" fill="#c0392b"/>`;
    const input = Buffer.from(drawing(size.width, size.height, ball));
    const pixels = await bgrx(
      sharp(await shown.composite([{ input }]).png({ compressionLevel: 0 }).toBuffer()),
    );
    for (let at = 0; at < pixels.length; at += 4) {
      noise = (noise * 1103515245 + 12345) & 0x7fffffff;
      const grain = ((noise >> 16) % 5) - 2;
      for (let colour = at; colour < at + 3; colour += 1) {
        pixels[colour] = Math.max(0, Math.min(255, (pixels[colour] ?? 0) + grain));
      }
    }
    yield pixels;
  }
}

function editorDrawing(): string {
  const rows = Array.from({ length: EDITOR_TEXT.rows }, (_, row) => {
    if (row >= EDITOR_TEXT.typed) return '';
    const y = EDITOR_TEXT.y + row * CELL.height + 13;
    const number = mono(String(row + 1).padStart(4), 8, y, 15, PAPER.ink);
    return number + mono(words(row * 17, 72), EDITOR_TEXT.x, y, 15, PAPER.ink);
  });
  return `${ground(PAPER.ground)}${rows.join('')}`;
}

function terminalLines(): string {
  const lines = Array.from({ length: LINE_COUNT }, (_, line) => {
    const start = `[${String(1000 + line * 37)}.${String(line * 7919)
      .padStart(6, '0')
      .slice(0, 6)}] `;
    return mono(start + words(line * 29, 30 + ((line * 13) % 36)), 4, line * LINE + 12, 13, DARK.ink);
  });
  return `${ground(DARK.ground)}${lines.join('')}`;
}

function windowDrawing(): string {
  const colour = `#${EDGE.colour.toString(16).padStart(6, '0')}`;
  const bar = `<rect width="100%" height="28" fill="#3b4252"/>${text('Holiday.jpg', 20, 19, 14, '#eceff4')}`;
  return `${photo(21)}${bar}<rect width="${EDGE.width}" height="100%" fill="${colour}"/>`;
}

const drawing = (width: number, height: number, content: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`;

const ground = (colour: string): string => `<rect width="100%" height="100%" fill="${colour}"/>`;

/**
 * Sky, hills and haze: soft gradients, edges and noise of several sizes, as a photograph has.
 * @param roughness of the ground, 0 to 1
 */
function photo(seed: number, roughness = 1): string {
  const hue = (seed * 67) % 360;
  const hills = Array.from({ length: 4 }, (_, hill) => {
    const base = 45 + hill * 13;
    const points = Array.from({ length: 9 }, (_, at) => {
      const y = base + 9 * Math.sin(seed * 1.7 + hill * 2.1 + at * (0.9 + hill * 0.3));
      return `${(at * 100) / 8} ${y.toFixed(1)}`;
    });
    return `<polygon points="0 100 ${points.join(' ')} 100 100" fill="hsl(${(hue + hill * 25) % 360},${30 + hill * 8}%,${52 - hill * 11}%)"/>`;
  });
  return `<defs>
    <linearGradient id="sky" x2="0" y2="1"><stop stop-color="hsl(${(hue + 200) % 360},55%,38%)"/>
      <stop offset=".7" stop-color="hsl(${(hue + 160) % 360},60%,76%)"/></linearGradient>
    <filter id="soft" x="0" y="0" width="1" height="1"><feTurbulence baseFrequency=".006 .018" numOctaves="6" seed="${seed}"/>
      <feColorMatrix values="0 0 0 0 1  0 0 0 0 .97  0 0 0 0 .92  .9 .7 0 0 -.5"/></filter>
    <filter id="rough" x="0" y="0" width="1" height="1"><feTurbulence type="fractalNoise" baseFrequency=".05 .09" numOctaves="4" seed="${seed + 5}"/>
      <feColorMatrix values="0 0 0 0 .08  0 0 0 0 .1  0 0 0 0 .06  0 1.6 0 0 -.55"/></filter>
  </defs>
  <rect width="100%" height="100%" fill="url(#sky)"/><rect width="100%" height="60%" filter="url(#soft)"/>
  <svg viewBox="0 0 100 100" preserveAspectRatio="none">${hills.join('')}</svg>
  <rect width="100%" height="100%" filter="url(#rough)" opacity="${roughness}"/>`;
}

const escaped = (content: string): string => content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const text = (content: string, x: number, y: number, size: number, fill: string, more = ''): string =>
  `<text x="${x}" y="${y}" font-family="DejaVu Serif, serif" font-size="${size}" fill="${fill}" ${more}>${escaped(content)}</text>`;

const mono = (content: string, x: number, y: number, size: number, fill: string): string =>
  `<text x="${x}" y="${y}" font-family="DejaVu Sans Mono, monospace" font-size="${size}" fill="${fill}" xml:space="preserve">${escaped(content)}</text>`;

/** Words from the `start`th on, as many as fit into `length` letters. */
function words(start: number, length: number): string {
  let line = '';
  for (let at = start; ; at += 1) {
    const next = `${line}${line && ' '}${TEXT[at % TEXT.length]}`;
    if (next.length > length) return line;
    line = next;
  }
}

async function bgrx(picture: Sharp): Promise<Buffer> {
  const pixels = await picture.ensureAlpha().raw().toBuffer();
  for (let at = 0; at < pixels.length; at += 4) {
    const red = pixels[at] ?? 0;
    pixels[at] = pixels[at + 2] ?? 0;
    pixels[at + 2] = red;
  }
  return pixels;
}

/** Rows `top` to `top + height` of a picture. */
export async function pixelsOf({ file, width }: Picture, top: number, height: number): Promise<Buffer> {
  await using handle = await open(file);
  const pixels = Buffer.alloc(width * height * 4);
  await handle.read(pixels, 0, pixels.length, top * width * 4);
  return pixels;
}
