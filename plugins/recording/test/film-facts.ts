import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** What ffprobe tells of a file. */
export interface FilmFacts {
  readonly format: string;
  /** s; undefined where the file doesn't say */
  readonly duration: number | undefined;
  /** When its last picture is shown, s. */
  readonly last: number;
  readonly video: { readonly codec: string; readonly width: number; readonly height: number };
  /** Codec of the sound, if there is any. */
  readonly sound: string | undefined;
}

interface Probed {
  readonly format: { readonly format_name: string; readonly duration?: string };
  readonly streams: readonly {
    readonly codec_type: string;
    readonly codec_name: string;
    readonly width?: number;
    readonly height?: number;
  }[];
}

const PACKET_TIMES = [
  '-v',
  'error',
  '-select_streams',
  'v',
  '-show_entries',
  'packet=pts_time',
  '-of',
  'csv=p=0',
];

export async function filmFacts(path: string): Promise<FilmFacts> {
  const words = ['-v', 'error', '-show_format', '-show_streams', '-of', 'json', path];
  const { output } = await run('ffprobe', words);
  const { format, streams } = JSON.parse(output.toString()) as Probed;
  const times = await run('ffprobe', [...PACKET_TIMES, path]);
  const video = streams.find(({ codec_type }) => codec_type === 'video');
  const { codec_name: codec = '', width = 0, height = 0 } = video ?? {};
  return {
    format: format.format_name,
    duration: format.duration === undefined ? undefined : Number(format.duration),
    last: Math.max(...times.output.toString().split('\n').map(Number)),
    video: { codec, width, height },
    sound: streams.find(({ codec_type }) => codec_type === 'audio')?.codec_name,
  };
}

/** Decodes all of it: how many pictures there are, and what the decoder complained of. */
export async function decodeFilm(
  path: string,
): Promise<{ readonly frames: number; readonly complaints: string }> {
  const entries = 'stream=codec_type,nb_read_frames';
  const words = ['-v', 'error', '-count_frames', '-show_entries', entries, '-of', 'json', path];
  const { output, complaints } = await run('ffprobe', words);
  const { streams } = JSON.parse(output.toString()) as {
    readonly streams: readonly { readonly codec_type: string; readonly nb_read_frames?: string }[];
  };
  const video = streams.find(({ codec_type }) => codec_type === 'video');
  return { frames: Number(video?.nb_read_frames ?? 0), complaints };
}

/** `0xRRGGBB` of a pixel of the film at `at` s, which the player jumps to. */
export async function pixelAt(path: string, at: number, x: number, y: number): Promise<number> {
  const crop = `crop=2:2:${x}:${y}`;
  const words = [
    '-v',
    'error',
    '-seek_timestamp',
    '1',
    '-ss',
    `${at - 0.01}`,
    '-i',
    path,
    '-frames:v',
    '1',
    '-vf',
    crop,
    '-pix_fmt',
    'rgb24',
    '-f',
    'rawvideo',
    '-',
  ];
  const { output } = await run('ffmpeg', words);
  return output.readUIntBE(0, 3);
}

/** The sound as samples of one channel, 48,000 a second. */
export async function samplesOf(path: string): Promise<Int16Array> {
  const words = ['-v', 'error', '-i', path, '-vn', '-ac', '1', '-ar', '48000', '-f', 's16le', '-'];
  const { output } = await run('ffmpeg', words);
  return new Int16Array(output.buffer, output.byteOffset, output.length >> 1);
}

async function run(
  program: string,
  words: readonly string[],
): Promise<{ readonly output: Buffer; readonly complaints: string }> {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  const output: Buffer[] = [];
  let complaints = '';
  child.stdout.on('data', (part: Buffer) => output.push(part));
  child.stderr.on('data', (part: Buffer) => {
    complaints += part.toString();
  });
  await ended;
  // A copy of its own: samples begin at an even place.
  return { output: Buffer.from(Uint8Array.from(Buffer.concat(output)).buffer), complaints };
}
