import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import type { PagePort } from '@livelet/core';
import { createElectronShell, type PageWindow, type WindowShell } from '@livelet/window';
import test from 'ava';
import type { DesktopCapturerSource } from 'electron';
import { connectElectron } from '../page/link/electron-carrier.js';
import type { PortLink } from '../page/link/port-link.js';
import { electronProgram } from '../src/electron/load-electron.js';
import { type FakeElectron, type FakePage, fakeElectron } from './fake-electron.js';
import { nextMessage, PortQueue, withDeadline } from './support.js';

const page = {
  id: 'demo',
  folder: import.meta.dirname,
  plugins: new Map(),
  title: 'Livelet demo',
  width: 800,
  height: 600,
  alwaysOnTop: true,
};

interface Opened extends AsyncDisposable {
  readonly electron: FakeElectron;
  readonly shell: WindowShell;
  readonly window: PageWindow;
  readonly ports: PortQueue;
  readonly problems: string[];
}

async function open(): Promise<Opened> {
  const electron = fakeElectron();
  const shell = await createElectronShell({ electron: electron.parts });
  const problems: string[] = [];
  shell.onProblem(({ message }) => problems.push(message));
  const window = await shell.open(page);
  const ports = new PortQueue();
  window.onPort((port) => ports.add(port));
  return {
    electron,
    shell,
    window,
    ports,
    problems,
    [Symbol.asyncDispose]: () => shell[Symbol.asyncDispose](),
  };
}

/** Runs the page's own code for Electron in the fake page. */
async function connect(
  fake: FakePage,
): Promise<{ link: PortLink; lost: Promise<void>; unsandboxed: boolean }> {
  const globals = {
    window: fake,
    location: fake.location,
    addEventListener: fake.addEventListener.bind(fake),
    removeEventListener: fake.removeEventListener.bind(fake),
    postMessage: fake.postMessage.bind(fake),
  };
  Object.assign(globalThis, globals);
  try {
    const { link, lost, welcome } = await connectElectron();
    return { link, lost, unsandboxed: welcome.unsandboxed };
  } finally {
    for (const name of Object.keys(globals)) Reflect.deleteProperty(globalThis, name);
  }
}

test.serial('a file is shown in its folder, and a folder chosen, by the desktop', async (t) => {
  await using opened = await open();
  const { electron, shell } = opened;
  shell.desktop?.showInFolder('/home/maria/Scaricati/a.txt');
  t.is(await shell.desktop?.chooseFolder('/home/maria'), undefined);
  electron.folder = '/home/maria/Film';
  t.is(await shell.desktop?.chooseFolder('/home/maria'), '/home/maria/Film');
  t.deepEqual(electron.order.slice(-3), [
    'show /home/maria/Scaricati/a.txt',
    'choose openDirectory,createDirectory /home/maria',
    'choose openDirectory,createDirectory /home/maria',
  ]);
});

test.serial('the window is sandboxed, isolated, above the others and in a session in memory', async (t) => {
  await using opened = await open();
  const { electron } = opened;
  t.deepEqual(electron.order, ['scheme livelet', 'ready', 'session livelet-demo']);
  const [window] = electron.windows;
  const { webPreferences, ...options } = window?.options ?? {};
  t.like(options, { title: 'Livelet demo', width: 800, height: 600, alwaysOnTop: true });
  t.like(webPreferences, {
    partition: 'livelet-demo',
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
    backgroundThrottling: false,
  });
  t.true(existsSync(webPreferences?.preload ?? ''));
  t.deepEqual(window?.calls, ['loadURL livelet://demo/']);
  t.deepEqual(opened.window.processIds(), [process.pid]);
  t.is(opened.window.address, undefined);
  t.is(electron.trays[0]?.toolTip, 'Livelet demo');
});

