import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PagePort, PortMessage } from '@livelet/core';
import { type Browser, chromium, type Page } from 'playwright-core';

/** As hosts serve their pages, and media for looking at what was recorded. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; media-src 'self'";
const DOCUMENT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>film</title><link rel="icon" href="data:,">
<script type="module" src="/page.js"></script><div class="slot"><section></section></div><video muted></video></html>`;

/** A stage by its contract: a canvas that the test draws on, and a cursor. Beside it, what the piece posts. */
const PAGE = `
import { mount } from '/panel.js';
const canvas = document.createElement('canvas');
const context = canvas.getContext('2d');
const listeners = new Set();
const picture = {
  get width() { return canvas.width; },
  get height() { return canvas.height; },
  paint(target) { target.drawImage(canvas, 0, 0); target.fillStyle = '#fff'; target.fillRect(8, 8, 16, 16); },
  onChange(listener) { listeners.add(listener); return { [Symbol.dispose]: () => listeners.delete(listener) }; },
};
document.querySelector('.slot').addEventListener('livelet-stage-picture', ({ detail }) => detail.answer(picture));
globalThis.resize = (width, height) => { canvas.width = width; canvas.height = height; };
globalThis.paint = (colour) => {
  context.fillStyle = colour;
  context.fillRect(0, 0, canvas.width, canvas.height);
  for (const listener of [...listeners]) listener();
};
/** Draws something new as often as a screen does, until it is told to stop. */
let moving;
globalThis.move = (colour) => {
  clearInterval(moving);
  let at = 0;
  const next = () => {
    paint(colour);
    context.fillStyle = '#808080';
    context.fillRect((at += 7) % canvas.width, canvas.height / 2, 20, 20);
  };
  // At once: the film begins with what is there.
  next();
  moving = setInterval(next, 40);
};
const sounds = new Set();
globalThis.sound = (frequency) => {
  const audio = new AudioContext({ sampleRate: 48000 });
  const destination = audio.createMediaStreamDestination();
  const oscillator = new OscillatorNode(audio, { frequency });
  oscillator.connect(destination);
  oscillator.start();
  const tracks = destination.stream.getAudioTracks();
  document.addEventListener('livelet-page-sound', ({ detail }) =>
    detail.answer({ tracks, onChange: () => ({ [Symbol.dispose]() {} }) }));
};
const heard = new Set();
globalThis.tell = (json) => { for (const listener of heard) listener({ json }); };
mount({
  root: document.querySelector('section'),
  locale: 'en',
  onLocale: () => ({ [Symbol.dispose]() {} }),
  announce() {},
  port: {
    name: 'plugin:livelet.recording:picture',
    bufferedBytes: 0,
    post({ json, bytes }) { posted(json, bytes ? btoa(String.fromCharCode(...bytes)) : null); },
    onMessage(listener) { heard.add(listener); return { [Symbol.dispose]: () => heard.delete(listener) }; },
    onClose: () => ({ [Symbol.dispose]() {} }),
    close() {},
  },
});
`;

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    // Chromium refuses to be root with its sandbox.
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--autoplay-policy=no-user-gesture-required'],
  });
}

/** The piece on the stage in a real page; what it posts goes to `port`, and the other way round. */
export interface FilmPage extends AsyncDisposable {
  readonly page: Page;
  readonly problems: readonly string[];
  /** A file that the page can play, at its address. */
  serve(path: string): string;
}

export async function openFilmPage(browser: Browser, port?: PagePort): Promise<FilmPage> {
  await using stack = new AsyncDisposableStack();
  const panel = await readFile(new URL('../site/stage-recorder.js', import.meta.url), 'utf8');
  const files = new Map<string, string>();
  const server = createServer(async ({ url = '/', headers }, response) => {
    const text = { '/': DOCUMENT, '/page.js': PAGE, '/panel.js': panel }[url];
    response.setHeader('content-security-policy', POLICY);
    const film = files.get(url);
    if (film !== undefined) {
      const bytes = await readFile(film);
      // Players jump by asking for parts.
      const from = Number(/bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0);
      response.writeHead(206, {
        'content-type': 'video/webm',
        'accept-ranges': 'bytes',
        'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}`,
      });
      response.end(bytes.subarray(from));
    } else if (text === undefined) response.writeHead(404).end();
    else response.setHeader('content-type', url === '/' ? 'text/html' : 'text/javascript').end(text);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  const context = await browser.newContext();
  stack.defer(async () => await context.close());
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.exposeFunction('posted', (json: PortMessage['json'], bytes: string | null) => {
    port?.post(bytes === null ? { json } : { json, bytes: Uint8Array.from(Buffer.from(bytes, 'base64')) });
  });
  const { port: number } = server.address() as AddressInfo;
  await page.goto(`http://127.0.0.1:${number}/`);
  await page.locator('section > *').waitFor({ state: 'attached' });
  port?.onMessage(({ json }) => {
    page.evaluate(`tell(${JSON.stringify(json)})`).catch(() => undefined);
  });
  const owned = stack.move();
  return {
    page,
    problems,
    serve(path) {
      const address = `/film-${files.size}.webm`;
      files.set(address, path);
      return address;
    },
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}
