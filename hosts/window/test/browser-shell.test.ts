import { MAX_PORT_MESSAGE } from '@livelet/core';
import test from 'ava';
import type { Browser } from 'playwright-core';
import {
  type DemoSite,
  demoSite,
  headlessBrowser,
  nextMessage,
  openDemo,
  visit,
  waitForState,
  withDeadline,
} from './support.js';

/** What the window is watched with, ms. */
const LIMIT = 2_000;

let site: DemoSite;
let browser: Browser;
test.before(async () => {
  site = await demoSite();
  browser = await headlessBrowser();
});
test.after.always(async () => {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
});

test.serial(
  'a page connects, keeps no token in its address, and exchanges messages with bytes',
  async (t) => {
    await using demo = await openDemo(site.page);
    const page = await browser.newPage();
    const complaints = await visit(page, demo.address);
    await waitForState(page, /^connected$/);
    t.is(page.url(), `${new URL(demo.address).origin}/`);

    const port = await demo.ports.next();
    t.is(port.name, 'page');
    const bytes = Uint8Array.from([1, 2, 255]);
    port.post({ json: { text: 'è 漢字 🙂' }, bytes });
    t.deepEqual(await nextMessage(port), { json: { text: 'è 漢字 🙂' }, bytes });
    port.post({ json: [null, 1] });
    t.deepEqual(await nextMessage(port), { json: [null, 1] });
    t.deepEqual(complaints, []);
    await page.close();
  },
);

test.serial('the same tab may reload; its old ports close and new ones come', async (t) => {
  await using demo = await openDemo(site.page);
  const page = await browser.newPage();
  await visit(page, demo.address);
  const first = await demo.ports.next();
  const closed = new Promise<void>((resolve) => {
    first.onClose(resolve);
  });
  await page.reload();
  await withDeadline('the close of the first port', closed);
  await waitForState(page, /^connected$/);
  const second = await demo.ports.next();
  second.post({ json: 'again' });
  t.deepEqual(await nextMessage(second), { json: 'again' });
  t.deepEqual(demo.problems, []);
  await page.close();
});

test.serial(
  'a second tab is refused, with the same address or with none, and the first goes on',
  async (t) => {
    await using demo = await openDemo(site.page);
    const context = await browser.newContext();
    const page = await context.newPage();
    await visit(page, demo.address);
    const port = await demo.ports.next();
    const second = await context.newPage();
    await visit(second, demo.address);
    await waitForState(second, /^window-refused: This window isn’t the one/);
    // What "Duplicate tab" does: the session storage is copied.
    const pass = await page.evaluate(() => sessionStorage.getItem('livelet-pass') ?? '');
    const third = await context.newPage();
    await third.addInitScript((value) => sessionStorage.setItem('livelet-pass', value), pass);
    await visit(third, new URL(demo.address).origin);
    await waitForState(third, /^window-refused/);
    t.deepEqual(demo.problems, ['a page with a wrong token', 'a second page']);
    port.post({ json: 'still here' });
    t.deepEqual(await nextMessage(port), { json: 'still here' });
    await context.close();
  },
);

test.serial('the token of the address works once, also when its page has gone', async (t) => {
  await using demo = await openDemo(site.page);
  const page = await browser.newPage();
  await visit(page, demo.address);
  const port = await demo.ports.next();
  const closed = new Promise<void>((resolve) => {
    port.onClose(resolve);
  });
  await page.close();
  await withDeadline('the end of the page', closed);
  const again = await browser.newPage();
  await visit(again, demo.address);
  await waitForState(again, /^window-refused/);
  t.deepEqual(demo.problems, ['a page with a wrong token']);
  await again.close();
});

test.serial(
  'messages up to the limit go both ways; a larger one is refused where it is posted',
  async (t) => {
    await using demo = await openDemo(site.page);
    const page = await browser.newPage();
    await visit(page, demo.address);
    const port = await demo.ports.next();
    const bytes = new Uint8Array(MAX_PORT_MESSAGE - 100).fill(7);
    port.post({ json: 'large', bytes });
    const answer = await nextMessage(port);
    t.is(answer.bytes?.length, bytes.length);
    t.true(Buffer.from(answer.bytes ?? []).equals(bytes));
    t.throws(() => port.post({ json: '', bytes: new Uint8Array(MAX_PORT_MESSAGE + 100) }), {
      code: 'message-too-large',
    });
    port.post({ json: 'after' });
    t.deepEqual(await nextMessage(port), { json: 'after' });
    await page.close();
  },
);

test.serial("a panel's module is mounted with a port of its own, under the policy", async (t) => {
  await using demo = await openDemo(site.page);
  const page = await browser.newPage();
  const complaints = await visit(page, demo.address);
  const port = await demo.ports.next();
  port.post({ json: { mount: 'dist/site/panel.js' } });
  const panel = await demo.ports.next();
  t.is(panel.name, 'plugin:demo:panel');
  t.deepEqual(await nextMessage(panel), { json: 'mounted' });
  panel.post({ json: 'from its other half' });
  const text = page.locator('demo-panel p');
  await text.filter({ hasText: 'from its other half' }).waitFor();
  t.is(await page.getByRole('status').textContent(), 'from its other half');
  t.deepEqual(await nextMessage(panel), { json: { color: 'rgb(1, 2, 3)', margin: '0px', window: 'page' } });
  t.is(await page.getByRole('group', { name: 'Panel' }).count(), 1);
  t.deepEqual(complaints, []);

  port.post({ json: { mount: 'dist/site/missing.js' } });
  const { json } = await nextMessage(port);
  t.regex(JSON.stringify(json), /Failed to fetch dynamically imported module/);
  await page.close();
});

test.serial('texts follow the language switch, and a reload keeps it', async (t) => {
  await using demo = await openDemo(site.page);
  const page = await browser.newPage({ locale: 'en-GB' });
  await visit(page, demo.address);
  await page.getByRole('heading', { name: 'A page for tests' }).waitFor();
  await page.getByRole('button', { name: 'Italiano' }).click();
  await page.getByRole('heading', { name: 'Una pagina per le prove' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Una pagina per le prove' }).waitFor();
  t.is(await page.evaluate('document.documentElement.lang'), 'it');
  const italian = await browser.newPage({ locale: 'it-CH' });
  await italian.goto(new URL(demo.address).origin);
  await italian.getByRole('heading', { name: 'Una pagina per le prove' }).waitFor();
  await page.close();
  await italian.close();
});

test.serial('a page whose code stands still is silent, a closed one is closed', async (t) => {
  await using demo = await openDemo(site.page);
  const page = await browser.newPage();
  await visit(page, demo.address);
  await demo.ports.next();
  const silent = new Promise((resolve) => {
    demo.window.watch(LIMIT, resolve);
  });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Debugger.enable');
  // At the next statement, which is that of the handler of a ping.
  await devtools.send('Debugger.pause');
  t.is(await withDeadline('silent', silent), 'silent');
  await devtools.send('Debugger.resume');

  const closed = new Promise((resolve) => {
    demo.window.watch(LIMIT, resolve);
  });
  await page.close();
  t.is(await withDeadline('closed', closed), 'closed');
});
