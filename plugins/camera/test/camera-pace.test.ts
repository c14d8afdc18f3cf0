import { ManualClock } from '@livelet/core/test-support';
import test from 'ava';
import { CameraPace } from '../src/camera-pace.js';
import { CAMERA_FORMAT } from '../src/page-protocol.js';

/** A line with a rate and a length, and a camera of 15 frames a second whose encoder keeps to its pace. */
class Line {
  readonly clock = new ManualClock();
  readonly pace = new CameraPace(this.clock);
  /** bit/s; ms there and back. */
  rate = 1e9;
  length = 80;
  /** Longest wait in front of the line in this span, ms. */
  worst = 0;
  sent = 0;
  #number = 0;
  #freeAt = 0;
  #dueAt = 0;

  async run(seconds: number): Promise<void> {
    this.worst = 0;
    this.sent = 0;
    for (let tick = 0; tick < seconds * CAMERA_FORMAT.rate; tick++) {
      this.#film();
      await this.clock.advance(1000 / CAMERA_FORMAT.rate);
    }
  }

  #film(): void {
    const now = this.clock.now();
    const { held, bitrate, rate } = this.pace.now;
    if (held || now < this.#dueAt) return;
    this.#dueAt = Math.max(this.#dueAt + 1000 / rate, now);
    const number = this.#number++;
    // A key frame is as large as many others.
    const bytes = (bitrate / rate / 8) * (number === 0 ? 8 : 1);
    this.pace.sent(number, bytes);
    this.#freeAt = Math.max(this.#freeAt, now) + (8000 * bytes) / this.rate;
    this.sent += bytes;
    this.worst = Math.max(this.worst, this.#freeAt - now);
    this.clock.setTimer(this.#freeAt + this.length - now, () => this.pace.done(number));
  }
}

test('a line with room gets the whole camera', async (t) => {
  const line = new Line();
  await line.run(20);
  t.deepEqual(line.pace.now, { bitrate: CAMERA_FORMAT.bitrate, rate: CAMERA_FORMAT.rate, held: false });
});

for (const rate of [1e6, 256e3, 128e3]) {
  test(`a line of ${rate / 1000} kb/s is neither filled nor left unused`, async (t) => {
    const line = new Line();
    line.rate = rate;
    await line.run(20);
    await line.run(30);
    t.true(line.worst <= 300, `${line.worst} ms in front of it`);
    const used = (8 * line.sent) / 30 / Math.min(rate, CAMERA_FORMAT.bitrate);
    t.true(used >= 0.4, `${used} of it used`);
  });
}

test('a line that becomes slow is given less, and one that is long as much as ever', async (t) => {
  const line = new Line();
  await line.run(20);
  line.rate = 256e3;
  await line.run(10);
  await line.run(10);
  t.true(line.worst <= 300, `${line.worst} ms`);
  t.true(line.pace.now.bitrate < line.rate);
  line.rate = 1e9;
  line.length = 400;
  // The shortest way is believed for a while.
  await line.run(100);
  t.is(line.pace.now.bitrate, CAMERA_FORMAT.bitrate);
});

test('who never has done with a frame gets no other', async (t) => {
  const line = new Line();
  line.length = 1e9;
  await line.run(30);
  t.is(line.pace.now.held, true);
  t.true(line.sent < 50_000);
});