test.serial('a page connects through the preload script; messages go both ways with bytes', async (t) => {
  await using opened = await open();
  const fake = opened.electron.windows[0]?.webContents.page as FakePage;
  const { link, unsandboxed } = await connect(fake);
  t.is(unsandboxed, process.getuid?.() === 0);
  const inPage = link.open('page');
  const port = await opened.ports.next();
  t.is(port.name, 'page');
  port.post({ json: 'down', bytes: Uint8Array.of(1, 2) });
  t.deepEqual(await nextMessage(inPage), { json: 'down', bytes: Uint8Array.of(1, 2) });
  inPage.post({ json: { up: 1 } });
  t.deepEqual(await nextMessage(port), { json: { up: 1 } });
});

test.serial('a reload closes the ports of the page before', async (t) => {
  await using opened = await open();
  const [window] = opened.electron.windows;
  const first = await connect(window?.webContents.page as FakePage);
  first.link.open('page');
  const port = await opened.ports.next();
  const closed = new Promise<void>((resolve) => {
    port.onClose(resolve);
  });
  const second = await connect(window?.reload() as FakePage);
  await withDeadline('the close', Promise.all([closed, first.lost]));
  second.link.open('page');
  t.is((await opened.ports.next()).name, 'page');
});

test.serial('a frame that is not the page gets no port', async (t) => {
  await using opened = await open();
  const [window] = opened.electron.windows;
  window?.askFrom({ origin: 'livelet://demo' });
  window?.askFrom({ origin: 'https://evil.example' });
  t.deepEqual(opened.problems, Array(2).fill('a frame that is not the page asked for a port'));
});

test.serial('bytes that are no frame end the connection', async (t) => {
  await using opened = await open();
  const fake = opened.electron.windows[0]?.webContents.page as FakePage;
  const ports: MessagePort[] = [];
  fake.addEventListener('message', (event) => {
    const [port] = (event as MessageEvent).ports as unknown as MessagePort[];
    if (port) ports.push(port);
  });
  const { lost } = await connect(fake);
  ports[0]?.postMessage('text');
  await withDeadline('the end', lost);
  t.is(opened.problems.length, 1);
});

test.serial(
  'the page can not leave, open windows, attach a webview or download from elsewhere',
  async (t) => {
    await using opened = await open();
    const { webContents } = opened.electron.windows[0] ?? t.fail();
    for (const event of ['will-navigate', 'will-redirect', 'will-attach-webview']) {
      let prevented = false;
      webContents.emit(event, { preventDefault: () => (prevented = true) });
      t.true(prevented, event);
    }
    t.deepEqual(webContents.openHandler?.({} as never), { action: 'deny' });
    for (const url of [
      'https://example.org/a.exe',
      'data:text/plain,a',
      'livelet://demo/main.js',
      'blob:livelet://other/1',
      'blob:livelet://demo.example/1',
      'file:///etc/passwd',
    ]) {
      t.true(opened.electron.session.refusesDownload(url), url);
    }
    t.is(opened.problems.length, 4);
  },
);

test.serial('a file that the page itself made is kept where Electron’s dialog says', async (t) => {
  await using opened = await open();
  t.false(opened.electron.session.refusesDownload('blob:livelet://demo/5d0a'));
  t.deepEqual(opened.problems, []);
});

test.serial('no device and no other host is reachable', async (t) => {
  await using opened = await open();
  const { session } = opened.electron;
  const granted = (permission: string): boolean | undefined => {
    let answer: boolean | undefined;
    session.permissionRequest?.({} as never, permission as never, (value) => (answer = value), {} as never);
    t.is(session.permissionCheck?.(null, permission as never, '', {} as never), answer);
    return answer;
  };
  for (const permission of [
    'media',
    'geolocation',
    'notifications',
    'display-capture',
    'clipboard-read',
    'hid',
  ]) {
    t.false(granted(permission), permission);
  }
  t.true(granted('fullscreen'));
  t.false(session.device?.({} as never));
  for (const url of ['https://example.org/', 'http://127.0.0.1/', 'livelet://other/', 'file:///etc/passwd']) {
    t.true(session.cancels(url), url);
  }
  for (const url of ['livelet://demo/main.js', 'blob:livelet://demo/1', 'data:image/png;base64,']) {
    t.false(session.cancels(url), url);
  }
});

