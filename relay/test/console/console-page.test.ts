import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import { headlessChromium } from '@livelet/compliance/headless-chromium';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type Desk, startDesk } from './console-fixture.js';

const test = anyTest.serial as TestFn<unknown>;
/** Where pictures of each section go; none unless it is set. */
const PICTURES = process.env.LIVELET_PICTURES;
const DEADLINE = 20_000;

let browser: Browser;
anyTest.before(async () => {
  browser = await chromium.launch({
    executablePath: headlessChromium(),
    args: ['--no-sandbox', '--disable-gpu'],
  });
});
anyTest.after.always(() => browser?.close());

interface Look {
  readonly locale?: string;
  readonly colorScheme?: 'light' | 'dark';
}

/** A signed-in page. Whatever the browser complains about fails the test. */
async function openConsole(t: ExecutionContext, desk: Desk, look: Look = {}): Promise<Page> {
  const context = await browser.newContext({
    locale: 'en-GB',
    timezoneId: 'Europe/Rome',
    viewport: { width: 1280, height: 800 },
    ignoreHTTPSErrors: true,
    reducedMotion: 'reduce',
    permissions: ['clipboard-write'],
    ...look,
  });
  context.setDefaultTimeout(DEADLINE);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(desk.origin)) complaints.push(`request: ${request.url()}`);
  });
  t.teardown(async () => {
    await context.close();
    if (complaints.length > 0) throw new Error(complaints.join('\n'));
  });
  await page.goto(`${desk.origin}/admin/#${await desk.link()}`);
  return page;
}

