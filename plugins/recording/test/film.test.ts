import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@livelet/core';
import test, { type ExecutionContext } from 'ava';
import type { Finished } from '../src/page-protocol.js';
import { decodeFilm, filmFacts, pixelAt, samplesOf } from './film-facts.js';
import { type FilmPage, launchBrowser, openFilmPage } from './film-page.js';
import { hostRecording } from './hosted-recording.js';
import { KeepingPort, type KeptFrame } from './kept-frames.js';
import { diskTest, sandbox, smallDisk } from './sandbox.js';

const browser = await launchBrowser();
test.after.always(async () => await browser.close());

const CUES = Buffer.from('1c53bb6b', 'hex');
/** Of an encoded colour, in each of red, green and blue. */
const NEAR = 40;
/** What may be missing at the end of a film: the next picture of a stage that stands still, s. */
const STILL = 1.1;

/** A recording of a real page's stage, from which a test takes what it needs. */
interface Filming extends AsyncDisposable {
  readonly film: FilmPage;
  readonly port: KeepingPort;
  draw(script: string): Promise<void>;
  say(type: 'pause' | 'resume'): Promise<void>;
  /** Resolves once it has ended by itself. */
  ended(): Promise<Finished | undefined>;
  /** Ends it. @returns its file and how long it recorded, s */
  stop(): Promise<{ readonly path: string; readonly length: number }>;
}

