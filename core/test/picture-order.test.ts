/** Whatever came before, each kind of wrong message is refused, and what is right is not. */
import test from 'ava';
import fc from 'fast-check';
import {
  type ErrorCode,
  FRAMES_IN_FLIGHT,
  type FrameMessage,
  type FrameOperation,
  type GeometryMessage,
  LiveletError,
  MAX_FRAME_COPIES,
  MAX_FRAME_OPERATIONS,
  MAX_TILE_BYTES,
  PictureOrder,
  type Rectangle,
  type SourceMessage,
} from '../src/index.js';
import { rawChunk, rawImage, rawTile, rawVideo } from './picture-model.js';

/** A source that can do right and wrong, and a viewer that draws at once. */
class Stream {
  readonly #order = new PictureOrder();
  generation = 0;
  number = 0;
  width = 0;
  height = 0;
  /** Of the video that can go on. */
  video: Rectangle | undefined;

  get whole(): Rectangle {
    return { x: 0, y: 0, width: this.width, height: this.height };
  }

  begin(width: number, height: number): void {
    [this.width, this.height, this.number, this.video] = [width, height, 0, undefined];
    this.generation++;
    this.#order.accept(this.geometry());
  }

  geometry(changes: Partial<GeometryMessage> = {}): GeometryMessage {
    const { generation, whole } = this;
    return { type: 'geometry', generation, display: 0, ...whole, ...changes };
  }

  frame(operations: readonly FrameOperation[], changes: Partial<FrameMessage> = {}): FrameMessage {
    const { generation, number } = this;
    const times = { age: 0, readTime: 0, encodeTime: 0, wireTime: 0 };
    return { type: 'frame', generation, number, part: 0, last: true, ...times, operations, ...changes };
  }

  /** An area of the picture, of any other. */
  inside({ x, y, width, height }: Rectangle): Rectangle {
    const [left, top] = [x % this.width, y % this.height];
    return {
      x: left,
      y: top,
      width: Math.min(width, this.width - left),
      height: Math.min(height, this.height - top),
    };
  }

  give(message: SourceMessage): void {
    this.#order.accept(message);
  }

  /** A whole frame, drawn and acknowledged. */
  draw(...operations: readonly FrameOperation[]): void {
    const { generation, number } = this;
    this.give(this.frame(operations));
    this.#order.acknowledge({ type: 'acknowledge', generation, number, drawTime: 0 });
    this.number++;
    for (const each of operations) if (each.kind === 'video') this.video = areaOf(each);
  }

  first(): void {
    this.draw(blank(this.whole));
  }

  decodes(): void {
    this.#order.abilities({ type: 'abilities', videos: [{ codec: 'vp8', decodeTime: 1 }] });
  }
}

function areaOf({ x, y, width, height }: Rectangle): Rectangle {
  return { x, y, width, height };
}

function blank(area: Rectangle): FrameOperation {
  return rawTile(area, []);
}

function copy(area: Rectangle, fromX: number, fromY: number): FrameOperation {
  return { kind: 'copy', ...areaOf(area), fromX, fromY };
}

const side = fc.integer({ min: 1, max: 12 });
const area = fc.record({ x: fc.nat(40), y: fc.nat(40), width: side, height: side });
/** Right, whatever came before. */
const right: fc.Arbitrary<(stream: Stream) => void> = fc.oneof(
  area.map((place) => (s: Stream) => s.draw(blank(s.inside(place)))),
  fc.tuple(area, area).map(([to, from]) => (s: Stream) => {
    const [target, source] = [s.inside(to), s.inside(from)];
    const width = Math.min(target.width, source.width);
    const height = Math.min(target.height, source.height);
    s.draw(copy({ ...target, width, height }, source.x, source.y), blank(target));
  }),
  area.map((place) => (s: Stream) => s.draw(rawVideo(s.inside(place), true, []))),
  fc.constant((s: Stream) => s.draw(rawVideo(s.video ?? s.whole, s.video === undefined, []))),
  fc.constant((s: Stream) => s.draw()),
  fc.tuple(side, side).map((size) => (s: Stream) => {
    s.begin(...size);
    s.first();
  }),
  fc.tuple(side, side).map((size) => (s: Stream) => {
    s.begin(...size);
    s.draw(rawVideo(s.whole, true, []));
  }),
);

