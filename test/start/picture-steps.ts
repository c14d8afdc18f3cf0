import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { makeFilm } from '../bench/screen/pictures.js';
import { Easel, type Scene, video } from '../bench/screen/scenes.js';
import { FIRST, MIDDLE_VIDEO } from '../bench/screen/works.js';
import { displayPixels, pictureEqualsDisplay, stageOf } from '../fixtures/stage-picture.js';
import { connectX, type XConnection } from '../fixtures/x-client.js';
import type { Cast } from './cast.js';
import type { Check } from './steps.js';

const run = promisify(execFile);

/** Between two frames of the film, ms. */
const FRAME_PERIOD = 33;
const STAGES = ['Wait', 'Capture', 'Encode', 'Wire, one way', 'Decode', 'Draw', 'From change to picture'];

/** The display is divided, as by two monitors side by side. */
export async function chooseMonitor({ desktop, operator }: Cast, check: Check): Promise<void> {
  const { display, scene, width, height } = desktop;
  const half = width / 2;
  const area = `${half}/250x${height}/280`;
  const xrandr = (...words: string[]) => run('xrandr', ['-display', display, ...words]);
  await xrandr('--setmonitor', 'left', `${area}+0+0`, 'screen');
  await xrandr('--setmonitor', 'right', `${area}+${half}+0`, 'none');
  const menu = operator.getByRole('combobox', { name: 'Monitor', exact: true });
  await menu.waitFor();
  const choices = await menu.locator('option').allTextContents();
  check(`there is a choice of monitors: ${choices.join(', ')}`, choices.length === 3);
  await menu.selectOption(`All monitors · ${width} × ${height}`);
  await pictureEqualsDisplay(operator, scene.connection, desktop);
  check('all of them are shown side by side', true);
  await menu.selectOption('2');
  const right = { x: half, y: 0, width: half, height };
  await operator.locator(stageOf(right)).waitFor();
  await pictureEqualsDisplay(operator, scene.connection, right);
  check('the second one alone is shown, pixel for pixel', true);
}

/** One monitor again, and what each stage of its picture takes. */
export async function measure({ desktop, operator }: Cast, check: Check): Promise<void> {
  for (const monitor of ['right', 'left'])
    await run('xrandr', ['-display', desktop.display, '--delmonitor', monitor]);
  await operator.locator(stageOf(desktop)).waitFor();
  check('the whole display is shown again when a monitor is gone', true);
  await pictureMenu(operator);
  await operator.getByRole('menuitemcheckbox', { name: 'Measurements' }).click();
  await operator
    .getByRole('row', { name: /^Wire, one way .* ms$/ })
    .first()
    .waitFor();
  for (const stage of STAGES) {
    const time = await cell(operator, stage);
    // On a busy machine some are of thousands.
    check(`${stage}: ${time}`, /^[\d,.]+ ms$/.test(time));
  }
}

export async function preferSharp({ desktop, operator }: Cast, check: Check): Promise<void> {
  await pictureMenu(operator);
  const preset = (name: string) => operator.getByRole('menuitemradio', { name });
  check('the quality follows the line until somebody wants another', await preset('Automatic').isChecked());
  await operator.keyboard.press('ArrowDown');
  await operator.keyboard.press('Enter');
  await pictureEqualsDisplay(operator, desktop.scene.connection, desktop);
  await pictureMenu(operator);
  check('every pixel is exact: chosen in the menu by keyboard alone', await preset('Sharp').isChecked());
}

/** The menu is still open. The film goes on until it comes as video, and its last picture stays. */
export async function watchFilm(cast: Cast, check: Check): Promise<void> {
  const { desktop, operator, folder } = cast;
  await operator.getByRole('menuitemradio', { name: 'Automatic' }).click();
  const frames = await makeFilm(join(folder, 'film.bgrx'), MIDDLE_VIDEO);
  await using stack = new AsyncDisposableStack();
  const connection = stack.use(await connectX(desktop.display));
  const easel = stack.use(new Easel(connection));
  const film = stack.use(await video(easel, frames, MIDDLE_VIDEO));
  cast.film = stack.move();
  const playing = new AbortController();
  const seen = operator
    .getByRole('row', { name: /^Sent as .*video/ })
    .waitFor()
    .then(() => cell(operator, 'Sent as'))
    .finally(() => playing.abort());
  const [sentAs] = await Promise.all([seen, play(film, connection, playing.signal)]);
  check(`what keeps changing comes as video: ${sentAs}`, true);
  await pictureEqualsDisplay(operator, desktop.scene.connection, desktop);
  check('at rest it equals the display again, pixel for pixel', true);
}

/** Draws frames until told to end; a display that can't keep up is drawn on as fast as it can. */
async function play(film: Scene, display: XConnection, signal: AbortSignal): Promise<void> {
  for (let frame = FIRST; !signal.aborted; frame += 1) {
    film.draw(frame);
    await Promise.all([display.sync(), pause(FRAME_PERIOD)]);
  }
}

/** No dialog of a headless browser can be answered: the picture goes to the downloads. */
export async function keepPicture(cast: Cast, check: Check): Promise<void> {
  const { desktop, operator } = cast;
  await operator.evaluate('globalThis.showSaveFilePicker = undefined');
  const download = operator.waitForEvent('download');
  await operator.getByRole('button', { name: 'Save a picture', exact: true }).click();
  const file = await download;
  await operator
    .getByText(`The picture ${file.suggestedFilename()} goes to the downloads, unless you are asked where.`)
    .first()
    .waitFor();
  check('the operator reads where it went', true);
  const { width, height } = desktop;
  const kept = await sharp(await readFile(await file.path()))
    .ensureAlpha()
    .raw()
    .toBuffer();
  const shown = await displayPixels(desktop.scene.connection, width, height);
  check('the PNG is the display, pixel for pixel', kept.equals(shown));
  await cast.film?.[Symbol.asyncDispose]();
  cast.film = undefined;
}

async function pictureMenu(operator: Page): Promise<void> {
  await operator.getByRole('button', { name: 'Picture', exact: true }).press('Enter');
  await operator.getByRole('menuitemradio').first().waitFor();
}

async function cell(operator: Page, row: string): Promise<string> {
  const heading = operator.getByRole('rowheader', { name: row, exact: true });
  const cells = operator.getByRole('row').filter({ has: heading }).getByRole('cell');
  return (await cells.textContent()) ?? '';
}
