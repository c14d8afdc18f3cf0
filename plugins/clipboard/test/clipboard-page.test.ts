import { AxeBuilder } from '@axe-core/playwright';
import { type PanelPage, startPanelBrowser } from '@livelet/compliance/panel-page';
import type { CopiedContent, JsonValue } from '@livelet/core';
import test from 'ava';
import { joinParts, splitParts } from '../src/parts.js';
import { noisyPicture } from './pictures.js';

const browser = await startPanelBrowser({ isWhole: true });
test.after.always(async () => await browser[Symbol.asyncDispose]());

const MENU = new URL('../site/clipboard-menu.js', import.meta.url);
const STAGE = new URL('../site/stage-clipboard.js', import.meta.url);
const PANEL = new URL('../site/what-i-copy.js', import.meta.url);

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const STATE = { type: 'state', sends: true, takes: true, peerName: 'Anna' };

/** The menu, before anything is shared, in a browser that allows its clipboard or doesn't. */
async function menu(allowed = true, locale: 'en' | 'it' = 'en'): Promise<PanelPage> {
  const panel = await browser.open({ module: MENU, locale, size: { width: 360, height: 600 } });
  if (allowed) await panel.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  return panel;
}

async function copy(panel: PanelPage, text: string): Promise<void> {
  await panel.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
}

async function look(panel: PanelPage): Promise<void> {
  await panel.page.evaluate("document.dispatchEvent(new Event('livelet-clipboard-look'))");
}

/** What was posted since, once `count` messages were; the menu has nothing more to say when its own work is done. */
async function posted(panel: PanelPage, count: number): Promise<(CopiedContent | JsonValue)[]> {
  await panel.until(`posted.length >= ${count}`);
  return (await panel.posted()).map(({ json, bytes }) =>
    bytes ? splitParts((json as { parts: unknown }).parts, bytes) : json,
  );
}

async function arrive(panel: PanelPage, id: number, content: CopiedContent): Promise<void> {
  const { parts, bytes } = joinParts(content);
  await panel.tell({ type: 'arrived', id, parts } as unknown as JsonValue, bytes);
}

test.serial('what was copied before stays, what is copied after goes, and nothing goes twice', async (t) => {
  await using panel = await menu();
  await copy(panel, 'canary');
  await panel.tell(STATE);
  await panel.page.getByRole('button', { name: 'Clipboard' }).click();
  await panel.page.getByText('What you had copied before was not sent.').waitFor();
  await look(panel);
  await copy(panel, 'after');
  await look(panel);
  t.deepEqual(await posted(panel, 1), [{ text: utf8('after') }]);
  await look(panel);
  await copy(panel, 'again');
  await look(panel);
  t.deepEqual(await posted(panel, 1), [{ text: utf8('again') }]);
  await panel.page.getByRole('button', { name: 'Send what I copied' }).click();
  t.deepEqual(await posted(panel, 1), [{ text: utf8('again') }], 'the person may send anything');
  await copy(panel, '');
  await panel.page.getByRole('button', { name: 'Send what I copied' }).click();
  await panel.page.getByRole('alert').getByText('To send files that you copied, press Ctrl+V.').waitFor();
  await panel.tell({ ...STATE, sends: false });
  await copy(panel, 'canary between');
  await look(panel);
  await panel.tell(STATE);
  await panel.page.getByText('What you had copied before was not sent.').waitFor();
  t.deepEqual(await panel.posted(), []);
  t.deepEqual(panel.problems, []);
});

test.serial(
  'what arrives can be pasted and never goes back, pictures that the browser writes anew included',
  async (t) => {
    await using panel = await menu();
    await panel.tell(STATE);
    await arrive(panel, 1, {
      text: utf8('theirs'),
      html: utf8('<b onclick="x()">theirs</b><script>alert(1)</script>'),
    });
    t.deepEqual(await posted(panel, 1), [{ type: 'placed', id: 1, where: 'clipboard' }]);
    t.is(await panel.page.evaluate('navigator.clipboard.readText()'), 'theirs');
    await look(panel);
    await arrive(panel, 2, { png: noisyPicture(300, 200) });
    t.deepEqual(await posted(panel, 1), [{ type: 'placed', id: 2, where: 'clipboard' }]);
    await look(panel);
    await copy(panel, 'mine');
    await look(panel);
    t.deepEqual(await posted(panel, 1), [{ text: utf8('mine') }]);
    t.is(await panel.page.locator('b, script:not([src])').count(), 0);
  },
);

