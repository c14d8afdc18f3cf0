import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startXvfb } from '@livelet/compliance';
import { createIdentity, systemRandom } from '@livelet/core';
import { ManualClock } from '@livelet/core/test-support';
import { createBrowserShell } from '@livelet/window';
import test from 'ava';
import type { Browser, Page } from 'playwright-core';
import { runLivelet } from '../src/livelet.js';
import { accessibilityProblems, startBrowser } from './browser.js';
import { type Customer, pressAllow, startCustomer, typeCode } from './customer.js';
import { granted, startWorld, type World, waitingOperator } from './world.js';

let browser: Browser;
let world: World;
test.before(async () => {
  [browser, world] = await Promise.all([startBrowser(), startWorld()]);
});
test.after.always(async () => {
  await browser?.close();
  await world?.[Symbol.asyncDispose]();
});

/** An entry of an Xauthority file: for each display, named by no address and no number. */
const COOKIE = Buffer.concat([
  Buffer.from([0xff, 0xff, 0, 0, 0, 0, 0, 18]),
  Buffer.from('MIT-MAGIC-COOKIE-1'),
  Buffer.from([0, 16]),
  Buffer.alloc(16, 7),
]);

/** Waits for the page's error and gives its two sentences. */
async function errorOn(page: Page, code: string): Promise<string> {
  const notice = page.locator(`[data-error="${code}"]`);
  return ((await notice.textContent()) ?? '').replace(/\s+/g, ' ').trim();
}

/** After an error everything is as before: a good code leads to the helper. */
async function anotherCodeWorks(customer: Customer): Promise<void> {
  const operator = await waitingOperator(world.relay);
  await typeCode(customer.page, operator.code);
  const session = await operator.session();
  await customer.page.getByRole('heading', { name: 'Maria Rossi wants to help you' }).waitFor();
  await session.end('person');
}

const NEW_CODE = 'Ask your helper for a new code.';

test('a code that nobody gave out, or that was used, gets one answer', async (t) => {
  await using customer = await startCustomer(browser, world);
  const { page } = customer;
  const used = await waitingOperator(world.relay);
  await using first = await startCustomer(browser, world);
  await typeCode(first.page, used.code);
  const session = await used.session();
  await first.page.getByRole('heading', { name: /wants to help you/ }).waitFor();

  await typeCode(page, used.code);
  t.is(await errorOn(page, 'code-not-valid'), `This code is no longer valid. ${NEW_CODE}`);
  t.is(await page.getByLabel('Code from your helper').inputValue(), '', 'a dead code isn’t offered again');
  t.deepEqual(await accessibilityProblems(page), []);
  t.false(session.signal.aborted, 'the session of the first is not touched');
  await anotherCodeWorks(customer);
  await session.end('person');
});

test('a wrong secret: both are told, the code is spent, and is not even tried again', async (t) => {
  await using customer = await startCustomer(browser, world);
  const { page } = customer;
  const operator = await waitingOperator(world.relay);
  const attempt = t.throwsAsync(operator.session(), { code: 'code-wrong-secret' });
  await typeCode(page, operator.wrongCode);
  t.is(
    await errorOn(page, 'code-wrong-secret'),
    `This code is not the one that your helper gave out. ${NEW_CODE}`,
  );
  await attempt;
  await typeCode(page, operator.wrongCode);
  await errorOn(page, 'code-not-valid');
  await anotherCodeWorks(customer);
});

test('the relay is down: said, and the digits stay for another try', async (t) => {
  const deployment = { ...world.relay.deployment, relayUrl: 'wss://127.0.0.1:9' };
  await using customer = await startCustomer(browser, world, { deployment });
  const { page } = customer;
  await typeCode(page, '482 917 056 183');
  t.regex(await errorOn(page, 'relay-unreachable'), /can’t be reached\. Check your internet connection/);
  t.is(await page.getByLabel('Code from your helper').inputValue(), '482 917 056 183');
});

test('a relay with another certificate is sent nothing', async (t) => {
  const pins = [`sha256/${Buffer.alloc(32).toString('base64')}`];
  await using customer = await startCustomer(browser, world, {
    deployment: { ...world.relay.deployment, pins },
  });
  const operator = await waitingOperator(world.relay);
  await typeCode(customer.page, operator.code);
  t.regex(await errorOn(customer.page, 'relay-certificate-not-pinned'), /isn’t the one this program trusts/);
  await using other = await startCustomer(browser, world);
  await typeCode(other.page, operator.code);
  const session = await operator.session();
  t.is(session.peer.name, 'Anna', 'the code is still good');
  await session.end('person');
});

test('an operator with another version of the protocol', async (t) => {
  await using customer = await startCustomer(browser, world);
  const operator = await waitingOperator(world.relay);
  await typeCode(customer.page, operator.code);
  const transport = await operator.transport;
  transport.attach({
    frame: () => {
      const m1 = Buffer.alloc(1297);
      m1.writeUInt8(2, 0);
      m1.writeUInt16BE(2, 1);
      transport.send(m1);
    },
    drained: () => {},
    closed: () => {},
  });
  t.regex(await errorOn(customer.page, 'protocol-version-unsupported'), /Install the latest version/);
  await anotherCodeWorks(customer);
});

