import test from 'ava';
import fc from 'fast-check';
import { LiveletError } from '../../src/errors.js';
import { FrameKind } from '../../src/transport/relay-protocol.js';
import { TcpFrameReader, tcpCloseFrame, tcpFrame, tcpFrameHeader } from '../../src/transport/tcp-frames.js';

type Frame = readonly [kind: number, body: readonly number[]];

/** What a reader makes of these chunks. */
function read(chunks: Iterable<Buffer>): Frame[] {
  const frames: Frame[] = [];
  const reader = new TcpFrameReader((kind, body) => frames.push([kind, [...body]]));
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
  return frames;
}

const bytes = (min: number, max: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 0, max: 255 }), { minLength: min, maxLength: max });
const frame = fc.oneof(
  fc.tuple(fc.constant(FrameKind.message), bytes(1, 40)),
  fc.tuple(fc.constant(FrameKind.frame), bytes(1, 300)),
  fc.tuple(fc.constantFrom(FrameKind.ping, FrameKind.pong), bytes(0, 8)),
  fc.tuple(fc.constant(FrameKind.close), bytes(2, 2)),
);

test('the bytes of each kind', (t) => {
  const hex = (kind: FrameKind, ...body: number[]): string =>
    tcpFrame(kind, Buffer.of(...body)).toString('hex');
  t.is(hex(FrameKind.message, 0x7b, 0x7d), '000000027b7d');
  t.is(hex(FrameKind.frame, 1, 2, 3), '01000003010203');
  t.is(hex(FrameKind.ping), '02000000');
  t.is(hex(FrameKind.pong, 9), '0300000109');
  t.is(tcpCloseFrame(4000).toString('hex'), '040000020fa0');
  t.is(tcpFrameHeader(FrameKind.frame, 67_584).toString('hex'), '01010800');
});

test('frames are the same wherever the stream is cut', (t) => {
  fc.assert(
    fc.property(fc.array(frame, { minLength: 1, maxLength: 4 }), (frames) => {
      const stream = Buffer.concat(frames.map(([kind, body]) => tcpFrame(kind, Buffer.from(body))));
      for (let cut = 0; cut <= stream.length; cut += 1) {
        t.deepEqual(read([stream.subarray(0, cut), stream.subarray(cut)]), frames);
      }
      t.deepEqual(read([...stream].map((byte) => Buffer.of(byte))), frames);
    }),
    { numRuns: 50 },
  );
});

test('frames are the same in chunks of any sizes', (t) => {
  const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 });
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 20 }), sizes, (frames, parts) => {
      const stream = Buffer.concat(frames.map(([kind, body]) => tcpFrame(kind, Buffer.from(body))));
      const chunks: Buffer[] = [];
      for (let at = 0, index = 0; at < stream.length; index += 1) {
        const size = parts[index % parts.length] ?? 1;
        chunks.push(stream.subarray(at, at + size));
        at += size;
      }
      t.deepEqual(read(chunks), frames);
    }),
  );
});

const REFUSED: readonly (readonly [string, string])[] = [
  ['an empty message', '00000000'],
  ['a message of 1,025 bytes', '00000401'],
  ['an empty frame', '01000000'],
  ['a frame of 67,585 bytes', '01010801'],
  ['a frame of 16 MiB', '01ffffff'],
  ['a ping of 9 bytes', '02000009'],
  ['a pong of 9 bytes', '03000009'],
  ['a close without its reason', '04000000'],
  ['a close of 3 bytes', '04000003'],
  ['an unknown kind', '05000001'],
  ['the last kind of all', 'ff000000'],
];
for (const [name, header] of REFUSED) {
  test(`${name} is refused at its header`, (t) => {
    const error = t.throws(() => read([Buffer.from(header, 'hex')]), { instanceOf: LiveletError });
    t.is(error?.code, 'relay-protocol');
  });
}

test('what no reader takes is not written', (t) => {
  for (const [kind, length] of [
    [FrameKind.message, 1025],
    [FrameKind.frame, 0],
    [FrameKind.close, 1],
  ] as const) {
    t.like(
      t.throws(() => tcpFrameHeader(kind, length)),
      { code: 'internal' },
    );
  }
});
