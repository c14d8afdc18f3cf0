import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { foundInMemory } from '@livelet/core/test-support';
import test from 'ava';
import type { Locator, Page } from 'playwright-core';
import { BRISK, startCast } from '../start/cast.js';
import { playUntilAllowed } from '../start/people.js';

// One computer plays everybody, and is counted as one address.
process.env.LIVELET_RELAY_SOCKETS_PER_MINUTE = '1000';

/** Bytes of a film that are looked for elsewhere, and how many pieces of it. */
const PIECE = 48;
const PIECES = 40;

interface Played {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
}

/** Decodes all of a file; throws what the decoder complains of. */
function play(path: string): Played {
  const words = ['-v', 'error', '-count_frames', '-show_entries', 'stream=width,height,nb_read_frames'];
  const json = execFileSync('ffprobe', [...words, '-of', 'json', path], { encoding: 'utf8' });
  const [video] = JSON.parse(json).streams;
  return { width: video.width, height: video.height, frames: Number(video.nb_read_frames) };
}

/** Asks for it, is allowed it, and begins. Resolves once four seconds are recorded. */
async function record(operator: Page, panel: Page): Promise<void> {
  const menu = operator.locator('livelet-record-menu');
  await menu.getByRole('button', { name: 'Record', exact: true }).click();
  await menu.getByRole('button', { name: 'Ask to record' }).click();
  await panel.getByRole('heading', { name: /record this session/ }).waitFor();
  await panel.locator('.question [aria-disabled=false]').click();
  await menu.getByRole('button', { name: 'Start recording' }).click();
  await menu.getByRole('button', { name: /^REC \d+:(0[4-9]|[1-5]\d)/ }).waitFor();
}

/** Whether all of it is within its window, scrolled to the top. */
async function isInSightAtTheTop(element: Locator): Promise<boolean> {
  return await element.evaluate((shown) => {
    const view = shown.ownerDocument.defaultView ?? window;
    view.scrollTo(0, 0);
    const { top, bottom } = shown.getBoundingClientRect();
    return top >= 0 && bottom <= view.innerHeight && bottom > top;
  });
}

async function filesBelow(folder: string): Promise<Buffer[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return await Promise.all(files.map((file) => readFile(file)));
}

test.serial('a recording: allowed, seen by both, on the operator’s disk and nowhere else', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'livelet-home-'));
  t.teardown(async () => await rm(home, { recursive: true, force: true }));
  const folder = join(home, 'films');
  await using cast = await startCast(undefined, { ...BRISK, operatorOptions: ['--recordings-dir', folder] });
  const { operator, customer, session } = cast;
  const panel = await playUntilAllowed(operator, customer, session);

  await record(operator, panel);
  await panel.locator('main').getByText('REC', { exact: true }).waitFor();
  await panel.locator('main').getByText('Your helper is recording your screen.').waitFor();
  const open = panel.getByRole('list', { name: 'Open now' });
  await open.getByText('Being recorded').waitFor();
  t.true(await isInSightAtTheTop(open));
  await panel.locator('#switch-record').uncheck();
  const menu = operator.locator('livelet-record-menu');
  await menu.getByText('The other person took the permission back.').waitFor();
  await panel.locator('main').getByText('REC', { exact: true }).waitFor({ state: 'detached' });
  await open.waitFor({ state: 'detached' });
  const [name = '', ...others] = await readdir(folder);
  t.deepEqual(others, []);
  const film = join(folder, name);
  await menu.getByText(film).waitFor();
  t.is((await stat(film)).mode & 0o777, 0o600);
  const played = play(film);
  t.like(played, { width: 1280, height: 720 });
  t.true(played.frames >= 2);

  const bytes = await readFile(film);
  const step = Math.floor((bytes.length - PIECE) / PIECES);
  const pieces = Array.from({ length: PIECES }, (_, n) => bytes.subarray(n * step, n * step + PIECE)).filter(
    // What every program has somewhere tells nothing.
    (piece) => new Set(piece).size > PIECE / 3,
  );
  t.true(pieces.length > PIECES / 4);
  const own = Buffer.from('livelet-relay');
  const relay = session.relay.process.pid ?? 0;
  t.deepEqual(await foundInMemory(relay, [own, ...pieces, Buffer.from(name)]), [own]);
  for (const file of await filesBelow(join(session.folder, 'relay'))) {
    for (const piece of [...pieces, Buffer.from(name)]) t.false(file.includes(piece));
  }

  // Again, and killed in the middle.
  await panel.locator('#switch-record').check();
  await menu.getByRole('button', { name: 'Start recording' }).click();
  await menu.getByRole('button', { name: /^REC \d+:(0[4-9]|[1-5]\d)/ }).waitFor();
  session.operator.process.kill('SIGKILL');
  await once(session.operator.process, 'exit');
  const [broken = ''] = (await readdir(folder)).filter((other) => other !== name);
  t.true(play(join(folder, broken)).frames >= 2);
  await panel.getByRole('button', { name: 'Stop' }).click();
  await customer.getByText('The helper began to record (picture)').first().waitFor();
});
