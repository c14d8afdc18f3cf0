import { solidPng } from '@livelet/compliance';
import {
  encodeSmallImage,
  encodeSourceMessage,
  type FrameOperation,
  type SourceMessage,
  type TileCodec,
} from '@livelet/core';
import fc from 'fast-check';
import sharp from 'sharp';

export const WIDTH = 64;
export const HEIGHT = 48;
const WHOLE = { x: 0, y: 0, width: WIDTH, height: HEIGHT };
const TILE = { x: 5, y: 7, width: 24, height: 16 };

/** What happens to a message on its way. */
type Change =
  | { readonly kind: 'flip'; readonly at: readonly number[]; readonly bit: number }
  | { readonly kind: 'cut' | 'drop' | 'twice' | 'swap' | 'join'; readonly at: number }
  | { readonly kind: 'write'; readonly at: number; readonly value: number };
interface Fault {
  readonly message: number;
  readonly change: Change;
}

/** Where in a message, most often among its headers, 0 to 1. */
const place = fc.oneof(
  fc.double({ min: 0, max: 0.999, noNaN: true }),
  fc.nat(99).map((n) => n / 5000),
);
const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('flip' as const),
      at: fc.array(place, { minLength: 1, maxLength: 4 }),
      bit: fc.nat(7),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      at: place,
      value: fc.constantFrom(0, 1, 0x7f, 0x80, 0xfe, 0xff),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'cut' as const,
        'drop' as const,
        'twice' as const,
        'swap' as const,
        'join' as const,
      ),
      at: place,
    }),
  },
);
export const faults: fc.Arbitrary<readonly Fault[]> = fc.array(fc.record({ message: fc.nat(30), change }), {
  maxLength: 3,
});

/** The messages with their faults; each on another message than that of the one before, if there are so many. */
export function withFaults(messages: readonly Uint8Array[], list: readonly Fault[]): Uint8Array[] {
  const result = messages.map((message) => Uint8Array.from(message));
  for (const { message, change: fault } of list) {
    if (result.length === 0) break;
    apply(result, message % result.length, fault);
  }
  return result;
}

function apply(messages: Uint8Array[], index: number, fault: Change): void {
  const message = messages[index] as Uint8Array;
  const at = (where: number): number => Math.floor(where * message.length);
  switch (fault.kind) {
    case 'flip':
      for (const where of fault.at) message[at(where)] = (message[at(where)] ?? 0) ^ (1 << fault.bit);
      break;
    case 'write':
      message[at(fault.at)] = fault.value;
      break;
    case 'cut':
      messages[index] = message.subarray(0, at(fault.at));
      break;
    case 'drop':
      messages.splice(index, 1);
      break;
    case 'twice':
      messages.splice(index, 0, Uint8Array.from(message));
      break;
    case 'swap':
      messages.push(...messages.splice(index, 1));
      break;
    case 'join':
      messages[index] = Uint8Array.of(...message, ...message.subarray(at(fault.at)));
      break;
  }
}

/** A whole picture with a change of every kind, as a source sends it; `generation` is that of its geometry. */
export async function pictureMessages(generation: number): Promise<Uint8Array[]> {
  const times = { age: 12, readTime: 1.5, encodeTime: 3, wireTime: 20 };
  const frame = (number: number, operations: readonly FrameOperation[]): SourceMessage => ({
    type: 'frame',
    generation,
    number,
    part: 0,
    last: true,
    ...times,
    operations,
  });
  const tiles = await Promise.all((['png', 'webp-lossless', 'jpeg', 'small'] as const).map(tileOf));
  const chunk = (key: boolean): FrameOperation => ({
    ...({ kind: 'video', codec: 'vp8', key, chunk: vp8Chunk(key) } as const),
    ...TILE,
  });
  const messages: SourceMessage[] = [
    { type: 'displays', displays: [{ ...WHOLE, id: 0, name: 'HDMI-1' }] },
    { type: 'geometry', generation, display: 0, ...WHOLE },
    { type: 'cursor-shape', width: 4, height: 4, hotX: 1, hotY: 2, rgba: new Uint8Array(64).fill(200) },
    frame(0, [
      { ...WHOLE, kind: 'tile', codec: 'png', lossy: false, image: solidPng(WIDTH, HEIGHT, 0x224466) },
    ]),
    { type: 'cursor-position', x: 10, y: -3 },
    frame(1, [{ kind: 'copy', ...TILE, fromX: 20, fromY: 30 }, ...tiles]),
    frame(2, [chunk(true)]),
    frame(3, [chunk(false)]),
  ];
  return messages.map(encodeSourceMessage);
}

async function tileOf(codec: TileCodec): Promise<FrameOperation> {
  const { width, height } = TILE;
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, at) => at * 29);
  const image = sharp(pixels, { raw: { width, height, channels: 3 } });
  const images: Record<TileCodec, () => Promise<Uint8Array>> = {
    png: () => image.png().toBuffer(),
    'webp-lossless': () => image.webp({ lossless: true }).toBuffer(),
    jpeg: () => image.jpeg().toBuffer(),
    small: async () =>
      encodeSmallImage({ width, height, colours: [1, 2], indexes: new Uint8Array(width * height).fill(1) }),
  };
  return { kind: 'tile', ...TILE, codec, lossy: codec === 'jpeg', image: await images[codec]() };
}

/** The header of a VP8 frame (RFC 6386, 9.1), and nothing of use behind it. */
function vp8Chunk(key: boolean): Uint8Array {
  const chunk = new Uint8Array(40).fill(7);
  chunk.set([key ? 0 : 1, 0, 0, 0x9d, 0x01, 0x2a, TILE.width, 0, TILE.height, 0]);
  return chunk;
}
