import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startXvfb } from '@livelet/compliance';
import type { SessionChannel } from '@livelet/core';
import test from 'ava';
import type { Browser, Page } from 'playwright-core';
import { newPage, startBrowser } from './browser.js';
import { pressAllow, typeCode } from './customer.js';
import { type Program, startProgram } from './program.js';
import { granted, startWorld, type World, waitingOperator } from './world.js';

const run = promisify(execFile);

let browser: Browser;
let world: World;
test.before(async () => {
  [browser, world] = await Promise.all([startBrowser(), startWorld()]);
});
test.after.always(async () => {
  await browser?.close();
  await world?.[Symbol.asyncDispose]();
});

interface Running extends AsyncDisposable {
  readonly program: Program;
  readonly page: Page;
  readonly session: SessionChannel;
}

/** The real program in a session, with its page in a browser that isn't its own. */
async function inSession(): Promise<Running> {
  await using starting = new AsyncDisposableStack();
  const program = starting.use(await startProgram(world, ['--no-open', '--arm-seconds', '1']));
  const address = await program.firstLine;
  const { page } = await newPage(browser);
  starting.defer(() => page.context().close());
  await page.addInitScript(`Object.defineProperty(window, 'documentPictureInPicture', { value: undefined })`);
  await page.goto(address);
  const operator = await waitingOperator(world.relay);
  await typeCode(page, operator.code);
  const session = await operator.session();
  await pressAllow(page);
  await granted(session, 'view');
  const running = starting.move();
  return { program, page, session, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

const NOTHING = { processes: [], files: [] };

test.serial('Stop: the program goes, and nothing is left of it', async (t) => {
  await using running = await inSession();
  const { program, page, session } = running;
  await page.getByRole('button', { name: 'Stop' }).click();
  await session.ended;
  t.is(await program.exited, 0, program.output());
  t.deepEqual(await program.leftovers(), NOTHING);
  await page.getByText('The program has closed. Nobody can connect.').waitFor();
  t.is(world.relay.health().sessions, 0);
});

for (const [how, lose] of [
  ['closed', (page: Page) => page.close()],
  ['navigated away', (page: Page) => page.goto('about:blank')],
  // Never answers: the page's one thread is busy for ever.
  ['frozen', async (page: Page) => void page.evaluate('for (;;) {}').catch(() => undefined)],
] as const) {
  test.serial(`the panel is ${how}: the session is over, then the program`, async (t) => {
    await using running = await inSession();
    const { program, page, session } = running;
    await lose(page);
    t.like(await session.ended, { how: 'ended-by-peer', reason: 'window-gone' });
    t.is(await program.exited, 6, program.output());
    t.deepEqual(await program.leftovers(), NOTHING);
  });
}

test.serial('SIGTERM: the helper is told, and nothing is left', async (t) => {
  await using running = await inSession();
  const { program, session } = running;
  program.process.kill('SIGTERM');
  t.like(await session.ended, { how: 'ended-by-peer', reason: 'shutdown' });
  t.is(await program.exited, 0, program.output());
  t.deepEqual(await program.leftovers(), NOTHING);
});

test.serial('SIGKILL: the helper’s end notices', async (t) => {
  await using running = await inSession();
  running.program.process.kill('SIGKILL');
  t.is((await running.session.ended).how, 'interrupted');
});

test.serial('without a display it says so and exits with its number', async (t) => {
  await using program = await startProgram(world, ['--no-open', '--display', ':7654']);
  t.is(await program.exited, 5);
  t.regex(program.output(), /no X display to share/);
  t.deepEqual(await program.leftovers(), NOTHING);
});

for (const [locale, words] of [
  ['en_GB.UTF-8', /can’t open its own window\. Set DISPLAY .* --no-open /],
  ['it_IT.UTF-8', /non riesce ad aprire la sua finestra\. Imposta DISPLAY .* --no-open /],
] as const) {
  test.serial(`without a display for its own window it says that, and what to do, ${locale}`, async (t) => {
    const nowhere = { LC_ALL: locale, LANG: locale, DISPLAY: '', WAYLAND_DISPLAY: '' };
    await using program = await startProgram(world, [], nowhere);
    t.is(await program.exited, 6, program.output());
    t.regex(program.output(), words);
    t.notRegex(program.output(), /to share|da condividere/);
    t.deepEqual(await program.leftovers(), NOTHING);
  });
}

test.serial('a window of its own, by keyboard alone; its browser killed ends all', async (t) => {
  await using screen = await startXvfb({ width: 1024, height: 1000 });
  await using program = await startProgram(world, [
    ...['--window-display', screen.name, '--arm-seconds', '1', '--locale', 'en'],
  ]);
  t.is(await program.firstLine, 'The window is open.');
  const press = (...keys: string[]): Promise<unknown> =>
    run('xdotool', ['key', '--delay', '50', ...keys], { env: { ...process.env, DISPLAY: screen.name } });
  const operator = await waitingOperator(world.relay);
  const session = operator.session();
  // Nobody tells when the page takes keys: the code is typed until it is taken.
  const typing = setInterval(() => {
    void press('ctrl+a', ...operator.code.replaceAll(' ', ''), 'Return').catch(() => undefined);
  }, 2_000);
  const joined = await session.finally(() => clearInterval(typing));
  const allowing = setInterval(() => void press('Tab', 'Tab', 'Tab', 'Tab', 'Tab', 'Return'), 2_000);
  await granted(joined, 'view').finally(() => clearInterval(allowing));
  const browserId = (await program.leftovers()).processes.find((line) => line.includes('--app='));
  t.truthy(browserId);
  process.kill(Number.parseInt(browserId ?? '', 10), 'SIGKILL');
  t.like(await joined.ended, { how: 'ended-by-peer', reason: 'window-gone' });
  t.is(await program.exited, 6, program.output());
  t.deepEqual(await program.leftovers(), NOTHING);
});

test.serial('without a display to share, a window of its own says so and closes', async (t) => {
  await using screen = await startXvfb({ width: 1024, height: 1000 });
  await using program = await startProgram(world, [
    ...['--display', ':7654', '--window-display', screen.name, '--receipt-seconds', '1'],
  ]);
  t.is(await program.firstLine, 'The window is open.');
  t.is(await program.exited, 5, program.output());
  t.deepEqual(await program.leftovers(), NOTHING);
});