async function filming(t: ExecutionContext, script: string, sound = false, place?: string): Promise<Filming> {
  await using stack = new AsyncDisposableStack();
  const folder = join(place ?? (await sandbox(t)), 'recordings');
  const hosted = stack.use(await hostRecording({ folder, operatorClock: systemClock }));
  const [menu, panel, port] = [hosted.menu(), hosted.panel(), new KeepingPort(hosted.picturePort())];
  const film = stack.use(await openFilmPage(browser, port));
  await film.page.evaluate(script);
  hosted.grant();
  await menu.until(({ grant }) => grant === 'granted');
  menu.say({ type: 'start', sound });
  await menu.until(({ phase }) => phase === 'recording');
  const owned = stack.move();
  return {
    film,
    port,
    ended: async () => (await menu.until((state) => state.last !== undefined)).last,
    draw: async (more) => void (await film.page.evaluate(more)),
    async say(type) {
      menu.say({ type });
      const state = type === 'pause' ? 'paused' : 'recording';
      await panel.until((shown) => shown.state === state);
      await menu.until(({ phase }) => phase === state);
    },
    async stop() {
      menu.say({ type: 'stop' });
      const { last } = await menu.until((state) => state.last !== undefined);
      t.is(last?.whole, true, last?.error);
      t.deepEqual(film.problems, []);
      const length = menu.heard.findLast(({ phase }) => phase === 'finishing')?.recordedMs ?? 0;
      return { path: last?.path ?? '', length: length / 1000 };
    },
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

function isNear(t: ExecutionContext, colour: number, wanted: number): void {
  const apart = [16, 8, 0].map((shift) => Math.abs(((colour >> shift) & 255) - ((wanted >> shift) & 255)));
  t.true(Math.max(...apart) <= NEAR, `${colour.toString(16)} is not ${wanted.toString(16)}`);
}

/** Of the first film, for what is cut off. */
let frames: readonly KeptFrame[] = [];

test.serial('a film plays whole, can be jumped through, and leaves out what was paused', async (t) => {
  await using shot = await filming(t, `resize(320, 240); move('#ff0000')`);
  await shot.port.more(20);
  await shot.say('pause');
  await shot.draw(`move('#00ff00')`);
  await shot.draw(`new Promise((drawn) => setTimeout(drawn, 300))`);
  await shot.draw(`move('#0000ff')`);
  await shot.say('resume');
  await shot.port.more(20);
  const { path, length } = await shot.stop();
  frames = shot.port.frames;
  const facts = await filmFacts(path);
  t.regex(facts.format, /webm/);
  t.like(facts, { video: { width: 320, height: 240 }, sound: undefined });
  t.true(Math.abs((facts.duration ?? 0) - length) < STILL, `${facts.duration} of ${length}`);
  t.true((await readFile(path)).includes(CUES));
  const { frames: decoded, complaints } = await decodeFilm(path);
  t.is(complaints, '');
  // What was on its way when it was paused and ended is thrown away.
  t.true(decoded >= 40 && decoded <= frames.length, `${decoded} of ${frames.length}`);
  isNear(t, await pixelAt(path, 0.1, 200, 40), 0xff0000);
  isNear(t, await pixelAt(path, facts.last, 200, 40), 0x0000ff);
  // The cursor.
  isNear(t, await pixelAt(path, 0.1, 16, 16), 0xffffff);

  const address = shot.film.serve(path);
  const played = await shot.film.page.evaluate<{ duration: number; colours: number[][] }>(`(async () => {
    const video = document.querySelector('video');
    const once = (name) => new Promise((resolve, reject) => {
      video.addEventListener(name, resolve, { once: true });
      video.addEventListener('error', () => reject(video.error), { once: true });
    });
    const canvas = new OffscreenCanvas(1, 1);
    const context = canvas.getContext('2d');
    const colours = [];
    video.src = '${address}';
    await once('loadeddata');
    for (const at of [${facts.last}, 0.1]) {
      // The picture of before the jump may be told once more.
      const shown = new Promise((resolve) => {
        const look = (_, { mediaTime }) =>
          Math.abs(mediaTime - at) < 0.3 ? resolve() : video.requestVideoFrameCallback(look);
        video.requestVideoFrameCallback(look);
      });
      const sought = once('seeked');
      video.currentTime = at;
      await Promise.all([sought, shown]);
      context.drawImage(video, -200, -40);
      colours.push([...context.getImageData(0, 0, 1, 1).data].slice(0, 3));
    }
    return { duration: video.duration, colours };
  })()`);
  t.true(Math.abs(played.duration - (facts.duration ?? 0)) < 0.1);
  const [end = [], start = []] = played.colours.map(
    ([red = 0, green = 0, blue = 0]) => (red << 16) | (green << 8) | blue,
  );
  isNear(t, Number(end), 0x0000ff);
  isNear(t, Number(start), 0xff0000);
});

test.serial('a killed host leaves a film that plays, wherever it is cut off', async (t) => {
  t.true(frames.length >= 40);
  const folder = await sandbox(t);
  await writeFile(join(folder, 'frames.json'), JSON.stringify(frames));
  const program = fileURLToPath(new URL('killed-host.js', import.meta.url));
  const child = spawn(process.execPath, [program, join(folder, 'frames.json'), folder], { stdio: 'inherit' });
  const [, signal] = await once(child, 'exit');
  t.is(signal, 'SIGKILL');
  const path = join(folder, 'killed.webm');
  const whole = await readFile(path);
  t.false(whole.includes(CUES));
  const facts = await filmFacts(path);
  t.like(facts, { duration: undefined, video: { width: 320, height: 240 } });
  const { frames: decoded, complaints } = await decodeFilm(path);
  t.is(complaints, '');
  // The last one may have been on its way.
  t.true(decoded >= frames.length - 1, `${decoded} of ${frames.length}`);
  isNear(t, await pixelAt(path, 0.1, 200, 40), 0xff0000);
  let before = 0;
  for (const share of [0.3, 0.6, 0.9]) {
    const part = join(folder, `${share}.webm`);
    await writeFile(part, whole.subarray(0, Math.floor(whole.length * share)));
    const cut = await decodeFilm(part);
    t.true(cut.frames > before && cut.frames < decoded, `${cut.frames} at ${share}`);
    before = cut.frames;
  }
  await using film = await openFilmPage(browser);
  const size = await film.page.evaluate(`new Promise((resolve, reject) => {
    const video = document.querySelector('video');
    video.addEventListener('ended', () => resolve([video.videoWidth, video.videoHeight]), { once: true });
    video.addEventListener('error', () => reject(video.error), { once: true });
    video.src = '${film.serve(path)}';
    video.playbackRate = 8;
    video.play().catch(reject);
  })`);
  t.deepEqual(size, [320, 240]);
});

test.serial('what the README says makes a film that broke off whole', async (t) => {
  const folder = await sandbox(t);
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const [, command = ''] = /`(ffmpeg -i broken\.webm [^`]+)`/.exec(readme) ?? [];
  await writeFile(join(folder, 'frames.json'), JSON.stringify(frames));
  const program = fileURLToPath(new URL('killed-host.js', import.meta.url));
  const child = spawn(process.execPath, [program, join(folder, 'frames.json'), folder], { stdio: 'inherit' });
  await once(child, 'exit');
  const broken = await decodeFilm(join(folder, 'killed.webm'));
  await rename(join(folder, 'killed.webm'), join(folder, 'broken.webm'));
  const [ffmpeg = '', ...words] = command.split(' ');
  await once(spawn(ffmpeg, words, { cwd: folder, stdio: 'ignore' }), 'close');
  const path = join(folder, 'whole.webm');
  t.true((await readFile(path)).includes(CUES));
  t.true(((await filmFacts(path)).duration ?? 0) > 1);
  t.deepEqual(await decodeFilm(path), { frames: broken.frames, complaints: '' });
});

test.serial('once there is no picture any more, nothing of the one before is in the film', async (t) => {
  await using shot = await filming(t, `resize(320, 240); move('#ff0000')`);
  await shot.port.more(10);
  await shot.draw(`resize(0, 0)`);
  await shot.port.more(2);
  const { path } = await shot.stop();
  const { last } = await filmFacts(path);
  isNear(t, await pixelAt(path, last, 200, 40), 0x000000);
  isNear(t, await pixelAt(path, last, 20, 130), 0x000000);
});

test.serial('where the browser has no VP8 the film is VP9', async (t) => {
  await using shot = await filming(
    t,
    `(() => {
      const supported = VideoEncoder.isConfigSupported.bind(VideoEncoder);
      VideoEncoder.isConfigSupported = async (config) =>
        config.codec === 'vp8' ? { supported: false } : await supported(config);
      resize(320, 240);
      move('#ff0000');
    })()`,
  );
  await shot.port.more(20);
  const { path } = await shot.stop();
  t.is((await filmFacts(path)).video.codec, 'vp9');
  const { frames: decoded, complaints } = await decodeFilm(path);
  t.is(complaints, '');
  t.true(decoded >= 20);
  isNear(t, await pixelAt(path, 0.1, 200, 40), 0xff0000);
});

diskTest('a disk that fills up ends the recording, and what is there plays', async (t) => {
  const disk = await smallDisk(t, 640);
  await using shot = await filming(t, `resize(320, 240); move('#ff0000')`, false, disk);
  await shot.port.more(30);
  await using other = await open(join(disk, 'other'), 'w');
  const chunk = new Uint8Array(1024 * 1024);
  const fill = async (): Promise<never> => {
    for (;;) await other.write(chunk);
  };
  await t.throwsAsync(fill(), { code: 'ENOSPC' });
  const { path = '', error } = (await shot.ended()) ?? {};
  t.is(error, 'recording-disk-full');
  const { frames: decoded, complaints } = await decodeFilm(path);
  t.is(complaints, '');
  t.true(decoded >= 15, `${decoded}`);
});

test.serial('a screen of another size is shown whole in the same film', async (t) => {
  await using shot = await filming(t, `resize(320, 240); move('#ff0000')`);
  await shot.port.more(10);
  await shot.draw(`resize(100, 60); move('#00ff00')`);
  await shot.port.more(10);
  await shot.draw(`resize(640, 960); move('#0000ff')`);
  await shot.port.more(10);
  const { path } = await shot.stop();
  const { last, video } = await filmFacts(path);
  t.like(video, { width: 320, height: 240 });
  t.is((await decodeFilm(path)).complaints, '');
  // 640 x 960 becomes 160 x 240, in the middle.
  isNear(t, await pixelAt(path, last, 160, 60), 0x0000ff);
  isNear(t, await pixelAt(path, last, 40, 60), 0);
  isNear(t, await pixelAt(path, last, 280, 60), 0);
});

test.serial('the page’s sound is in the film, and silence where there is none', async (t) => {
  await using shot = await filming(t, `sound(440); resize(320, 240); move('#ff0000')`, true);
  await shot.port.more(100);
  const { path, length } = await shot.stop();
  const facts = await filmFacts(path);
  t.is(facts.sound, 'opus');
  t.true(Math.abs((facts.duration ?? 0) - length) < STILL);
  t.is((await decodeFilm(path)).complaints, '');
  const samples = await samplesOf(path);
  t.true(Math.abs(samples.length / 48_000 - length) < STILL);
  const [heard = 0, below = 0, above = 0] = [440, 330, 587].map((tone) => strength(samples, tone));
  t.true(heard > 5 * Math.max(below, above), `${heard}, beside ${below} and ${above}`);
});

/** How strong a tone is, in tenths of a second: gaps of a busy computer are none of its business. */
function strength(samples: Int16Array, frequency: number): number {
  const BLOCK = 4_800;
  let sum = 0;
  for (let from = 0; from + BLOCK <= samples.length; from += BLOCK) {
    let [real, imaginary] = [0, 0];
    for (let at = from; at < from + BLOCK; at++) {
      const angle = (2 * Math.PI * frequency * at) / 48_000;
      real += (samples[at] ?? 0) * Math.cos(angle);
      imaginary += (samples[at] ?? 0) * Math.sin(angle);
    }
    sum += Math.hypot(real, imaginary);
  }
  return sum;
}

test.serial('a page without sound makes a film with a silent track where sound was wanted', async (t) => {
  await using shot = await filming(t, `resize(64, 48); move('#ff0000')`, true);
  await shot.port.more(30);
  const { path } = await shot.stop();
  const samples = await samplesOf(path);
  t.true(samples.length > 20_000);
  t.true(samples.every((sample) => Math.abs(sample) < 10));
});

test.serial(
  'a stage that stands still costs a picture a second, and the film is as long as it stood',
  async (t) => {
    await using shot = await filming(t, `resize(64, 48); paint('#ff0000')`);
    await shot.port.more(3);
    const { path, length } = await shot.stop();
    const { duration = 0 } = await filmFacts(path);
    t.true(Math.abs(duration - length) < STILL, `${duration} of ${length}`);
    t.true(shot.port.frames.length <= Math.ceil(length) + 1);
  },
);

test.serial('a page without a stage says so', async (t) => {
  const folder = await sandbox(t);
  await mkdir(join(folder, 'recordings'));
  await using hosted = await hostRecording({
    folder: join(folder, 'recordings'),
    operatorClock: systemClock,
  });
  const menu = hosted.menu();
  hosted.panel();
  await using film = await openFilmPage(browser, hosted.picturePort());
  await film.page.evaluate(`document.querySelector('.slot').addEventListener('livelet-stage-picture',
    (event) => event.stopImmediatePropagation(), { capture: true })`);
  hosted.grant();
  await menu.until(({ grant }) => grant === 'granted');
  menu.say({ type: 'start', sound: false });
  t.like(await menu.until(({ last }) => last !== undefined), {
    last: { error: 'recording-failed', whole: false },
  });
});
