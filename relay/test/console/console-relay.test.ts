import { headlessChromium } from '@livelet/compliance/headless-chromium';
import { relayApi } from '@livelet/core';
import test from 'ava';
import { chromium } from 'playwright-core';
import { DEFAULT_SETTINGS } from '../../src/settings.js';
import { customerSocket, message, OPERATOR, operatorSocket, testRelay } from '../relay-fixture.js';

test('the console of a running relay: its link, its counts, none of its codes', async (t) => {
  const relay = await testRelay(t, { region: 'EU' });
  const { deployment, port } = relay;
  const operator = operatorSocket(relay);
  const { nameplate } = await message(operator);
  const second = operatorSocket(relay);
  const { nameplate: waiting } = await message(second);
  const customer = customerSocket(relay, nameplate);
  await message(customer);
  const api = relayApi({ deployment, identity: OPERATOR });
  const { token } = (await api.call('POST', '/console-link')) as { token: string };

  const browser = await chromium.launch({ executablePath: headlessChromium(), args: ['--no-sandbox'] });
  t.teardown(() => browser.close());
  const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-GB' });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const answers: Promise<string>[] = [];
  page.on('response', (response) => answers.push(response.text().catch(() => '')));
  await page.goto(`https://localhost:${port}/admin/#${token}`);
  await page.getByText('Takes new sessions').waitFor();
  const fact = (name: string): Promise<string> =>
    page
      .locator('dl > div', { has: page.getByText(name, { exact: true }) })
      .locator('dd')
      .first()
      .innerText();
  t.is(await fact('Sessions'), '1');
  t.is(await fact('Waiting codes'), '1');
  t.is(await fact('Region'), 'EU');
  t.is(await fact('Store engine'), 'SQLite');
  await page.getByRole('link', { name: 'Operators' }).click();
  await page.getByRole('cell', { name: 'admin', exact: true }).waitFor();
  await page.getByRole('link', { name: 'Audit log' }).click();
  await page.getByRole('cell', { name: 'console.signed-in' }).waitFor();

  const told = (await Promise.all(answers)).join('\n');
  t.true(told.includes('"sessions":1'));
  for (const secret of [`"${waiting}"`, `"${nameplate}"`, token, 'PRIVATE KEY'])
    t.false(told.includes(secret), secret);
  for (const socket of [operator, second, customer]) socket.terminate();
});

test('an administrator who looks at everything stays within the limits of one source', async (t) => {
  const { socketsPerMinute, unattachedPerSource } = DEFAULT_SETTINGS;
  const { deployment, port } = await testRelay(t, { settings: { socketsPerMinute, unattachedPerSource } });
  const api = relayApi({ deployment, identity: OPERATOR });
  const { token } = (await api.call('POST', '/console-link')) as { token: string };
  const browser = await chromium.launch({ executablePath: headlessChromium(), args: ['--no-sandbox'] });
  t.teardown(() => browser.close());
  const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-GB' });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const refused: string[] = [];
  page.on('response', (response) => {
    if (!response.ok()) refused.push(`${response.status()} ${response.url()}`);
  });
  page.on('requestfailed', (request) => refused.push(`failed ${request.url()}`));
  await page.goto(`https://localhost:${port}/admin/#${token}`);
  await page.getByText('Takes new sessions').waitFor();
  for (let round = 0; round < 4; round += 1) {
    for (const [section, shown] of [
      ['Operators', 'cell'],
      ['Audit log', 'cell'],
      ['Session history', 'button'],
      ['Health', 'button'],
    ] as const) {
      await page.getByRole('link', { name: section }).click();
      await page.getByRole('heading', { level: 2, name: section }).waitFor();
      await page.getByRole('main').getByRole(shown).first().waitFor();
    }
  }
  t.deepEqual(refused, []);
});
