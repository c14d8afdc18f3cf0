import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startXvfb, type Xvfb } from '@livelet/compliance';
import type { PagePort } from '@livelet/core';
import { createBrowserShell, type GoneReason, type PageWindow } from '@livelet/window';
import test from 'ava';
import { type DemoSite, demoSite, nextMessage, PortQueue, withDeadline } from './support.js';

const run = promisify(execFile);
/** What the window is watched with, ms. How long that takes is told by the tests of the watch, with a clock of their own. */
const LIMIT = 2_000;

/** Where the shell makes its folders in this file's process, so that nobody else's are counted. */
const temporary = mkdtempSync(join(tmpdir(), 'app-'));
process.env.TMPDIR = temporary;

let site: DemoSite;
let display: Xvfb;
let windowManager: AsyncDisposable;
test.before(async () => {
  site = await demoSite();
  display = await startXvfb();
  const process = spawn('openbox', [], {
    env: { ...globalThis.process.env, DISPLAY: display.name },
    stdio: 'ignore',
  });
  windowManager = {
    async [Symbol.asyncDispose]() {
      process.kill();
      if (process.exitCode === null) await once(process, 'exit');
    },
  };
});
test.after.always(async () => {
  await windowManager?.[Symbol.asyncDispose]();
  await display?.[Symbol.asyncDispose]();
  await site?.[Symbol.asyncDispose]();
  await rm(temporary, { recursive: true });
});

interface OpenApp extends AsyncDisposable {
  readonly window: PageWindow;
  readonly ports: PortQueue;
}

/** Processes whose command line names a profile of ours. */
function ourProcesses(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(temporary);
      } catch {
        return false;
      }
    });
}

function profileFolders(): string[] {
  return readdirSync(temporary).filter((name) => name.startsWith('livelet-window-'));
}

async function openApp(): Promise<OpenApp> {
  const shell = createBrowserShell({ display: display.name, platform: 'x11' });
  const window = await shell.open(site.page);
  const ports = new PortQueue();
  window.onPort((port) => ports.add(port));
  return { window, ports, [Symbol.asyncDispose]: () => shell[Symbol.asyncDispose]() };
}

function gone(window: PageWindow): Promise<GoneReason> {
  return new Promise((resolve) => {
    window.watch(LIMIT, resolve);
  });
}

/** The windows that the window manager has, oldest first. */
async function xWindows(): Promise<string[]> {
  const { stdout } = await run('xprop', ['-display', display.name, '-root', '_NET_CLIENT_LIST']);
  return stdout.match(/0x[0-9a-f]+/g) ?? [];
}

/** The X window of the page, as soon as it is there. */
async function xWindow(): Promise<string> {
  for (let looks = 0; looks < 200; looks += 1) {
    const [id] = await xWindows();
    if (id !== undefined) return id;
    await setTimeout(50);
  }
  throw new Error('no window');
}

/** Activates the page's window and waits until the page itself knows that it has the focus. */
async function focus(page: PagePort): Promise<string> {
  const id = await xWindow();
  await xdotool('windowactivate', '--sync', id);
  page.post({ json: { whenFocused: true } });
  await nextMessage(page);
  return id;
}

function xdotool(...parts: string[]): Promise<{ stdout: string }> {
  return run('xdotool', parts, { env: { ...process.env, DISPLAY: display.name }, timeout: 20_000 });
}

test.serial('opens a window without an address bar, and leaves nothing behind', async (t) => {
  await using app = await openApp();
  const { window, ports } = app;
  const port = await ports.next();
  port.post({ json: 'hello' });
  t.deepEqual(await nextMessage(port), { json: 'hello' });
  t.is(window.address, undefined);

  const id = await xWindow();
  const { stdout: pid } = await xdotool('getwindowpid', id);
  t.deepEqual(window.processIds(), [Number(pid)]);
  const commandLines = ourProcesses().map((process) => readFileSync(`/proc/${process}/cmdline`, 'utf8'));
  t.true(commandLines.length > 1);
  t.true(
    commandLines.some((line) => /--app=http:\/\/127\.0\.0\.1:\d+\/\0/.test(line)),
    'no token in sight',
  );
  t.is(profileFolders().length, 1);

  await app[Symbol.asyncDispose]();
  t.deepEqual(window.processIds(), []);
  t.deepEqual(ourProcesses(), []);
  t.deepEqual(profileFolders(), []);
});