interface Wrong {
  readonly title: string;
  readonly code?: ErrorCode;
  /** Brings the stream to where the message is wrong, after any other. */
  readonly after?: (stream: Stream) => void;
  readonly message: (stream: Stream, place: Rectangle) => SourceMessage;
}

const begin = (stream: Stream): void => stream.begin(6, 5);
const PIXEL = { x: 0, y: 0, width: 1, height: 1 };
const HUGE = { x: 0, y: 0, width: 16_383, height: 16_383 };
const beginVideo = (stream: Stream): void => stream.draw(rawVideo(stream.whole, true, []));

const WRONG: readonly Wrong[] = [
  { title: 'a generation left out', message: (s) => s.geometry({ generation: s.generation + 2 }) },
  { title: 'a generation again', message: (s) => s.geometry() },
  { title: 'a frame of another generation', message: (s) => s.frame([], { generation: s.generation + 1 }) },
  { title: 'a frame left out', message: (s) => s.frame([], { number: s.number + 1 }) },
  { title: 'a frame again', message: (s) => s.frame([], { number: s.number - 1 }) },
  { title: 'a part left out', message: (s) => s.frame([], { part: 1 }) },
  {
    title: 'a frame ahead of the viewer',
    after: (s) => {
      for (let count = 0; count < FRAMES_IN_FLIGHT; count++, s.number++) s.give(s.frame([]));
    },
    message: (s) => s.frame([]),
  },
  { title: 'a first frame of nothing', after: begin, message: (s) => s.frame([]) },
  {
    title: 'a first frame with gaps',
    after: begin,
    message: (s) => s.frame([blank({ ...s.whole, width: 5 })]),
  },
  {
    title: 'a copy in the first frame',
    after: begin,
    message: (s) => s.frame([blank(s.whole), copy(PIXEL, 0, 0)]),
  },
  {
    title: 'a first frame of a smaller video',
    after: begin,
    message: (s) => s.frame([rawVideo({ ...s.whole, width: 5 }, true, [])]),
  },
  {
    title: 'a first frame of a video and a tile',
    after: begin,
    message: (s) => s.frame([rawVideo(s.whole, true, []), blank(PIXEL)]),
  },
  {
    title: 'a first frame of a tile and a video',
    after: begin,
    message: (s) => s.frame([blank(s.whole), rawVideo(s.whole, true, [])]),
  },
  {
    title: 'a first frame that goes on with a video',
    after: (s) => {
      beginVideo(s);
      s.begin(s.width, s.height);
    },
    message: (s) => s.frame([rawVideo(s.whole, false, [])]),
  },
  { title: 'a tile outside', message: (s, p) => s.frame([blank({ ...s.inside(p), x: s.width })]) },
  { title: 'a tile over the edge', message: (s) => s.frame([blank({ ...s.whole, y: 1 })]) },
  { title: 'tiles over each other', message: (s) => s.frame([blank(s.whole), blank(PIXEL)]) },
  {
    title: 'an image of another size',
    message: (s, p) => {
      const place = s.inside(p);
      const image = rawImage({ ...place, width: place.width + 1 }, []);
      return s.frame([{ kind: 'tile', ...place, codec: 'png', lossy: false, image }]);
    },
  },
  { title: 'a copy to outside', message: (s, p) => s.frame([copy({ ...s.inside(p), y: s.height }, 0, 0)]) },
  { title: 'a copy from outside', message: (s, p) => s.frame([copy(s.inside(p), s.width, 0)]) },
  { title: 'a copy from over the edge', message: (s) => s.frame([copy(s.whole, 0, 1)]) },
  {
    title: 'copies of more than the picture',
    message: (s) => s.frame([copy(s.whole, 0, 0), copy(PIXEL, 0, 0)]),
  },
  { title: 'a video outside', message: (s) => s.frame([rawVideo({ ...s.whole, x: 1 }, true, [])]) },
  {
    title: 'a later chunk that is a key of another size',
    after: beginVideo,
    message: (s) => s.frame([{ ...rawVideo(s.whole, false, []), chunk: rawChunk(HUGE, true, []) }]),
  },
  {
    title: 'a codec that was not asked for',
    message: (s) => s.frame([{ ...rawVideo(s.whole, true, []), codec: 'vp9' } as FrameOperation]),
  },
  {
    title: 'two videos in a frame',
    message: (s) => s.frame([rawVideo(s.whole, true, []), rawVideo(s.whole, false, [])]),
  },
  {
    title: 'a video that no key began',
    after: (s) => {
      begin(s);
      s.first();
    },
    message: (s) => s.frame([rawVideo(s.whole, false, [])]),
  },
  {
    title: 'a video that goes on elsewhere',
    after: (s) => {
      begin(s);
      s.first();
      beginVideo(s);
    },
    message: (s) => s.frame([rawVideo({ ...s.whole, width: 5 }, false, [])]),
  },
  {
    title: 'a key chunk that claims more than its rectangle',
    message: (s) => {
      const { chunk } = rawVideo({ ...s.whole, width: 16_383, height: 16_383 }, true, []);
      return s.frame([{ kind: 'video', ...s.whole, codec: 'vp8', key: true, chunk }]);
    },
  },
  {
    title: 'a key chunk that is none',
    message: (s) => s.frame([{ ...rawVideo(s.whole, false, []), key: true } as FrameOperation]),
  },
  {
    title: 'more operations than a frame may have',
    code: 'picture-too-large',
    after: (s) => {
      s.begin(100, 100);
      s.first();
      s.give(
        s.frame(
          Array.from({ length: MAX_FRAME_OPERATIONS }, () => blank(PIXEL)),
          { last: false },
        ),
      );
    },
    message: (s) => s.frame([blank(PIXEL)], { part: 1 }),
  },
  {
    title: 'more copies than a frame may have',
    after: (s) => {
      s.begin(100, 100);
      s.first();
      s.give(
        s.frame(
          Array.from({ length: MAX_FRAME_COPIES }, () => copy(PIXEL, 1, 1)),
          { last: false },
        ),
      );
    },
    message: (s) => s.frame([copy(PIXEL, 1, 1)], { part: 1 }),
  },
  {
    title: 'more copies than a frame of the largest picture may have',
    after: (s) => {
      s.begin(8192, 8192);
      s.first();
      s.give(
        s.frame(
          Array.from({ length: 4 }, () => copy(PIXEL, 1, 1)),
          { last: false },
        ),
      );
    },
    message: (s) => s.frame([copy(PIXEL, 1, 1)], { part: 1 }),
  },
  {
    title: 'more bytes than a frame may have',
    code: 'picture-too-large',
    after: (s) => {
      s.begin(100, 100);
      s.first();
    },
    message: (s) => {
      const image = new Uint8Array(MAX_TILE_BYTES);
      image.set(rawImage(PIXEL, []));
      return s.frame(Array.from({ length: 17 }, () => ({ ...rawTile(PIXEL, []), image })));
    },
  },
];

const start = fc.tuple(fc.tuple(side, side), fc.array(right, { maxLength: 12 }));

function started([size, steps]: [[number, number], readonly ((stream: Stream) => void)[]]): Stream {
  const stream = new Stream();
  stream.decodes();
  stream.begin(...size);
  stream.first();
  for (const step of steps) step(stream);
  return stream;
}

for (const { title, code = 'picture-malformed', after, message } of WRONG) {
  test(`refused after whatever is right: ${title}`, (t) => {
    fc.assert(
      fc.property(start, area, (before, place) => {
        const stream = started(before);
        after?.(stream);
        const wrong = message(stream, place);
        const error = t.throws(() => stream.give(wrong), { instanceOf: LiveletError });
        t.is(error?.code, code);
      }),
      { numRuns: 30 },
    );
  });
}

test('no video before the viewer says what it decodes', (t) => {
  const stream = new Stream();
  stream.begin(8, 8);
  stream.first();
  t.throws(() => stream.draw(rawVideo(stream.whole, true, [])), { code: 'picture-malformed' });
});