test.serial(
  'a page that is to capture the screen gets the one there is, and no other page does',
  async (t) => {
    const electron = fakeElectron();
    await using shell = await createElectronShell({ electron: electron.parts });
    await shell.open({ ...page, capturesScreen: true });
    const { session, screens } = electron;
    const streams = (origin: string, videoRequested = true): Promise<unknown> =>
      new Promise((resolve) => {
        session.displayMedia?.({ frame: { origin }, videoRequested } as never, resolve);
      });
    t.is(await streams('livelet://demo'), null, 'there is none');
    screens.push(
      { id: 'screen:1:0' } as DesktopCapturerSource,
      { id: 'screen:2:0' } as DesktopCapturerSource,
    );
    t.deepEqual(await streams('livelet://demo'), { video: screens[0] });
    t.is(await streams('https://example.org'), null);
    t.is(await streams('livelet://demo', false), null);
    t.true(session.permissionCheck?.(null, 'display-capture', '', {} as never));
    t.false(session.permissionCheck?.(null, 'media', '', {} as never));
    const file = await session.serve?.(new Request('livelet://demo/support.js'));
    t.regex(file?.headers.get('permissions-policy') ?? '', /display-capture=\(self\)/);

    await using other = await open();
    t.is(other.electron.session.displayMedia, undefined);
    const elsewhere = await other.electron.session.serve?.(new Request('livelet://demo/support.js'));
    t.regex(elsewhere?.headers.get('permissions-policy') ?? '', /display-capture=\(\)/);
  },
);

test.serial('a page that is to read the clipboard may, and no other page', async (t) => {
  const electron = fakeElectron();
  await using shell = await createElectronShell({ electron: electron.parts });
  await shell.open({ ...page, readsClipboard: true });
  const { session } = electron;
  t.true(session.permissionCheck?.(null, 'clipboard-read', '', {} as never));
  t.false(session.permissionCheck?.(null, 'media', '', {} as never));
  const file = await session.serve?.(new Request('livelet://demo/support.js'));
  t.regex(file?.headers.get('permissions-policy') ?? '', /clipboard-read=\(self\)/);
  await using other = await open();
  t.false(other.electron.session.permissionCheck?.(null, 'clipboard-read', '', {} as never));
  const elsewhere = await other.electron.session.serve?.(new Request('livelet://demo/support.js'));
  t.regex(elsewhere?.headers.get('permissions-policy') ?? '', /clipboard-read=\(\)/);
});

test.serial('a page that is to use the microphone may, but no camera, and no other page', async (t) => {
  const electron = fakeElectron();
  await using shell = await createElectronShell({ electron: electron.parts });
  await shell.open({ ...page, usesMicrophone: true });
  const { session } = electron;
  const may = (mediaTypes: readonly string[]): boolean | undefined => {
    let answer: boolean | undefined;
    session.permissionRequest?.({} as never, 'media', (given) => (answer = given), { mediaTypes } as never);
    return answer;
  };
  t.true(may(['audio']));
  t.false(may(['video']));
  t.false(may(['audio', 'video']));
  t.false(may([]));
  t.true(session.permissionCheck?.(null, 'media', '', { mediaType: 'audio' } as never));
  t.false(session.permissionCheck?.(null, 'media', '', { mediaType: 'video' } as never));
  const file = await session.serve?.(new Request('livelet://demo/support.js'));
  t.regex(file?.headers.get('permissions-policy') ?? '', /microphone=\(self\)/);
  await using other = await open();
  t.false(other.electron.session.permissionCheck?.(null, 'media', '', { mediaType: 'audio' } as never));
  const elsewhere = await other.electron.session.serve?.(new Request('livelet://demo/support.js'));
  t.regex(elsewhere?.headers.get('permissions-policy') ?? '', /microphone=\(\)/);
});

