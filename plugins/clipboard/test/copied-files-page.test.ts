import { AxeBuilder } from '@axe-core/playwright';
import { type PanelPage, startPanelBrowser } from '@livelet/compliance/panel-page';
import type { JsonValue } from '@livelet/core';
import test from 'ava';
import type { CopiedFilesShown, FilesToPage } from '../src/page-protocol.js';

const browser = await startPanelBrowser();
test.after.always(async () => await browser[Symbol.asyncDispose]());

const PANEL = new URL('../site/copied-files.js', import.meta.url);
const COPIED: CopiedFilesShown = {
  id: 1,
  files: 2,
  folders: 0,
  names: ['report.pdf', '<b>notes</b>.txt'],
  places: ['/home/ada', '/home/ada'],
  isPart: false,
};

async function open(locale: 'en' | 'it' = 'en'): Promise<PanelPage> {
  return await browser.open({ module: PANEL, locale, size: { width: 360, height: 600 } });
}

const tell = async (panel: PanelPage, message: Omit<FilesToPage, 'type' | 'given'>, given = false) =>
  await panel.tell({ type: 'files', given, ...message } as unknown as JsonValue);

test.serial('copied files are named, and given or left by a press', async (t) => {
  await using panel = await open();
  const { page } = panel;
  await tell(panel, { mayGive: true });
  t.false(await page.locator('livelet-copied-files').isVisible());
  await tell(panel, { mayGive: true, copied: COPIED });
  const told = 'You copied 2 files: report.pdf, <b>notes</b>.txt (in /home/ada)';
  await page.getByText(told).waitFor();
  t.deepEqual(await panel.announced(), [told]);
  const give = page.getByRole('button', { name: 'Give to your helper' });
  // A press that was meant for what stood there before.
  await give.dispatchEvent('click');
  t.deepEqual(await panel.posted(), []);
  await page.locator('button.ll-primary[aria-disabled=false]').press('Enter');
  t.deepEqual(await panel.posted(), [{ json: { type: 'give', id: 1 } }]);
  await page.getByRole('button', { name: 'Don’t give' }).press('Space');
  t.deepEqual(await panel.posted(), [{ json: { type: 'leave', id: 1 } }]);
  await tell(panel, {
    mayGive: true,
    copied: { ...COPIED, id: 2, names: ['other'], places: ['/etc'], files: 1 },
  });
  await page.getByText('You copied 1 file: other (in /etc)').waitFor();
  await give.dispatchEvent('click');
  t.deepEqual(await panel.posted(), []);
  await panel.announced();
  await tell(panel, { mayGive: true }, true);
  await page.getByText('Your helper can receive it now.').waitFor();
  t.regex((await panel.announced()).join(), /^Your helper can receive it now\./);
  await tell(panel, { mayGive: true });
  await page.getByText('Your helper can receive it now.').waitFor({ state: 'detached' });
  t.deepEqual(panel.problems, []);
});

test.serial('files of several folders are each named with theirs', async (t) => {
  await using panel = await open('it');
  await tell(panel, { mayGive: true, copied: { ...COPIED, places: ['/home/ada', '/etc/<i>'] } });
  const told = 'Hai copiato 2 file: report.pdf (in /home/ada), <b>notes</b>.txt (in /etc/<i>)';
  await t.notThrowsAsync(panel.page.getByText(told).waitFor());
});

test.serial('without the permission it says which one is needed', async (t) => {
  await using panel = await open();
  const { page } = panel;
  await tell(panel, {
    mayGive: false,
    copied: { ...COPIED, files: 0, folders: 1, names: ['photos/'], places: ['/home/ada'] },
  });
  await page.getByText('You copied 1 folder, with all that is in it: photos/').waitFor();
  await page
    .getByText('To give files, first allow your helper above to “receive files that you choose”.')
    .waitFor();
  t.is(await page.getByRole('button').count(), 1);
  await tell(panel, { mayGive: true, copied: { ...COPIED, error: 'file-unreadable' } });
  await page.getByRole('alert').getByText('It can’t be given').waitFor();
  t.is(await page.getByRole('button').count(), 2);
});

for (const locale of ['en', 'it'] as const) {
  test.serial(`axe finds nothing and 360 px are enough, in ${locale}`, async (t) => {
    await using panel = await open(locale);
    const copied = { ...COPIED, files: 1_234, folders: 2, isPart: true, error: 'internal' } as const;
    await tell(panel, {
      mayGive: true,
      copied: { ...copied, names: ['x'.repeat(240), 'y'], places: ['/', '/'] },
    });
    await panel.page
      .getByText(
        locale === 'it' ? /^Hai copiato 1234 file e 2 cartelle,.* e altri 1\.?234$/ : /and 1,234 more$/,
      )
      .waitFor();
    await panel.page.locator('button.ll-primary[aria-disabled=false]').waitFor();
    const { violations } = await new AxeBuilder({ page: panel.page }).analyze();
    t.deepEqual(
      violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id),
      [],
    );
    t.true(await panel.page.evaluate('document.documentElement.scrollWidth <= innerWidth'));
  });
}
