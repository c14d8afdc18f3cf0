import test from 'ava';
import fc from 'fast-check';
import {
  type DisplayInfo,
  decodeSourceMessage,
  encodeSourceMessage,
  FRAMES_IN_FLIGHT,
  FrameFlow,
  type FrameMessage,
  type FrameOperation,
  LiveletError,
  MAX_TILE_BYTES,
  MAX_UNDRAWN_BYTES,
  PictureOrder,
  type Rectangle,
  type ViewerMessage,
} from '../src/index.js';

const PNG_HEADER = 33;

/** An image that is its own pixels, one byte each, behind the header of a PNG. */
function rawImage(area: Rectangle, pixels: readonly number[]): Uint8Array {
  const image = new Uint8Array(PNG_HEADER + pixels.length);
  image.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  const view = new DataView(image.buffer);
  view.setUint32(16, area.width);
  view.setUint32(20, area.height);
  image.set(pixels, PNG_HEADER);
  return image;
}

class Framebuffer {
  readonly width: number;
  readonly height: number;
  readonly pixels: number[];

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.pixels = Array.from({ length: width * height }, () => 0);
  }

  read({ x, y, width, height }: Rectangle): number[] {
    return Array.from({ length: height }, (_, row) =>
      this.pixels.slice((y + row) * this.width + x, (y + row) * this.width + x + width),
    ).flat();
  }

  write({ x, y, width, height }: Rectangle, pixels: readonly number[]): void {
    for (let row = 0; row < height; row++) {
      this.pixels.splice((y + row) * this.width + x, width, ...pixels.slice(row * width, (row + 1) * width));
    }
  }
}

/** A source, a viewer, and what is on its way between them. */
class Model {
  readonly #flow = new FrameFlow();
  #display: Framebuffer;
  #changed: Rectangle | undefined;
  #toViewer: Uint8Array[] = [];
  #toSource: ViewerMessage[] = [];
  #order = new PictureOrder();
  #picture = new Framebuffer(0, 0);
  #parts: FrameOperation[] = [];
  #unacknowledged: FrameMessage[] = [];
  mostInFlight = 0;

  constructor(width: number, height: number) {
    this.#display = new Framebuffer(width, height);
    this.#restart();
  }

  draw(x: number, y: number, width: number, height: number, colour: number): void {
    const area = {
      x: x % this.#display.width,
      y: y % this.#display.height,
      width: Math.min(width, this.#display.width - (x % this.#display.width)),
      height: Math.min(height, this.#display.height - (y % this.#display.height)),
    };
    this.#display.write(
      area,
      Array.from({ length: area.width * area.height }, () => colour),
    );
    this.#changed = this.#changed ? around(this.#changed, area) : area;
  }

  resize(width: number, height: number): void {
    this.#display = new Framebuffer(width, height);
    this.#restart();
  }

  /** The viewer's page is another one and has nothing. */
  loseViewer(): void {
    this.#picture = new Framebuffer(this.#picture.width, this.#picture.height);
    this.#unacknowledged = [];
    this.#toSource.push({ type: 'refresh' });
  }

  /** Each part of a frame holds some rows. */
  sendFrame(parts: number): void {
    const area = this.#changed;
    if (!area || !this.#flow.mayBegin) return;
    this.#changed = undefined;
    const frame = this.#flow.begin();
    const rows = Math.ceil(area.height / Math.min(parts, area.height));
    for (let y = 0, part = 0; y < area.height; y += rows, part++) {
      const band = { ...area, y: area.y + y, height: Math.min(rows, area.height - y) };
      const image = rawImage(band, this.#display.read(band));
      const operations = [{ kind: 'tile', ...band, codec: 'png', lossy: false, image } as const];
      const last = y + rows >= area.height;
      this.#toViewer.push(
        encodeSourceMessage({
          type: 'frame',
          ...frame,
          part,
          last,
          age: 0,
          readTime: 0,
          encodeTime: 0,
          wireTime: 0,
          operations,
        }),
      );
    }
  }

  viewerReceives(): boolean {
    const bytes = this.#toViewer.shift();
    if (!bytes) return false;
    const message = decodeSourceMessage(bytes);
    this.#order.accept(message);
    if (message.type === 'geometry') {
      this.#picture = new Framebuffer(message.width, message.height);
      this.#parts = [];
      this.#unacknowledged = [];
    } else if (message.type === 'frame') {
      this.#parts.push(...message.operations);
      if (message.last) this.#present(message);
    }
    return true;
  }

  viewerAcknowledges(): boolean {
    const frame = this.#unacknowledged.shift();
    if (!frame) return false;
    const { generation, number } = frame;
    const message = { type: 'acknowledge', generation, number, drawTime: 0 } as const;
    if (this.#order.acknowledge(message)) this.#toSource.push(message);
    return true;
  }

  sourceReceives(): boolean {
    const message = this.#toSource.shift();
    if (!message) return false;
    if (message.type === 'acknowledge') this.#flow.acknowledge(message);
    else this.#restart();
    return true;
  }

  /** Lets everything arrive. */
  settle(): void {
    let busy = true;
    while (busy) {
      this.sendFrame(2);
      busy = [this.viewerReceives(), this.viewerAcknowledges(), this.sourceReceives()].includes(true);
    }
  }

  get equal(): boolean {
    return this.#display.pixels.join() === this.#picture.pixels.join();
  }

  #present(frame: FrameMessage): void {
    for (const tile of this.#parts) {
      if (tile.kind === 'tile') this.#picture.write(tile, [...tile.image.subarray(PNG_HEADER)]);
    }
    this.#parts = [];
    this.#unacknowledged.push(frame);
    this.mostInFlight = Math.max(this.mostInFlight, this.#unacknowledged.length);
  }

  #restart(): void {
    const { width, height } = this.#display;
    const info: DisplayInfo = { id: 0, x: 0, y: 0, width, height, name: '' };
    this.#toViewer.push(encodeSourceMessage(this.#flow.restart(info)));
    this.#changed = { x: 0, y: 0, width, height };
  }
}

function around(a: Rectangle, b: Rectangle): Rectangle {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  const right = Math.max(a.x + a.width, b.x + b.width);
  const bottom = Math.max(a.y + a.height, b.y + b.height);
  return { x, y, width: right - x, height: bottom - y };
}

const side = fc.integer({ min: 1, max: 9 });
const step: fc.Arbitrary<(model: Model) => void> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.nat(20), fc.nat(20), side, side, fc.nat(255))
      .map((p) => (m: Model) => m.draw(...p)),
  },
  { weight: 6, arbitrary: side.map((parts) => (m: Model) => m.sendFrame(parts)) },
  { weight: 6, arbitrary: fc.constant((m: Model) => void m.viewerReceives()) },
  { weight: 4, arbitrary: fc.constant((m: Model) => void m.viewerAcknowledges()) },
  { weight: 4, arbitrary: fc.constant((m: Model) => void m.sourceReceives()) },
  { weight: 1, arbitrary: fc.tuple(side, side).map((size) => (m: Model) => m.resize(...size)) },
  { weight: 1, arbitrary: fc.constant((m: Model) => m.loseViewer()) },
);