test.serial('a page that is to use the camera may, without its sound, and no other page', async (t) => {
  const electron = fakeElectron();
  await using shell = await createElectronShell({ electron: electron.parts });
  await shell.open({ ...page, usesCamera: true });
  const { session } = electron;
  const asked = (...mediaTypes: ('video' | 'audio')[]): boolean | undefined => {
    let answer: boolean | undefined;
    const details = { mediaTypes } as never;
    session.permissionRequest?.({} as never, 'media', (value) => (answer = value), details);
    return answer;
  };
  t.true(asked('video'));
  t.false(asked('audio'));
  t.false(asked('video', 'audio'));
  t.false(asked());
  t.true(session.permissionCheck?.(null, 'media', '', { mediaType: 'video' } as never));
  t.false(session.permissionCheck?.(null, 'media', '', { mediaType: 'audio' } as never));
  t.false(session.permissionCheck?.(null, 'media', '', { mediaType: 'unknown' } as never));
  const file = await session.serve?.(new Request('livelet://demo/support.js'));
  t.regex(file?.headers.get('permissions-policy') ?? '', /camera=\(self\)/);
  await using other = await open();
  t.false(other.electron.session.permissionCheck?.(null, 'media', '', { mediaType: 'video' } as never));
  const elsewhere = await other.electron.session.serve?.(new Request('livelet://demo/support.js'));
  t.regex(elsewhere?.headers.get('permissions-policy') ?? '', /camera=\(\)/);
});

test.serial("the page's files come with the policy, and nothing else comes", async (t) => {
  await using opened = await open();
  const get = async (url: string, method = 'GET'): Promise<Response> => {
    const response = await opened.electron.session.serve?.(new Request(url, { method }));
    if (!response) throw new Error('no response');
    return response;
  };
  const own = await get('livelet://demo/support.js');
  t.is(own.status, 200);
  t.is(own.headers.get('content-type'), 'text/javascript; charset=utf-8');
  t.regex(own.headers.get('content-security-policy') ?? '', /^default-src 'none'/);
  t.is((await get('livelet://demo/icons/stop.svg')).status, 200);
  for (const url of [
    'livelet://other/support.js',
    'livelet://demo/../package.json',
    'livelet://demo/none.js',
  ]) {
    t.is((await get(url)).status, 404, url);
  }
  t.is((await get('livelet://demo/support.js', 'POST')).status, 404);
});

test.serial('minimised it is raised once and then gone; closed it is gone', async (t) => {
  await using opened = await open();
  const [window] = opened.electron.windows;
  const { link } = await connect(window?.webContents.page as FakePage);
  link.reportSeen({ shown: true, panel: false });
  const port: PagePort = link.open('page');
  await opened.ports.next();
  const hidden = new Promise((resolve) => {
    opened.window.watch(300, resolve);
  });
  if (window) window.minimized = true;
  window?.emit('minimize');
  t.is(await withDeadline('hidden', hidden), 'hidden');
  t.deepEqual(window?.calls.slice(1), ['restore', 'show', 'focus']);
  const gone = new Promise((resolve) => {
    opened.window.watch(300, resolve);
  });
  const closed = new Promise<void>((resolve) => {
    port.onClose(resolve);
  });
  window?.destroy();
  t.is(await withDeadline('gone', gone), 'browser-ended');
  await withDeadline('the close of the port', closed);
});

test.serial('the tray raises the window, and goes with the shell', async (t) => {
  const opened = await open();
  const [window] = opened.electron.windows;
  const [tray] = opened.electron.trays;
  tray?.emit('click');
  t.deepEqual(window?.calls.slice(1), ['show', 'focus']);
  await opened[Symbol.asyncDispose]();
  t.true(tray?.destroyed);
  t.true(window?.isDestroyed());
  t.deepEqual(opened.window.processIds(), []);
});

test.serial('outside of Electron, or without its program, that is told', async (t) => {
  await t.throwsAsync(createElectronShell(), { code: 'electron-missing' });
  const folder = await mkdtemp(join(tmpdir(), 'electron-'));
  try {
    t.throws(() => electronProgram(folder), { code: 'electron-missing' });
    await writeFile(join(folder, 'path.txt'), 'electron\n');
    t.throws(() => electronProgram(folder), { code: 'electron-missing' });
    await mkdir(join(folder, 'dist'));
    await writeFile(join(folder, 'dist/electron'), '');
    t.is(electronProgram(folder), join(folder, 'dist/electron'));
  } finally {
    await rm(folder, { recursive: true });
  }
});