test.serial('minimised it is raised once; minimised again it is gone', async (t) => {
  await using app = await openApp();
  const { window, ports } = app;
  const page = await ports.next();
  const id = await focus(page);
  const ended = gone(window);
  const seen: unknown[] = [];
  page.onMessage(({ json }) => seen.push(json));
  let reason: GoneReason | undefined;
  void ended.then((given) => {
    reason = given;
  });
  // A person who minimises it whenever it shows; one try can get lost while the window manager still raises it.
  for (let tries = 0; tries < 100 && reason === undefined; tries += 1) {
    await xdotool('windowminimize', id);
    await setTimeout(200);
  }
  t.is(reason, 'hidden', JSON.stringify(seen));
  t.deepEqual(seen.slice(0, 2), ['hidden', 'visible']);
  await app[Symbol.asyncDispose]();
  t.deepEqual(ourProcesses(), []);
});

test.serial(
  'the panel in its own window keeps its styles, stays above, and is what must be seen',
  async (t) => {
    await using app = await openApp();
    const page = await app.ports.next();
    page.post({ json: { mount: 'dist/site/panel.js' } });
    const panel = await app.ports.next();
    await nextMessage(panel);
    const id = await focus(page);
    await xdotool('key', 'Tab', 'Return');
    t.deepEqual(await nextMessage(page), { json: { panel: 'separate' } });
    // Made while it is in the other window, where the page's own style sheets may not be adopted.
    panel.post({ json: 'text' });
    t.deepEqual(await nextMessage(panel), {
      json: { color: 'rgb(1, 2, 3)', margin: '0px', window: 'panel' },
    });

    let reason: GoneReason | undefined;
    const ended = gone(app.window).then((given) => {
      reason = given;
      return given;
    });
    await xdotool('windowminimize', '--sync', id);
    const above = (await xWindows()).filter((other) => other !== id);
    t.is(above.length, 1);
    const { stdout: state } = await run('xprop', [
      '-display',
      display.name,
      '-id',
      above[0] ?? '',
      '_NET_WM_STATE',
    ]);
    t.regex(state, /_NET_WM_STATE_ABOVE/);
    await setTimeout(LIMIT + 500);
    t.is(reason, undefined);
    t.deepEqual(await nextMessage(page), { json: 'hidden' });

    await xdotool('windowminimize', above[0] ?? '');
    t.is(await withDeadline('the end', ended), 'hidden');
    await xdotool('windowactivate', '--sync', above[0] ?? '', 'key', 'alt+F4');
    let message = await nextMessage(page);
    // The page's first window was raised.
    if (message.json === 'visible') message = await nextMessage(page);
    t.deepEqual(message, { json: { panel: 'closed' } });
  },
);

test.serial('a browser that is killed is noticed', async (t) => {
  await using app = await openApp();
  const { window, ports } = app;
  await ports.next();
  const ended = gone(window);
  const [pid = 0] = window.processIds();
  process.kill(pid, 'SIGKILL');
  t.is(await withDeadline('the end', ended), 'browser-ended');
  await app[Symbol.asyncDispose]();
  t.deepEqual(ourProcesses(), []);
  t.deepEqual(profileFolders(), []);
});

test.serial('a window that the person closes is noticed', async (t) => {
  await using app = await openApp();
  const { window, ports } = app;
  await ports.next();
  const ended = gone(window);
  const id = await xWindow();
  await xdotool('windowactivate', '--sync', id, 'key', 'alt+F4');
  t.regex(await withDeadline('the end', ended), /^(closed|browser-ended)$/);
  await app[Symbol.asyncDispose]();
  t.deepEqual(ourProcesses(), []);
});

test.serial('a display that is not there is told, and leaves nothing behind', async (t) => {
  await using shell = createBrowserShell({ display: ':4095', platform: 'x11' });
  await t.throwsAsync(shell.open(site.page), { code: 'window-unavailable' });
  t.deepEqual(ourProcesses(), []);
  t.deepEqual(profileFolders(), []);
});

test.serial('a browser that is not installed is told', async (t) => {
  await using shell = createBrowserShell({ executable: '/nonexistent/browser', display: display.name });
  await t.throwsAsync(shell.open(site.page), { code: 'browser-missing' });
  t.deepEqual(profileFolders(), []);
});
