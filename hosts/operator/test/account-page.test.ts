import { readFile } from 'node:fs/promises';
import { createIdentity, relayApi, systemRandom } from '@livelet/core';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import type { Browser, Page } from 'playwright-core';
import { joinAsCustomer, reached, type TestRelay, testRelay } from './fixture.js';
import { accessibilityFaults, openConsole, startBrowser } from './page-fixture.js';

const test = anyTest as TestFn<unknown>;
let browser: Browser;
test.before(async () => {
  browser = await startBrowser();
});
test.after.always(() => browser?.close());

async function invitation(relay: TestRelay, name = 'Luca'): Promise<string> {
  const made = await relay.api.call('POST', '/invitations', { name, role: 'operator' });
  return (made as { readonly token: string }).token;
}

async function holdSession(
  t: ExecutionContext,
  relay: TestRelay,
  page: Page,
  console: Console,
): Promise<void> {
  await page.getByRole('button', { name: 'New session' }).click();
  const { code } = await reached(console, 'waiting');
  const customer = await joinAsCustomer(t, relay, code);
  await reached(console, 'session');
  await customer.end('person');
  await reached(console, 'ended');
  console.home();
}
type Console = Parameters<typeof reached>[0];

test('a computer that isn’t enrolled asks for a token, says what is wrong with one, and is let in', async (t) => {
  const relay = await testRelay(t);
  const identity = createIdentity(systemRandom);
  const { page } = await openConsole(t, browser, relay, { operator: { identity } });
  await page.getByRole('heading', { name: 'This computer is not enrolled yet' }).waitFor();
  t.deepEqual(await accessibilityFaults(page), []);
  t.is(await page.getByRole('button', { name: 'New session' }).count(), 0);

  const field = page.getByRole('textbox', { name: 'Enrolment token' });
  await field.fill('x'.repeat(43));
  await field.press('Enter');
  await page.getByRole('alert').filter({ hasText: 'This invitation is not valid' }).waitFor();
  t.deepEqual(await accessibilityFaults(page), []);

  await field.fill(` ${await invitation(relay)} `);
  await page.getByRole('button', { name: 'Enrol this computer' }).click();
  await page.getByRole('button', { name: 'New session' }).waitFor();
  t.like(await relayApi({ deployment: relay.deployment, identity }).call('GET', '/me'), { name: 'Luca' });
});

test('a token file lets a new computer in before its first code', async (t) => {
  const relay = await testRelay(t);
  const identity = createIdentity(systemRandom);
  const enrolmentToken = await invitation(relay);
  const { page, operator } = await openConsole(t, browser, relay, { operator: { identity, enrolmentToken } });
  await page.getByRole('button', { name: 'New session' }).click();
  await reached(operator.console, 'waiting');
  t.like(await relayApi({ deployment: relay.deployment, identity }).call('GET', '/me'), { name: 'Luca' });
});

test('a revoked operator reads so, in Italian', async (t) => {
  const relay = await testRelay(t);
  const identity = createIdentity(systemRandom);
  const other = relayApi({ deployment: relay.deployment, identity });
  const { operator } = (await other.call('POST', '/enrol', { token: await invitation(relay) })) as {
    readonly operator: string;
  };
  await relay.api.call('POST', `/operators/${operator}/revoke`);
  const { page } = await openConsole(t, browser, relay, { operator: { identity }, locale: 'it-IT' });
  await page.getByRole('heading', { name: 'L’accesso di questo computer è stato chiuso' }).waitFor();
  t.deepEqual(await accessibilityFaults(page), []);
});

test('today’s sessions with their length, a note that the relay keeps, and an export', async (t) => {
  const relay = await testRelay(t);
  const { page, operator } = await openConsole(t, browser, relay);
  await page.getByText('No sessions today.').waitFor();
  await holdSession(t, relay, page, operator.console);
  const entry = page.getByRole('listitem').filter({ hasText: 'Anna Bianchi' });
  await entry.getByText(/^0:0\d$/).waitFor();
  const note = entry.getByRole('textbox', { name: /^Note for the session of \d\d:\d\d$/ });
  await note.fill('Bianchi srl, printer');
  await note.press('Enter');
  await page.getByText('Note saved.').waitFor({ state: 'attached' });
  t.deepEqual(await accessibilityFaults(page), []);
  const { sessions } = (await relay.api.call('GET', '/history')) as { readonly sessions: readonly object[] };
  t.is(sessions.length, 1);
  t.like(sessions[0], { note: 'Bianchi srl, printer', operatorName: 'Maria Rossi' });
  t.false(JSON.stringify(sessions).includes('Anna'), 'the relay isn’t told who the customer was');

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save all my sessions as CSV' }).click(),
  ]);
  t.is(download.suggestedFilename(), 'livelet-sessions.csv');
  const csv = await readFile(await download.path(), 'utf8');
  t.regex(csv, /^session,operator,.*\r\n\w+,\w+,Maria Rossi,.*,"Bianchi srl, printer"\r\n$/);
});

test('without the relay the list says so, and shows what this program saw', async (t) => {
  const relay = await testRelay(t);
  const { page, operator } = await openConsole(t, browser, relay);
  await holdSession(t, relay, page, operator.console);
  const entry = page.getByRole('listitem').filter({ hasText: 'Anna Bianchi' });
  await entry.getByRole('textbox').waitFor();
  await relay.close();
  await entry.getByRole('textbox').fill('x');
  await entry.getByRole('textbox').press('Enter');
  await page.getByRole('status').filter({ hasText: 'The relay can’t be reached.' }).waitFor();
  await page.getByRole('alert').filter({ hasText: 'can’t be reached' }).waitFor();
  t.deepEqual(await accessibilityFaults(page), []);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.reload();
  await entry.waitFor();
  t.true(await entry.isVisible());
});
