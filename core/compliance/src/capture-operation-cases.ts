import { MAX_CHUNK_BYTES } from '@livelet/core';
import { acknowledgement, copy, frame, geometry, tile, video } from './capture-messages.js';
import type { CaptureViewerCase } from './capture-viewer-case.js';

const whole = frame([tile()]);
const next = { number: 1 };
const started = [geometry(), whole];
/** A VP8 key chunk that says another size: `9D 01 2A | width u16 LE | height u16 LE` from its fourth byte. */
const claims = (width: number, height: number): Uint8Array => {
  const chunk = Buffer.from(video().chunk);
  chunk.writeUInt16LE(width, 6);
  chunk.writeUInt16LE(height, 8);
  return Uint8Array.from(chunk);
};
/** A key chunk of one byte more than is allowed. */
const long = Buffer.concat([video().chunk, new Uint8Array(MAX_CHUNK_BYTES)]).subarray(0, MAX_CHUNK_BYTES + 1);

/** Copies and video, to a viewer with no picture yet. */
export const CAPTURE_OPERATION_CASES: readonly CaptureViewerCase[] = [
  {
    title: 'copies that overlap what they are from, and a tile after them',
    messages: [
      ...started,
      frame([copy({ x: 1, y: 1 }), copy({ fromX: 8, x: 4 }), tile({ width: 8, height: 8 })], next),
    ],
    answers: [acknowledgement(0), acknowledgement(1)],
  },
  {
    title: 'a video, tiles beside it, and its end',
    video: true,
    messages: [
      ...started,
      frame([video()], next),
      frame([video({ key: false }), tile({ width: 8, height: 8 })], { number: 2 }),
      frame([tile({ width: 8, height: 8 })], { number: 3 }),
    ],
    answers: [0, 1, 2, 3].map((number) => acknowledgement(number)),
  },
  {
    title: 'a picture that begins with a video',
    video: true,
    messages: [geometry(), frame([video()])],
    answers: [acknowledgement(0)],
  },
  {
    title: 'a video that begins anew elsewhere',
    video: true,
    messages: [
      geometry({ width: 80 }),
      frame([tile({ width: 80 })]),
      frame([video()], next),
      frame([video({ x: 16 })], { number: 2 }),
      frame([video({ x: 16, key: false })], { number: 3 }),
    ],
    answers: [0, 1, 2, 3].map((number) => acknowledgement(number)),
  },
  {
    title: 'a copy in the first frame',
    messages: [geometry(), frame([tile(), copy()])],
    refused: 'picture-malformed',
  },
  {
    title: 'a copy to outside the picture',
    messages: [...started, frame([copy({ x: 57 })], next)],
    refused: 'picture-malformed',
  },
  {
    title: 'a copy from outside the picture',
    messages: [...started, frame([copy({ fromY: 41 })], next)],
    refused: 'picture-malformed',
  },
  {
    title: 'copies that overlap, of more than the picture',
    messages: [...started, frame([copy({ x: 0, y: 0, width: 64, height: 48 }), copy()], next)],
    refused: 'picture-malformed',
  },
  {
    title: 'a copy of no pixels',
    messages: [...started, frame([copy({ width: 0 })], next)],
    refused: 'picture-malformed',
  },
  {
    title: 'a copy of 65,000 x 65,000',
    messages: [...started, frame([copy({ width: 65_000, height: 65_000 })], next)],
    refused: 'picture-too-large',
  },
  {
    title: 'a video that it never asked for',
    messages: [...started, frame([video()], next)],
    refused: 'picture-malformed',
  },
  {
    title: 'a video in a codec that it never asked for',
    video: true,
    messages: [...started, frame([video({ codec: 'h264' })], next)],
    refused: 'picture-malformed',
  },
  {
    title: 'a video that begins without a key',
    video: true,
    messages: [...started, frame([video({ key: false })], next)],
    refused: 'picture-malformed',
  },
  {
    title: 'a video that goes on in another rectangle',
    video: true,
    messages: [
      geometry({ width: 80 }),
      frame([tile({ width: 80 })]),
      frame([video()], next),
      frame([video({ x: 16, key: false })], { number: 2 }),
    ],
    refused: 'picture-malformed',
  },
  {
    title: 'a video that goes on in another picture',
    video: true,
    messages: [
      ...started,
      frame([video()], next),
      geometry({ generation: 2 }),
      frame([tile()], { generation: 2 }),
      frame([video({ key: false })], { generation: 2, number: 1 }),
    ],
    refused: 'picture-malformed',
  },
  {
    title: 'two videos in a frame',
    video: true,
    messages: [
      ...started,
      frame([video()], { ...next, last: false }),
      frame([video()], { ...next, part: 1 }),
    ],
    refused: 'picture-malformed',
  },
  {
    title: 'a video outside the picture',
    video: true,
    messages: [...started, frame([video({ x: 1 })], next)],
    refused: 'picture-malformed',
  },
  {
    title: 'a picture that begins with a video of a part',
    video: true,
    messages: [geometry({ width: 65 }), frame([video()])],
    refused: 'picture-malformed',
  },
  {
    title: 'a picture that begins with a video and a tile',
    video: true,
    messages: [geometry(), frame([video(), tile({ width: 8, height: 8 })])],
    refused: 'picture-malformed',
  },
  ...(
    [
      [16_383, 16_383],
      [80, 48],
      [63, 48],
    ] as const
  ).map(([width, height]) => ({
    title: `a key chunk that says ${width} x ${height} for a rectangle of 64 x 48`,
    video: true,
    messages: [...started, frame([video({ chunk: claims(width, height) })], next)],
    refused: 'picture-malformed' as const,
  })),
  {
    title: 'a key chunk that is none',
    video: true,
    messages: [...started, frame([video({ chunk: video({ key: false }).chunk })], next)],
    refused: 'picture-malformed',
  },
  {
    title: 'a chunk of nothing',
    video: true,
    messages: [...started, frame([video({ chunk: new Uint8Array() })], next)],
    refused: 'picture-malformed',
  },
  {
    title: 'a chunk of more than 4 MiB',
    video: true,
    messages: [...started, frame([video({ chunk: long })], next)],
    refused: 'picture-too-large',
  },
];
