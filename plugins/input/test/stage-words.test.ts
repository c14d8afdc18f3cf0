import { startPanelBrowser } from '@livelet/compliance/panel-page';
import test from 'ava';
import { CONTROL, focusedStage, openStage, showPicture } from './stage-panel.js';

const browser = await startPanelBrowser();
test.after.always(async () => await browser[Symbol.asyncDispose]());

test.serial('without a picture the stage alone says why; with one, that there is no control', async (t) => {
  await using panel = await focusedStage(browser);
  const words = panel.page.getByText('Mouse and keyboard can’t be used on the customer’s screen.');
  const failed = { ...CONTROL, control: false, error: 'display-lost' };
  await panel.tell(failed);
  await words.waitFor();
  await showPicture(panel, false);
  await words.waitFor({ state: 'detached' });
  await panel.announced();
  await panel.tell(failed);
  t.is(await words.count(), 0);
  t.deepEqual(await panel.announced(), []);
  await showPicture(panel, true);
  await panel.tell(failed);
  await words.waitFor();
});

test.serial('that control was taken back or is over is said as that, and is no fault', async (t) => {
  await using panel = await focusedStage(browser);
  for (const [over, english, italian] of [
    ['revoked', 'The customer took mouse and keyboard back.', 'Il cliente ha ripreso mouse e tastiera.'],
    ['expired', 'The time for mouse and keyboard is over.', 'Il tempo per mouse e tastiera è finito.'],
  ] as const) {
    await panel.speak('en');
    await panel.announced();
    await panel.tell({ ...CONTROL, control: false, over });
    await panel.page.getByText(english).waitFor();
    t.deepEqual(await panel.announced(), [english]);
    await panel.speak('it');
    await panel.tell({ ...CONTROL, control: false, over });
    await panel.page.getByText(italian).waitFor();
  }
  await showPicture(panel, false);
  await panel.page.getByText('Il tempo per mouse').waitFor({ state: 'detached' });
});

test.serial('a refusal is shown and announced in the language of the page', async (t) => {
  await using panel = await openStage(browser);
  await panel.tell({ type: 'refused', refused: 'input-refused-own-window', message: 'button' });
  const english = 'This window can only be used by the customer.';
  t.true(await panel.page.getByText(english).isVisible());
  t.deepEqual(await panel.announced(), [english]);
  await panel.speak('it');
  await panel.tell({ type: 'refused', refused: 'input-refused-own-window', message: 'button' });
  t.true(await panel.page.getByText('Questa finestra può essere usata solo dal cliente.').isVisible());
});