test('Cancel gives up a helper who doesn’t answer', async (t) => {
  await using customer = await startCustomer(browser, world);
  const operator = await waitingOperator(world.relay);
  await typeCode(customer.page, operator.code);
  await operator.transport;
  await customer.page.getByRole('button', { name: 'Cancel' }).click();
  await customer.page.getByLabel('Code from your helper').waitFor();
  t.is(await customer.page.locator('[data-error]').count(), 0);
  await anotherCodeWorks(customer);
});

test('no display that can be shared, and no window of our own to say so in', async (t) => {
  await using shell = createBrowserShell({ open: false });
  const options = {
    deployment: world.relay.deployment,
    identity: createIdentity(systemRandom),
    name: 'Anna',
    stateDir: world.folder,
  };
  for (const display of [':7654', '', 'nonsense']) {
    await t.throwsAsync(runLivelet({ ...options, display, shell }), { code: 'display-unavailable' });
  }
  const auth = join(world.folder, 'another-user');
  await writeFile(auth, COOKIE);
  await using locked = await startXvfb({ width: 640, height: 480, auth });
  const refused = await t.throwsAsync(runLivelet({ ...options, display: locked.name, shell }), {
    code: 'display-unavailable',
  });
  t.like(refused, { data: { display: locked.name, problem: 'refused' } });
  await using single = await startXvfb({ width: 640, height: 480 });
  await t.throwsAsync(runLivelet({ ...options, display: `${single.name}.1`, shell }), {
    code: 'display-unavailable',
  });
  await using coarse = await startXvfb({ width: 640, height: 480, depth: 8 });
  await t.throwsAsync(runLivelet({ ...options, display: coarse.name, shell }), {
    code: 'display-unsupported',
  });
});

test('the operator ends, in Italian and in the dark', async (t) => {
  await using customer = await startCustomer(browser, world, { locale: 'it' });
  const { page, livelet } = customer;
  await page.emulateMedia({ colorScheme: 'dark' });
  const operator = await waitingOperator(world.relay);
  await page.getByLabel('Codice di chi ti aiuta').fill(operator.code);
  await page.getByRole('button', { name: 'Continua' }).click();
  const session = await operator.session();
  await page.getByRole('button', { name: 'Permetti', exact: true }).click();
  await granted(session, 'view');
  t.deepEqual(await accessibilityProblems(page), []);
  await session.end('person');
  await page.getByRole('heading', { name: 'Chi ti aiuta ha finito' }).waitFor();
  t.is((await livelet.done).error, undefined);
});

for (const [how, giveUp] of [
  ['it doesn’t come back', async (_page: Page, clock: ManualClock) => clock.advance(120_000)],
  ['Stop', async (page: Page) => page.getByRole('button', { name: 'Stop' }).click()],
] as const) {
  test(`the relay is lost during the session: ${how}`, async (t) => {
    const clock = new ManualClock();
    await using other = await startWorld();
    await using customer = await startCustomer(browser, other, { clock });
    const { page, livelet } = customer;
    const operator = await waitingOperator(other.relay);
    await typeCode(page, operator.code);
    const session = await operator.session();
    await page.getByRole('heading', { name: 'Maria Rossi wants to help you' }).waitFor();
    await clock.advance(1_000);
    await pressAllow(page);
    await granted(session, 'view');

    await other.relay.close();
    await page.getByRole('heading', { name: 'The connection to Maria Rossi was lost' }).waitFor();
    t.is((await session.ended).how, 'interrupted', 'this operator doesn’t seek the customer again');
    await clock.advance(119_000);
    t.true(await page.getByRole('button', { name: 'Stop' }).isVisible(), 'the Livelet still seeks');

    await giveUp(page, clock);
    const heading = how === 'Stop' ? 'You have stopped the help' : 'The connection was lost';
    await page.getByRole('heading', { name: heading, exact: true }).waitFor();
    await page.getByText('The program has closed. Nobody can connect.').waitFor();
    t.is((await livelet.done).error?.code, how === 'Stop' ? undefined : 'session-interrupted');
  });
}

test('the shared display is lost during the session', async (t) => {
  await using other = await startWorld();
  await using customer = await startCustomer(browser, other);
  const { page, livelet } = customer;
  const operator = await waitingOperator(other.relay);
  await typeCode(page, operator.code);
  const session = await operator.session();
  await pressAllow(page);
  await granted(session, 'view');
  await other.display[Symbol.asyncDispose]();
  await page.getByRole('heading', { name: 'Your screen can no longer be shown' }).waitFor();
  t.like(await session.ended, { how: 'ended-by-peer', reason: 'display-lost' });
  t.is((await livelet.done).error?.code, 'display-lost');
});