/** Nothing that axe finds, and nothing wider than the window. */
async function check(t: ExecutionContext, page: Page, state: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  t.deepEqual(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    [],
    state,
  );
  for (const width of [360, 800, 2560]) {
    await page.setViewportSize({ width, height: 800 });
    const needed = await page.evaluate('document.documentElement.scrollWidth');
    t.true(Number(needed) <= width, `${state} needs ${needed} of ${width} px`);
    if (PICTURES !== undefined) await picture(page, `${state}-${width}`);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  if (PICTURES !== undefined) await picture(page, state);
}

async function picture(page: Page, name: string): Promise<void> {
  await mkdir(PICTURES ?? '', { recursive: true });
  await page.screenshot({ path: `${PICTURES}/${name.replace(/\W+/g, '-')}.png` });
}

/** People, an open invitation, sessions and connections that the sections show. */
async function furnish(desk: Desk): Promise<void> {
  await desk.enrol('Maria Rossi', 'operator');
  const carla = await desk.enrol('Carla Verdi', 'operator');
  const left = await desk.enrol('Piero Blu', 'operator');
  await desk.call(desk.admin, 'POST', `/operators/${left.id}/revoke`);
  await desk.call(desk.admin, 'POST', '/invitations', { name: 'Luca Gialli', role: 'operator' });
  const now = Date.now();
  const hour = 3_600_000;
  for (const [index, note] of [
    'Bianchi srl: printer',
    '',
    'Studio Fermi, update of the accounts',
  ].entries()) {
    const started = now - (index + 1) * hour;
    await desk.store.db
      .insertInto('session_history')
      .values({ id: `${index}`.repeat(16), operator: carla.id, started, ended: started + 754_000, note })
      .execute();
  }
  await desk.store.db
    .insertInto('connection_log')
    .values([
      row(now - hour, 'joined', null),
      { ...row(now, 'ended', 'peerClosed'), operator_to_customer: 12_345, customer_to_operator: 98_765_432 },
      row(now, 'refused', 'tooManyRequests'),
    ])
    .execute();
}

function row(
  time: number,
  event: string,
  reason: string | null,
): Parameters<typeof Object>[0] & Record<string, never> {
  const session = event === 'refused' ? null : 'a1b2c3d4e5f60718';
  const place = { source: '203.0.113.7', transport: 'tls-tcp', tls: 'TLSv1.3' };
  return {
    time,
    event,
    session,
    ...place,
    reason,
    operator_to_customer: null,
    customer_to_operator: null,
  } as never;
}

for (const { locale, colorScheme, words } of [
  {
    locale: 'en-GB',
    colorScheme: 'light',
    words: {
      overview: 'Takes new sessions',
      operators: 'Operators',
      logs: 'Connection log',
      reason: 'Reason',
      read: 'Read',
      audit: 'Audit log',
      verify: 'Verify the chain',
      whole: 'The chain is whole',
      history: 'Session history',
      invite: 'Invite',
      token: 'Invitation token',
      close: 'Close',
      revoke: 'Revoke Maria Rossi',
      cancel: 'Cancel',
      out: 'Sign out',
      gone: 'You are signed out',
    },
  },
  {
    locale: 'it-IT',
    colorScheme: 'dark',
    words: {
      overview: 'Accetta nuove sessioni',
      operators: 'Operatori',
      logs: 'Registro connessioni',
      reason: 'Motivo',
      read: 'Leggi',
      audit: 'Registro di controllo',
      verify: 'Verifica la catena',
      whole: 'La catena è integra',
      history: 'Storico sessioni',
      invite: 'Invita',
      token: 'Codice d’invito',
      close: 'Chiudi',
      revoke: 'Revoca Maria Rossi',
      cancel: 'Annulla',
      out: 'Esci',
      gone: 'Accesso terminato',
    },
  },
] as const) {
  test(`every section is whole for everyone, ${locale}, ${colorScheme}`, async (t) => {
    const desk = await startDesk(t);
    await furnish(desk);
    const page = await openConsole(t, desk, { locale, colorScheme });
    const state = (name: string): string => `${name} ${locale} ${colorScheme}`;
    await page.getByText(words.overview).waitFor();
    await check(t, page, state('overview'));
    t.is(await page.evaluate('location.hash'), '#overview');

    await page.getByRole('link', { name: words.operators }).click();
    await page.getByRole('cell', { name: 'Maria Rossi', exact: true }).waitFor();
    await check(t, page, state('operators'));
    await page.getByRole('button', { name: words.revoke }).click();
    await page.getByRole('dialog').waitFor();
    await check(t, page, state('revoke'));
    await page.getByRole('button', { name: words.cancel }).click();
    await page.getByRole('button', { name: words.invite, exact: true }).click();
    await check(t, page, state('invite'));
    await page.getByRole('textbox').fill('Elena Bruni');
    await page.keyboard.press('Enter');
    const token = await page.getByRole('textbox', { name: words.token }).inputValue();
    t.regex(token, /^[\w-]{43}$/);
    await check(t, page, state('invited'));
    await page.getByRole('button', { name: words.close }).click();
    await page.getByRole('cell', { name: 'Elena Bruni' }).first().waitFor();
    // Shown once.
    t.false((await page.content()).includes(token));

    await page.getByRole('link', { name: words.logs }).click();
    await page.getByRole('textbox', { name: words.reason }).fill('Ticket 4711');
    await page.getByRole('button', { name: words.read }).click();
    await page.getByRole('cell', { name: 'tooManyRequests' }).waitFor();
    await page.getByRole('cell', { name: /^12.345 \/ 98.765.432$/ }).waitFor();
    t.false((await page.content()).includes('NaN'));
    await check(t, page, state('logs'));
    t.is(await page.getByRole('textbox', { name: words.reason }).inputValue(), '');

    await page.getByRole('link', { name: words.audit }).click();
    await page.getByRole('cell', { name: 'connection-log.read' }).waitFor();
    await page.getByText('reason: Ticket 4711').waitFor();
    await page.getByRole('button', { name: words.verify }).click();
    await page.getByText(words.whole).first().waitFor();
    await check(t, page, state('audit'));

    await page.getByRole('link', { name: words.history }).click();
    await page.getByRole('cell', { name: 'Bianchi srl: printer' }).waitFor();
    await check(t, page, state('history'));

    await page.getByRole('button', { name: words.out }).click();
    await page.getByText(words.gone).waitFor();
    await check(t, page, state('out'));
    t.deepEqual(desk.failures, []);
  });
}

test('a person is revoked with the keyboard alone, and people who can’t see the page are told', async (t) => {
  const desk = await startDesk(t);
  const maria = await desk.enrol('Maria Rossi', 'operator');
  const page = await openConsole(t, desk);
  await page.getByRole('link', { name: 'Operators' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Revoke Maria Rossi' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  // Cancel has the focus: nothing happens by a second Enter.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('status').getByText('Maria Rossi is revoked.').waitFor();
  const { operators } = await desk.call(desk.admin, 'GET', '/operators');
  const now = operators.find(({ id }: { id: string }) => id === maria.id);
  t.is(now.revokedAt, Math.floor(desk.clock.wallTime()));
});

test('what people wrote is shown as text, whatever it looks like', async (t) => {
  const desk = await startDesk(t);
  const evil = `<img src=x onerror=alert(1)>"><script>alert(2)</script>`;
  const eve = await desk.enrol(evil.slice(0, 60), 'operator');
  await desk.call(desk.admin, 'POST', '/invitations', { name: '<svg onload=alert(3)>', role: 'operator' });
  const started = Date.now() - 60_000;
  await desk.store.db
    .insertInto('session_history')
    .values({ id: 'e'.repeat(16), operator: eve.id, started, ended: null, note: evil })
    .execute();
  const page = await openConsole(t, desk);
  await page.getByRole('link', { name: 'Operators' }).click();
  await page.getByRole('cell', { name: '<svg onload=alert(3)>' }).first().waitFor();
  t.is(await page.getByRole('cell', { name: evil.slice(0, 60), exact: true }).count(), 1);
  await page.getByRole('link', { name: 'Connection log' }).click();
  await page.getByRole('textbox', { name: 'Reason' }).fill(evil);
  await page.keyboard.press('Enter');
  await page.getByText('0 entries').waitFor();
  await page.getByRole('link', { name: 'Audit log' }).click();
  await page.getByText(`reason: ${evil}`).waitFor();
  await page.getByRole('link', { name: 'Session history' }).click();
  await page.getByRole('cell', { name: evil, exact: true }).last().waitFor();
  t.is(await page.locator('img, svg[onload]').count(), 0);
});

test('the session history is exported as the relay made it', async (t) => {
  const desk = await startDesk(t);
  await furnish(desk);
  const page = await openConsole(t, desk);
  await page.getByRole('link', { name: 'Session history' }).click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export CSV' }).click(),
  ]);
  t.regex(file.suggestedFilename(), /^sessions-[\d-]+\.csv$/);
  const text = await readFile(await file.path(), 'utf8');
  t.is(text.split('\r\n').length, 5);
  t.true(text.includes('Carla Verdi'));
});

test('a used link says what to do, and a reload keeps the session', async (t) => {
  const desk = await startDesk(t);
  const page = await openConsole(t, desk);
  await page.getByText('Takes new sessions').waitFor();
  await page.reload();
  await page.getByText('Takes new sessions').waitFor();
  desk.figures = { ...desk.figures, draining: true };
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByText('Takes no new sessions').waitFor();

  const stranger = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'it-IT' });
  t.teardown(() => stranger.close());
  const second = await stranger.newPage();
  await second.goto(`${desk.origin}/admin/#${'A'.repeat(43)}`);
  await second.getByText('Questo collegamento non è più utilizzabile').waitFor();
  t.is(await second.evaluate('sessionStorage.length'), 0);
  // The policy holds on its own: text can't become markup even where a mistake would try.
  const refused = await second.evaluate(
    `(() => { try { document.body.innerHTML = '<b>x</b>'; return 'taken'; } catch (error) { return error.name; } })()`,
  );
  t.is(refused, 'TypeError');
});

test('the page was built', (t) => {
  t.true(existsSync(new URL('../../console/main.js', import.meta.url)));
});