test.serial('without the focus it is offered, and put there by a press; taken back it is gone', async (t) => {
  await using panel = await menu();
  await panel.tell(STATE);
  await copy(panel, 'mine');
  // The test's browser keeps each of its pages focused.
  await panel.page.evaluate('document.hasFocus = () => false');
  await arrive(panel, 1, { text: utf8('theirs') });
  t.deepEqual(await posted(panel, 1), [{ type: 'placed', id: 1, where: 'offered' }]);
  t.is(await panel.page.evaluate('navigator.clipboard.readText()'), 'mine');
  await panel.page.getByRole('button', { name: 'Put it on my clipboard' }).click();
  await panel.page.getByRole('button', { name: 'Put it on my clipboard' }).waitFor({ state: 'detached' });
  t.is(await panel.page.evaluate('navigator.clipboard.readText()'), 'theirs');
  await arrive(panel, 2, { text: utf8('taken back') });
  await panel.page.getByRole('button', { name: 'Put it on my clipboard' }).waitFor();
  await panel.tell({ ...STATE, takes: false });
  await panel.page.getByRole('button', { name: 'Put it on my clipboard' }).waitFor({ state: 'detached' });
});

test.serial('a browser that refuses is told of in words, and pasting by hand works', async (t) => {
  await using panel = await menu(false);
  await panel.tell(STATE);
  const button = panel.page.getByRole('button', { name: 'Clipboard' });
  await button.click();
  await panel.page.getByText('Your browser doesn’t let this page read what you copy.').waitFor();
  t.deepEqual(await panel.posted(), []);
  await copy(panel, 'by hand');
  const field = panel.page.getByLabel('Paste here to send');
  await field.fill('typed');
  await field.press('Control+v');
  t.deepEqual(await posted(panel, 1), [{ text: utf8('by hand') }]);
  t.is(await field.inputValue(), '');
});

test.serial(
  'the stage asks for a look when it is reached, pressed or pasted into, and at no other time',
  async (t) => {
    await using panel = await browser.open({ module: STAGE, slot: '<textarea></textarea>' });
    await panel.page.evaluate(`globalThis.looks = 0;
    document.addEventListener('livelet-clipboard-look', () => { globalThis.looks += 1; })`);
    const looks = () => panel.page.evaluate<number>('globalThis.looks');
    await panel.page.locator('textarea').focus();
    t.is(await looks(), 1);
    await panel.page.keyboard.type('some words');
    await panel.page.keyboard.press('Control+c');
    t.is(await looks(), 1);
    await panel.page.keyboard.press('Control+v');
    await panel.page.keyboard.press('Shift+Insert');
    t.is(await looks(), 3);
    await panel.page.locator('textarea').click();
    t.is(await looks(), 4);
  },
);

for (const locale of ['en', 'it'] as const) {
  test.serial(`axe finds nothing, in ${locale}`, async (t) => {
    const last = { formats: ['png'], bytes: 10_300_000, at: 0 };
    await using panel = await menu(false, locale);
    await panel.tell({ ...STATE, lastSent: last, lastTaken: { ...last, refusal: 'clipboard-files' } });
    await panel.page.getByRole('button', { name: locale === 'it' ? 'Appunti' : 'Clipboard' }).click();
    await panel.page
      .getByText(locale === 'it' ? 'immagine' : 'picture')
      .first()
      .waitFor();
    await using customer = await browser.open({ module: PANEL, locale });
    await customer.tell({ type: 'state', last });
    await customer.page.getByText(/10[.,]3 MB/).waitFor();
    await customer.tell({ type: 'state', last: { ...last, refusal: 'clipboard-files' } });
    // It is the customer who copied them.
    await customer.page
      .getByText(locale === 'it' ? 'si danno con «File»' : 'they are given by “Files”')
      .waitFor();
    await customer.tell({ type: 'state', last: { ...last, bytes: 5 } });
    await customer.page.getByText(locale === 'it' ? /, 5 byte$/ : /, 5 bytes$/).waitFor();
    for (const { page } of [panel, customer]) {
      const { violations } = await new AxeBuilder({ page }).analyze();
      t.deepEqual(
        violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id),
        [],
      );
    }
  });
}
