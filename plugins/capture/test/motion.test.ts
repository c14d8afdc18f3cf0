import type { Rectangle } from '@livelet/core';
import test from 'ava';
import { Motion } from '../src/video/motion.js';

const WIDTH = 1920;
const HEIGHT = 1080;
const VIDEO: Rectangle = { x: 301, y: 150, width: 1280, height: 720 };
const FRAME = 1000 / 30;

/** What changed with each frame, `every` ms; says what was in motion after the last. */
function play(
  motion: Motion,
  frames: readonly (readonly Rectangle[])[],
  from = 0,
  every = FRAME,
): Rectangle | undefined {
  for (const [index, areas] of frames.entries()) motion.frame(areas, from + index * every);
  return motion.area(from + (frames.length - 1) * every);
}

function times(count: number, areas: (index: number) => readonly Rectangle[]): (readonly Rectangle[])[] {
  return Array.from({ length: count }, (_, index) => areas(index));
}

test('a video that plays is found exactly after four frames, and stays the same object', (t) => {
  const motion = new Motion(WIDTH, HEIGHT);
  t.is(
    play(
      motion,
      times(3, () => [VIDEO]),
    ),
    undefined,
  );
  const found = play(
    motion,
    times(1, () => [VIDEO]),
    3 * FRAME,
  );
  t.deepEqual(found, VIDEO);
  t.is(
    play(
      motion,
      times(30, () => [VIDEO]),
      4 * FRAME,
    ),
    found,
  );
});

test('a video whose frames change only parts of it is found whole', (t) => {
  const motion = new Motion(WIDTH, HEIGHT);
  // As compared frames of a film are: the still corners differ from frame to frame.
  const parts = (index: number): Rectangle[] => [
    { x: 301, y: 150, width: 1280 - (index % 3) * 40, height: 400 },
    { x: 301 + (index % 2) * 60, y: 550, width: 1280 - (index % 2) * 60, height: 320 },
  ];
  t.deepEqual(play(motion, times(12, parts)), VIDEO);
});

test('one change of the whole picture does not make the video larger', (t) => {
  const motion = new Motion(WIDTH, HEIGHT);
  const whole = { x: 0, y: 0, width: WIDTH, height: HEIGHT };
  t.deepEqual(
    play(
      motion,
      times(10, (index) => [index === 0 ? whole : VIDEO]),
    ),
    VIDEO,
  );
});

test('sides are even, at the edge of an odd picture too', (t) => {
  const odd = { x: 100, y: 100, width: 641, height: 361 };
  t.deepEqual(
    play(
      new Motion(WIDTH, HEIGHT),
      times(8, () => [odd]),
    ),
    { ...odd, width: 642, height: 362 },
  );
  t.deepEqual(
    play(
      new Motion(741, 461),
      times(8, () => [odd]),
    ),
    { ...odd, width: 640, height: 360 },
  );
});

const still: readonly (readonly [string, (index: number) => readonly Rectangle[], number?])[] = [
  ['typing', (index) => [{ x: 400 + 9 * index, y: 500, width: 9, height: 17 }]],
  ['a caret', () => [{ x: 400, y: 500, width: 2, height: 17 }], 500],
  ['a spinner', () => [{ x: 800, y: 400, width: 64, height: 64 }]],
  ['a wide progress bar', () => [{ x: 100, y: 700, width: 900, height: 24 }]],
  ['the line that a scrolling terminal uncovers', () => [{ x: 60, y: 760, width: 1100, height: 17 }]],
  [
    'the strips that a dragged window uncovers',
    (index) => [
      { x: 100 + 12 * index, y: 100 + 6 * index, width: 800, height: 6 },
      { x: 100 + 12 * index, y: 100 + 6 * index, width: 12, height: 600 },
    ],
  ],
  ['slides', () => [{ x: 0, y: 0, width: WIDTH, height: HEIGHT }], 400],
  [
    'two small things far from each other',
    () => [
      { x: 10, y: 10, width: 160, height: 120 },
      { x: 1700, y: 900, width: 160, height: 120 },
    ],
  ],
  [
    'a large frame around what stands still',
    () => [
      { x: 100, y: 100, width: 1000, height: 30 },
      { x: 100, y: 130, width: 30, height: 700 },
    ],
  ],
];
for (const [name, areas, every] of still) {
  test(`no video: ${name}`, (t) => {
    const motion = new Motion(WIDTH, HEIGHT);
    for (let index = 0; index < 40; index++) {
      motion.frame(areas(index), index * (every ?? FRAME));
      t.is(motion.area(index * (every ?? FRAME)), undefined);
    }
  });
}

