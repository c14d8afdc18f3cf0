import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Locator } from 'playwright-core';
import { showsQuarters } from '../fixtures/camera-picture.js';
import { pictureEqualsDisplay, STAGE } from '../fixtures/stage-picture.js';
import { withDeadline } from '../fixtures/with-deadline.js';
import { type Cast, REACTION, SEEN } from './cast.js';
import { allow, answerAllow, deny, lookAt, openMark } from './people.js';
import type { Check } from './steps.js';

const run = promisify(execFile);

/** Each microphone is a permission of its own. */
export async function speak({ operator, panel }: Cast, check: Check): Promise<void> {
  await operator.getByRole('tab', { name: 'Sound' }).click();
  await operator.getByRole('tabpanel').getByRole('button', { name: 'Ask to hear', exact: true }).click();
  await answerAllow(panel, /hear your microphone/);
  const sound = operator.locator('livelet-sound-panel');
  await sound.getByText('Their microphone is on: you hear them.').waitFor();
  await panel.locator('main').getByText('Your microphone is on: your helper hears you.').waitFor();
  await openMark(operator, 'You hear their voice').waitFor();
  check('both screens say that the customer’s microphone is on', true);
  await moves(sound.locator('meter[data-track=hear]'));
  check('the operator hears it: the level moves with what arrives', true);

  await allow(panel, 'speak');
  await panel.locator('main').getByText('Your helper’s microphone is off.').waitFor();
  check('the operator may speak, and their microphone is off until they turn it on', true);
  await sound.getByRole('button', { name: 'Turn on my microphone' }).click();
  await panel.locator('main').getByText('Your helper’s microphone is on: you hear them.').waitFor();
  await openMark(operator, 'Microphone open').waitFor();
  check('both screens say that the operator’s is on too', true);
  await moves(panel.locator('livelet-sound-panel meter[data-track=speak]'));
  check('the customer hears it', true);
  await lookAt(panel, 'Your microphone is on: your helper hears you.');
}

/** Resolves when it shows any sound; looks again at each frame of the page. */
async function moves(meter: Locator): Promise<void> {
  const looking = meter.evaluate(async (element) => {
    const view = element.ownerDocument.defaultView ?? globalThis;
    while ((element as HTMLMeterElement).value === 0) await new Promise(view.requestAnimationFrame);
  });
  await withDeadline(looking, REACTION, 'the level to move');
}

/** The next steps are in the film too. */
export async function startRecording({ operator, panel }: Cast, check: Check): Promise<void> {
  const menu = operator.locator('livelet-record-menu');
  await menu.getByRole('button', { name: 'Record', exact: true }).click();
  await menu.getByRole('button', { name: 'Ask to record' }).click();
  await answerAllow(panel, /record this session/);
  check('there is sound to record', await menu.getByRole('checkbox', { name: 'With sound' }).isChecked());
  await menu.getByRole('button', { name: 'Start recording' }).click();
  await menu.getByRole('button', { name: /^REC 0:/ }).waitFor();
  await panel.locator('main').getByText('REC', { exact: true }).waitFor();
  await panel.locator('main').getByText('Your helper is recording your screen and the sound.').waitFor();
  check('both screens show REC', true);
  await lookAt(panel, 'Your helper is recording your screen and the sound.');
  await operator.keyboard.press('Escape');
}

export async function seeCameras({ operator, panel }: Cast, check: Check): Promise<void> {
  await allow(panel, 'camera');
  await panel.locator('main').getByText('Your camera is on: your helper sees you.').waitFor();
  await openMark(operator, 'You see their camera').waitFor();
  check('both screens say that the customer’s camera is on', true);
  await showsQuarters(operator.locator('livelet-camera-window canvas'), SEEN.customer);
  check('the operator sees what it sees', true);

  await allow(panel, 'show-camera');
  await operator.getByRole('button', { name: 'Camera', exact: true }).click();
  await operator.locator('#menu').getByRole('button', { name: 'Turn my camera on' }).click();
  await openMark(operator, 'Camera open').waitFor();
  await panel.locator('main').getByText('Your helper shows you their camera.').waitFor();
  check('both screens say that the operator’s is on too', true);
  await showsQuarters(panel.getByRole('img', { name: 'Your helper' }), SEEN.operator);
  check('the customer sees what it sees', true);
  const [bar, line] = [operator.locator('session-toolbar'), operator.locator('status-line')];
  const heights = await Promise.all([bar, line].map(async (each) => (await each.boundingBox())?.height ?? 0));
  check('with all that open the tools are one row, and what is open one line', Math.max(...heights) < 60);
  await lookAt(panel, 'Your helper shows you their camera.');
  await operator.keyboard.press('Escape');
}

export async function endRecording({ operator, panel }: Cast, check: Check): Promise<void> {
  for (const capability of ['hear', 'speak', 'camera', 'show-camera'] as const) await deny(panel, capability);
  for (const mark of ['You hear their voice', 'Microphone open', 'You see their camera', 'Camera open']) {
    await openMark(operator, mark).waitFor({ state: 'detached' });
  }
  check('what is taken back is off: no mark of a camera or a microphone is left', true);

  const menu = operator.locator('livelet-record-menu');
  await menu.getByRole('button', { name: /^REC 0:/ }).click();
  await menu.getByRole('button', { name: 'Stop recording' }).click();
  await menu.getByText('The recording is here:').waitFor();
  await panel.locator('main').getByText('REC', { exact: true }).waitFor({ state: 'hidden' });
  check('REC is gone', true);
  const path = (await menu.getByText(/\.webm$/).textContent()) ?? '';
  check('nobody else on the computer may read the file', ((await stat(path)).mode & 0o777) === 0o600);
  const what = 'format=format_name,duration:stream=codec_type';
  const { stdout } = await run('ffprobe', ['-v', 'error', '-show_entries', what, '-of', 'json', path]);
  const film: Film = JSON.parse(stdout);
  const seconds = Number(film.format.duration);
  const kinds = film.streams.map((stream) => stream.codec_type).sort();
  check(
    `it is WebM, ${seconds.toFixed(1)} s, with ${kinds.join(' and ')}`,
    film.format.format_name.includes('webm') && seconds > 1 && kinds.join() === 'audio,video',
  );
}

/** What ffprobe says of a file. */
interface Film {
  readonly format: { readonly format_name: string; readonly duration: string };
  readonly streams: readonly { readonly codec_type: string }[];
}

/** It stays shown until the session ends. */
export async function showOwnScreen(
  { operator, customer, panel, ownScreen }: Cast,
  check: Check,
): Promise<void> {
  if (!ownScreen) throw new Error('the operator has no screen');
  const { pixel_width: width, pixel_height: height } = ownScreen.connection.screen;
  await operator.getByRole('tab', { name: 'My screen' }).click();
  await operator.getByRole('button', { name: 'Ask to show your screen' }).first().click();
  await answerAllow(panel, /show you their screen/);
  await operator.getByRole('radio', { name: `${width} × ${height}` }).check();
  check('nothing is shown before the operator says so', !(await customer.locator(STAGE).isVisible()));
  await operator.getByRole('button', { name: 'Show it' }).click();
  await openMark(operator, 'You are showing your screen').waitFor();
  check('the operator reads that they are showing it', true);
  await panel.locator('main').getByText('Your helper is showing you their screen.').waitFor();
  await pictureEqualsDisplay(customer, ownScreen.connection, { width, height });
  check(`the customer sees it, pixel for pixel (${width}x${height})`, true);
}
