import type { VideoCodec } from '@livelet/core/page';
import { codecName, MEASURED_CODECS, VIDEO_COLOURS } from '../../src/video/video-formats.js';
import type { CodecTrial } from '../../src/video/video-protocol.js';
import { VideoPlayer } from '../canvas/video-player.js';

const WIDTH = 1280;
const HEIGHT = 720;
/** Frames of each codec: the first is a key frame and warms up; only where there was no time for more it counts. */
const FRAMES = 5;
/** ms for all codecs together, and for one: far more than an idle machine needs, since many are busy at this moment. */
const BUDGET = 3_000;
const CODEC_BUDGET = 1_000;
/** Pixels that the trial's picture moves with each frame. */
const STEP = 3;

/** Has this browser encode and decode a short moving picture with each codec; those it can't do are left out. */
export async function measureCodecs(codecs = MEASURED_CODECS): Promise<readonly CodecTrial[]> {
  if (!('VideoEncoder' in globalThis) || !('VideoDecoder' in globalThis)) return [];
  const end = performance.now() + BUDGET;
  const frames = drawFrames();
  const trials: CodecTrial[] = [];
  for (const codec of codecs) {
    const limit = Math.min(CODEC_BUDGET, end - performance.now());
    const trial = limit > 0 && (await measure(codec, frames, limit).catch(() => undefined));
    if (trial) trials.push(trial);
  }
  return trials;
}

/** @throws what WebCodecs throws, and RangeError when the time is over */
async function measure(
  codec: VideoCodec,
  frames: readonly Uint8Array<ArrayBuffer>[],
  limit: number,
): Promise<CodecTrial> {
  using resources = new DisposableStack();
  const deadline = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new RangeError('too slow')), limit);
    resources.defer(() => clearTimeout(timer));
  });
  const player = resources.use(new VideoPlayer());
  let settle: PromiseWithResolvers<EncodedVideoChunk> | undefined;
  const encoder = new VideoEncoder({
    output: (chunk) => settle?.resolve(chunk),
    error: (error) => settle?.reject(error),
  });
  resources.defer(() => {
    if (encoder.state !== 'closed') encoder.close();
  });
  encoder.configure({
    codec: codecName(codec, WIDTH, HEIGHT),
    width: WIDTH,
    height: HEIGHT,
    bitrate: 8_000_000,
    framerate: 30,
    latencyMode: 'realtime',
    ...(codec === 'h264' && { avc: { format: 'annexb' } }),
  });
  const results: CodecTrial[] = [];
  const end = performance.now() + limit;
  // Half the time is enough to know a slow one.
  for (const [index, pixels] of frames.entries()) {
    if (results.length > 0 && end - performance.now() < limit / 2) break;
    settle = Promise.withResolvers();
    const began = performance.now();
    const frame = frameOf(pixels, index);
    encoder.encode(frame, { keyFrame: index === 0 });
    frame.close();
    const chunk = await Promise.race([settle.promise, deadline]);
    const encoded = performance.now();
    const bytes = new Uint8Array(chunk.byteLength);
    chunk.copyTo(bytes);
    const operation = { codec, key: index === 0, chunk: bytes, width: WIDTH, height: HEIGHT };
    const decoded = await Promise.race([player.decode(operation), deadline]);
    decoded.close();
    const [encodeTime, decodeTime] = [encoded - began, performance.now() - encoded];
    if (index === 1) results.length = 0;
    results.push({ codec, encodeTime, decodeTime, bytes: bytes.length });
  }
  // What else runs only adds time, and much at this moment: the least is the nearest to what the codec itself takes.
  const least = (of: (trial: CodecTrial) => number): number => Math.min(...results.map(of));
  return {
    codec,
    encodeTime: least((trial) => trial.encodeTime),
    decodeTime: least((trial) => trial.decodeTime),
    bytes: least((trial) => trial.bytes),
  };
}

/** The trial's frames, I420: soft shapes with grain, which grow, wander and flicker a little, as films do. */
function drawFrames(): readonly Uint8Array<ArrayBuffer>[] {
  const texture = drawTexture();
  return Array.from({ length: FRAMES }, (_, index) => drawFrame(texture, index));
}

function drawTexture(): Uint8Array {
  const texture = new Uint8Array(WIDTH * HEIGHT);
  const random = randomBytes();
  let grain = 0;
  for (let y = 0, at = 0; y < HEIGHT; y++) {
    const wave = 30 * Math.sin(y / 37);
    for (let x = 0; x < WIDTH; x++, at++) {
      grain = (3 * grain + random()) / 4;
      texture[at] = 60 + wave + ((x * 3 + y) & 0x3f) / 2 + grain / 2;
    }
  }
  return texture;
}

function drawFrame(texture: Uint8Array, index: number): Uint8Array<ArrayBuffer> {
  const scale = 0.97 - 0.004 * index;
  const columns = Uint16Array.from({ length: WIDTH }, (_, x) => x * scale + STEP * index);
  const pixels = new Uint8Array(WIDTH * HEIGHT * 1.5);
  const random = randomBytes(index + 2);
  let at = 0;
  for (let y = 0; y < HEIGHT; y++) {
    const row = WIDTH * Math.floor(y * scale + index);
    for (let x = 0; x < WIDTH; x++) {
      pixels[at++] = (texture[row + (columns[x] as number)] as number) + (random() >> 5);
    }
  }
  for (let plane = 0; plane < 2; plane++) {
    for (let y = 0; y < HEIGHT; y += 2) {
      const row = WIDTH * Math.floor(y * scale + index);
      for (let x = 0; x < WIDTH; x += 2) {
        pixels[at++] = 80 + plane * 30 + ((texture[row + (columns[x] as number)] as number) >> 2);
      }
    }
  }
  return pixels;
}

/** Numerical Recipes' generator: the same frames in every browser. */
function randomBytes(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  };
}

function frameOf(pixels: Uint8Array<ArrayBuffer>, index: number): VideoFrame {
  return new VideoFrame(pixels, {
    format: 'I420',
    codedWidth: WIDTH,
    codedHeight: HEIGHT,
    timestamp: index * 33_333,
    colorSpace: VIDEO_COLOURS,
  });
}
