import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PanelPage, startPanelBrowser } from '@livelet/compliance/panel-page';
import test from 'ava';
import { COURIER, openPanel, state } from './files-panel.js';

const browser = await startPanelBrowser();
const folder = await mkdtemp(join(tmpdir(), 'livelet-dropped-'));
test.before(async () => await writeFile(join(folder, 'report.pdf'), 'report'));
test.after.always(async () => {
  await browser[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

type DragEvent = 'dragEnter' | 'dragOver' | 'drop';

/** The browser's own drag and drop of something that lies on the disk. */
async function drag(panel: PanelPage, ...types: DragEvent[]): Promise<void> {
  const devtools = await panel.page.context().newCDPSession(panel.page);
  const data = { items: [], files: [join(folder, 'report.pdf')], dragOperationsMask: 1 };
  for (const type of types) await devtools.send('Input.dispatchDragEvent', { type, x: 100, y: 100, data });
}

async function open(): Promise<PanelPage> {
  const panel = await openPanel(browser, COURIER);
  await panel.page.evaluate(`globalThis.fronts = 0;
    document.addEventListener('livelet-panel-front', () => { fronts += 1; });`);
  return panel;
}

const CHOSEN = "posted.some(({ json }) => json.type === 'chosen')";

test.serial('it is said what becomes of held files, and the panel comes to the front for them', async (t) => {
  await using panel = await open();
  const cue = panel.page.getByText('Drop to send to Anna');
  // Another tab is open.
  await panel.page.evaluate(`document.querySelector('livelet-courier').style.display = 'none'`);
  await drag(panel, 'dragEnter', 'dragOver');
  await cue.waitFor();
  t.is(await panel.page.evaluate('fronts'), 0);
  await panel.page.evaluate(`document.body.dispatchEvent(new DragEvent('dragleave', { bubbles: true }))`);
  await cue.waitFor({ state: 'detached' });
  await drag(panel, 'dragEnter', 'dragOver', 'drop');
  await panel.until(CHOSEN);
  t.is(await panel.page.evaluate('fronts'), 1);
  t.is(await cue.count(), 0);
  t.deepEqual(panel.problems, []);
});

test.serial('where sending isn’t allowed the panel comes to the front and says what to do', async (t) => {
  await using panel = await open();
  await state(panel, { maySend: false });
  await drag(panel, 'dragEnter', 'dragOver');
  await panel.page.locator('livelet-drop-cue').getByText('Sending files isn’t allowed now.').waitFor();
  await drag(panel, 'drop');
  await panel.page
    .getByRole('alert')
    .getByText('You dropped files, and sending isn’t allowed now.')
    .waitFor();
  t.is(await panel.page.evaluate('fronts'), 1);
  t.false(await panel.page.evaluate(CHOSEN));
  await state(panel);
  await panel.page.getByRole('alert').waitFor({ state: 'detached' });
});
