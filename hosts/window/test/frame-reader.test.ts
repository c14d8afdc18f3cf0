import test from 'ava';
import fc from 'fast-check';
import { FrameReader } from '../page/link/frame-reader.js';
import { frameLength, MAX_FRAME } from '../page/link/frames.js';

/** The reader of a body whose bytes come in these pieces. */
function readerOf(pieces: readonly Uint8Array[]): ReadableStreamBYOBReader {
  const waiting = pieces.filter((piece) => piece.length > 0);
  const body = new ReadableStream({
    type: 'bytes',
    pull(controller) {
      const piece = waiting.shift();
      if (piece) controller.enqueue(Uint8Array.from(piece));
      else controller.close();
      // A read that waits is answered.
      if (!piece) controller.byobRequest?.respond(0);
    },
  });
  return body.getReader({ mode: 'byob' });
}

function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

async function framesIn(pieces: readonly Uint8Array[]): Promise<Uint8Array[]> {
  const frames: Uint8Array[] = [];
  await new FrameReader(readerOf(pieces), (frame) => frames.push(frame)).run();
  return frames;
}

test('frames come whole and in order, wherever the stream is cut', async (t) => {
  const frame = fc.oneof(fc.uint8Array({ maxLength: 9 }), fc.uint8Array({ minLength: 60, maxLength: 300 }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(frame, { maxLength: 8 }),
      fc.array(fc.nat(), { maxLength: 8 }),
      async (frames, at) => {
        const body = Buffer.concat(frames.flatMap((each) => [frameLength(each.length), each]));
        const found = await framesIn(cut(body, at));
        t.deepEqual(
          found.map((each) => Buffer.from(each)),
          frames.map((each) => Buffer.from(each)),
        );
      },
    ),
  );
});

test('a frame that is larger than a read comes whole, and the next one after it', async (t) => {
  const large = new Uint8Array(200_000).map((_, index) => index);
  const small = Uint8Array.of(1, 2, 3);
  const found = await framesIn([
    frameLength(large.length),
    large.subarray(0, 70_000),
    large.subarray(70_000),
    frameLength(small.length),
    small,
  ]);
  t.deepEqual(
    found.map(({ length }) => length),
    [large.length, 3],
  );
  t.true(Buffer.from(large).equals(found[0] ?? Buffer.alloc(0)));
});

test('a frame larger than the limit is refused before there is memory for it; what is cut short is none', async (t) => {
  const tooLarge = Uint8Array.of(0xff, 0xff, 0xff, 0xff);
  await t.throwsAsync(framesIn([tooLarge]), { code: 'message-too-large' });
  const justTooLarge = new Uint8Array(4);
  new DataView(justTooLarge.buffer).setUint32(0, MAX_FRAME + 1);
  await t.throwsAsync(framesIn([justTooLarge]), { code: 'message-too-large' });
  t.deepEqual(await framesIn([Uint8Array.of(0, 0, 0, 9, 1)]), []);
});
