import { createHash } from 'node:crypto';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { reached, testRelay } from './fixture.js';
import {
  customerHost,
  joinWithPlugins,
  type OpenConsole,
  openConsole,
  type PageOptions,
  startBrowser,
} from './page-fixture.js';

const test = anyTest.serial as TestFn<unknown>;
let browser: Browser;
anyTest.before(async () => {
  browser = await startBrowser();
});
anyTest.after.always(() => browser?.close());

const STAGE = 'canvas[data-livelet-stage]:visible';

/** What is used of a canvas, whose type only pages know. */
interface Canvas {
  readonly width: number;
  readonly height: number;
  getContext(kind: '2d'): {
    getImageData(x: number, y: number, width: number, height: number): { readonly data: ArrayLike<number> };
  };
}

/** SHA-256 of red, green and blue of each pixel of the picture on the page. */
async function shownDigest(page: Page): Promise<string> {
  const digest = await page.locator(STAGE).evaluate(async (element) => {
    const canvas = element as unknown as Canvas;
    const { width, height } = canvas;
    const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
    const colours = new Uint8Array(width * height * 3);
    for (let at = 0; at < colours.length; at++) colours[at] = data[at + Math.floor(at / 3)] ?? 0;
    return Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', colours)));
  });
  return Buffer.from(digest).toString('hex');
}

/** An operator who sees the customer's screen. */
async function viewing(t: ExecutionContext, options?: PageOptions): Promise<OpenConsole> {
  const relay = await testRelay(t);
  const host = await customerHost(t);
  const opened = await openConsole(t, browser, relay, options);
  const { page, operator } = opened;
  await reached(operator.console, 'home');
  await page.getByRole('button', { name: /New session|Nuova sessione/ }).click();
  const { code } = await reached(operator.console, 'waiting');
  const customer = await joinWithPlugins(t, relay, code, host);
  customer.ownGrants.grant('view');
  await page.locator(STAGE).waitFor();
  await page.getByRole('button', { name: /^\d+ % / }).waitFor();
  return opened;
}

/** A dialog for the place, answered by the person as `answer` says; what is written stays in the page. */
async function answerDialog(page: Page, answer: 'here' | 'cancel' | 'nowhere to write'): Promise<void> {
  await page.evaluate(`{
    globalThis.kept = [];
    globalThis.showSaveFilePicker = async ({ suggestedName, types }) => {
      kept.push({ suggestedName, types });
      if ('${answer}' === 'cancel') throw new DOMException('The user aborted a request.', 'AbortError');
      return {
        name: 'chosen.png',
        createWritable: async () => {
          if ('${answer}' === 'nowhere to write') throw new DOMException('read only', 'NoModificationAllowedError');
          return {
            write: async (blob) => kept.push([...new Uint8Array(await blob.arrayBuffer())]),
            close: async () => kept.push('closed'),
          };
        },
      };
    };
  }`);
}

test('a picture of the screen is kept where the person chooses, pixel for pixel', async (t) => {
  const { page } = await viewing(t);
  await answerDialog(page, 'here');
  await page.getByRole('button', { name: 'Save a picture' }).click();
  await page.getByText('Picture saved as chosen.png.').first().waitFor();
  const [asked, png, closed] =
    await page.evaluate<[{ suggestedName: string; types: unknown }, number[], string]>('kept');
  t.regex(asked.suggestedName, /^livelet-\d{4}-\d\d-\d\dT\d{6}\.png$/);
  t.deepEqual(asked.types, [{ description: 'PNG', accept: { 'image/png': ['.png'] } }]);
  t.is(closed, 'closed');
  const { data, info } = await sharp(Uint8Array.from(png))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  t.deepEqual([info.width, info.height], [1280, 800]);
  t.is(createHash('sha256').update(data).digest('hex'), await shownDigest(page));
});

test('who chooses no place is told so, and a place that refuses too, in their language', async (t) => {
  const { page } = await viewing(t, { locale: 'it-IT' });
  await answerDialog(page, 'cancel');
  await page.keyboard.press('s');
  await page
    .getByText('Non è stato scelto un posto, quindi l’immagine non è stata salvata.')
    .first()
    .waitFor();
  t.is(await page.evaluate('kept.length'), 1);
  await answerDialog(page, 'nowhere to write');
  await page.getByRole('button', { name: 'Immagine', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Salva un’immagine con il puntatore' }).click();
  await page.getByText('Non è stato possibile salvare l’immagine.').first().waitFor();
  t.is(await page.evaluate('kept.length'), 1);
});

test('where the browser asks for no place, the picture is a download', async (t) => {
  const { page } = await viewing(t);
  await page.evaluate('delete globalThis.showSaveFilePicker; globalThis.showSaveFilePicker = undefined');
  const download = page.waitForEvent('download');
  await page.keyboard.press('s');
  const file = await download;
  await page
    .getByText(`The picture ${file.suggestedFilename()} goes to the downloads, unless you are asked where.`)
    .first()
    .waitFor();
  t.like(await sharp(await file.path()).metadata(), { format: 'png', width: 1280, height: 800 });
});

test('measurements are shown by key and by menu, the quality is chosen by keyboard', async (t) => {
  const { page } = await viewing(t);
  const table = page.getByRole('table', { name: 'The picture in the last second' });
  t.is(await table.count(), 0);
  await page.keyboard.press('m');
  await table.waitFor();
  await page.getByRole('row', { name: /^Size 1280 × 800/ }).waitFor();
  const menu = page.getByRole('button', { name: 'Picture', exact: true });
  await menu.press('Enter');
  t.true(await page.getByRole('menuitemradio', { name: 'Automatic' }).isChecked());
  await page.keyboard.press('ArrowDown');
  await page.getByRole('menuitemradio', { name: 'Sharp' }).and(page.locator(':focus')).press('Enter');
  await menu.press('Enter');
  t.true(await page.getByRole('menuitemradio', { name: 'Sharp' }).isChecked());
  await page.getByRole('menuitemcheckbox', { name: 'Measurements', checked: true }).click();
  await table.waitFor({ state: 'hidden' });
});
