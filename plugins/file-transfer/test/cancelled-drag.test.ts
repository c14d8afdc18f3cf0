/** A drag that its person gives up, with a real pointer and a real Esc. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { solidPng, startXvfb } from '@livelet/compliance';
import { startPanelBrowser } from '@livelet/compliance/panel-page';
import test from 'ava';
import { COURIER, state } from './files-panel.js';

/** What shows within this, ms. */
const DEADLINE = 20_000;

const display = await startXvfb();
const browser = await startPanelBrowser({ display: display.name });
test.after.always(async () => {
  await browser[Symbol.asyncDispose]();
  await display[Symbol.asyncDispose]();
});

async function pointer(...what: string[]): Promise<void> {
  await promisify(execFile)('xdotool', what, { env: { ...process.env, DISPLAY: display.name } });
}

test('the cue goes when a drag is cancelled', async (t) => {
  // A browser gives a dragged picture as a file.
  const picture = Buffer.from(solidPng(60, 60, 0xff0000)).toString('base64');
  const slot = `<img width="60" height="60" src="data:image/png;base64,${picture}">`;
  await using panel = await browser.open({ module: COURIER, slot, size: { width: 600, height: 500 } });
  const { page } = panel;
  await state(panel);
  await page.bringToFront();
  const [x, y] = await page.evaluate<number[]>(`(() => {
    const { x, y } = document.querySelector('img').getBoundingClientRect();
    const frame = (outerWidth - innerWidth) / 2;
    return [screenX + frame + x + 30, screenY + outerHeight - innerHeight - frame + y + 30].map(Math.round);
  })()`);
  const cue = page.locator('livelet-drop-cue');
  await pointer('mousemove', `${x}`, `${y}`, 'mousedown', '1');
  // It begins once the pointer has moved far enough, and is told while it moves.
  const due = Date.now() + DEADLINE;
  for (let step = 8; (await cue.count()) === 0 && Date.now() < due; step = step === 8 ? -7 : 8)
    await pointer('mousemove_relative', '--', `${step * 3}`, `${step}`);
  await cue.getByText('Drop to send to Anna').waitFor();
  await pointer('key', 'Escape');
  await cue.waitFor({ state: 'detached', timeout: DEADLINE });
  await pointer('mouseup', '1');
  t.false((await panel.posted()).some(({ json }) => (json as { type?: string }).type === 'chosen'));
});