test('whatever happens on the way, the viewer ends with the display, at most so many frames behind', (t) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
      const model = new Model(7, 5);
      for (const each of steps) each(model);
      model.settle();
      t.true(model.equal);
      t.true(model.mostInFlight <= FRAMES_IN_FLIGHT);
    }),
    { numRuns: 500 },
  );
});

const DISPLAY: DisplayInfo = { id: 0, x: 0, y: 0, width: 4, height: 4, name: '' };

test('the source begins so many frames, and each acknowledgement allows as many as it covers', (t) => {
  const flow = new FrameFlow();
  t.false(flow.mayBegin);
  t.is(flow.restart(DISPLAY).generation, 1);
  for (let number = 0; number < FRAMES_IN_FLIGHT; number++) {
    t.deepEqual(flow.begin(), { generation: 1, number });
  }
  t.false(flow.mayBegin);
  flow.acknowledge({ type: 'acknowledge', generation: 1, number: 1, drawTime: 0 });
  flow.acknowledge({ type: 'acknowledge', generation: 1, number: 0, drawTime: 0 });
  t.is(flow.begin().number, FRAMES_IN_FLIGHT);
  t.is(flow.begin().number, FRAMES_IN_FLIGHT + 1);
  t.false(flow.mayBegin);
});

test('an acknowledgement of an earlier generation counts for nothing; one of the future is refused', (t) => {
  const flow = new FrameFlow();
  flow.restart(DISPLAY);
  flow.begin();
  flow.restart(DISPLAY);
  for (let number = 0; number < FRAMES_IN_FLIGHT; number++) flow.begin();
  flow.acknowledge({ type: 'acknowledge', generation: 1, number: 0, drawTime: 0 });
  t.false(flow.mayBegin);
  for (const [generation, number] of [
    [2, FRAMES_IN_FLIGHT],
    [3, 0],
  ] as const) {
    t.throws(() => flow.acknowledge({ type: 'acknowledge', generation, number, drawTime: 0 }), {
      instanceOf: LiveletError,
      code: 'picture-malformed',
    });
  }
});

test('frames that are not drawn are bounded together, and drawn ones count no more', (t) => {
  const area = { x: 0, y: 0, width: 1, height: 1 };
  const image = new Uint8Array(MAX_TILE_BYTES);
  image.set(rawImage(area, []));
  const tiles = 8;
  const order = new PictureOrder();
  order.accept({ type: 'geometry', generation: 1, display: 0, x: 0, y: 0, width: tiles, height: 1 });
  const frame = (number: number): FrameMessage => ({
    ...{ type: 'frame', generation: 1, number, part: 0, last: true },
    ...{ age: 0, readTime: 0, encodeTime: 0, wireTime: 0 },
    operations: Array.from({ length: tiles }, (_, x) => ({
      ...{ kind: 'tile', ...area, x, codec: 'png', lossy: false, image },
    })),
  });
  const most = MAX_UNDRAWN_BYTES / MAX_TILE_BYTES / tiles;
  t.true(most < FRAMES_IN_FLIGHT);
  for (let number = 0; number < most; number++) order.accept(frame(number));
  order.acknowledge({ type: 'acknowledge', generation: 1, number: 0, drawTime: 0 });
  order.accept(frame(most));
  t.throws(() => order.accept(frame(most + 1)), { instanceOf: LiveletError, code: 'picture-too-large' });
});