test('a video that stutters goes on; one that stopped is over after 400 ms', (t) => {
  const motion = new Motion(WIDTH, HEIGHT);
  const found = play(
    motion,
    times(10, () => [VIDEO]),
  );
  const last = 9 * FRAME;
  t.is(motion.area(last + 390), found);
  motion.frame([VIDEO], last + 395);
  t.is(motion.area(last + 395 + 400), found);
  t.is(motion.area(last + 395 + 401), undefined);
});

test('a video is at rest once four of its changes are missing, and goes on as the same', (t) => {
  for (const [every, rest] of [
    [FRAME, 200],
    [60, 240],
    [150, 400],
  ] as const) {
    const motion = new Motion(WIDTH, HEIGHT);
    const changes = times(10, () => [VIDEO]);
    const found = play(motion, changes, 0, every);
    const last = 9 * every;
    t.is(Math.round(motion.restsIn(last)), rest);
    t.is(motion.restsIn(last + rest + 1), 0);
    t.is(motion.area(last + rest), found);
    motion.damaged(VIDEO, last + rest);
    t.true(motion.restsIn(last + rest) > 0);
  }
});

test('a video that stopped does not begin again by one change', (t) => {
  const motion = new Motion(WIDTH, HEIGHT);
  play(
    motion,
    times(10, () => [VIDEO]),
  );
  motion.frame([VIDEO], 10_000);
  t.is(motion.area(10_000), undefined);
});

test('typing beside a video keeps neither from what it is', (t) => {
  const motion = new Motion(WIDTH, HEIGHT);
  const found = play(
    motion,
    times(10, () => [VIDEO]),
  );
  const both = times(30, (index) =>
    index % 3 === 0 ? [VIDEO, { x: 10 + 9 * index, y: 1000, width: 9, height: 17 }] : [VIDEO],
  );
  t.is(play(motion, both, 10 * FRAME), found);
});

test('typing where a video stopped is no video, however soon', (t) => {
  const motion = new Motion(WIDTH, HEIGHT);
  play(
    motion,
    times(10, () => [VIDEO]),
  );
  const typed = (index: number): Rectangle[] => [{ x: 400 + 9 * index, y: 500, width: 9, height: 17 }];
  t.is(play(motion, times(14, typed), 10 * FRAME), undefined);
});

test('a video that fills the screen from now on is followed', (t) => {
  const motion = new Motion(WIDTH, HEIGHT);
  play(
    motion,
    times(10, () => [VIDEO]),
  );
  const whole = { x: 0, y: 0, width: WIDTH, height: HEIGHT };
  t.deepEqual(
    play(
      motion,
      times(8, () => [whole]),
      10 * FRAME,
    ),
    whole,
  );
});

test('where one frame takes a second, the damage between them tells the motion', (t) => {
  const motion = new Motion(WIDTH, HEIGHT);
  for (const second of [0, 1000]) {
    for (let tick = 0; tick < 30; tick++) motion.damaged(VIDEO, second + tick * FRAME);
    t.is(motion.area(second + 999), undefined);
    motion.frame([VIDEO], second + 1000);
  }
  t.deepEqual(motion.area(2000), VIDEO);
  for (let tick = 0; tick < 30; tick++) motion.damaged(VIDEO, 2000 + tick * FRAME);
  t.deepEqual(motion.area(2999), VIDEO);
});
