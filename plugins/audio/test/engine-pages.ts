import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Pulse, portPair, silence, tone, wav } from '@livelet/compliance';
import type { JsonValue, PagePort, PortMessage } from '@livelet/core';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

/** What the browser's fake microphone hears, again and again: 300 ms of this, 200 ms of nothing. */
export const MICROPHONE_TONE = 440;

const SITE = new URL('../site/', import.meta.url);
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'; connect-src 'self'";

const HARNESS = `
import { mount } from '/sound-engine.js';
const listeners = new Set();
globalThis.tracks = [];
const original = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (constraints) => {
  const stream = await original(constraints);
  tracks.push(...stream.getTracks());
  return stream;
};
const text = (bytes) => btoa(String.fromCharCode(...bytes));
globalThis.hear = (json, bytes) => {
  const message = bytes ? { json, bytes: Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)) } : { json };
  for (const listener of listeners) listener(message);
};
globalThis.mounted = mount({
  root: document.body,
  port: {
    name: 'test', bufferedBytes: 0,
    post: ({ json, bytes }) => toHalf(JSON.stringify(json), bytes ? text(bytes) : ''),
    onMessage: (listener) => { listeners.add(listener); return { [Symbol.dispose]: () => listeners.delete(listener) }; },
    onClose: () => ({ [Symbol.dispose]() {} }),
    close() {},
  },
  locale: 'en',
  onLocale: () => ({ [Symbol.dispose]() {} }),
  announce() {},
});
`;

/** A page that the engine runs in, as in a host's. */
export interface EnginePage extends AsyncDisposable {
  readonly page: Page;
  /** How many of the browser's microphones are open. */
  open(): Promise<number>;
}

export interface EngineBrowser extends AsyncDisposable {
  /** @param connect takes the half's end of the port */
  engine(connect: (port: PagePort) => void, allowed?: boolean): Promise<EnginePage>;
}

/** Chromium with a fake microphone and real loudspeakers: a sink of `pulse`. */
export async function startEngineBrowser(pulse: Pulse, sink: string): Promise<EngineBrowser> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'livelet-microphone-'));
  stack.defer(async () => await rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'microphone.wav');
  await writeFile(file, wav(Buffer.concat([tone(MICROPHONE_TONE, 300), silence(200)])));
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    // Playwright mutes its browsers.
    ignoreDefaultArgs: ['--mute-audio'],
    args: [
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${file}`,
      '--autoplay-policy=no-user-gesture-required',
    ],
    env: { ...process.env, ...pulse.environment, PULSE_SINK: sink },
    chromiumSandbox: process.getuid?.() !== 0,
  });
  stack.defer(async () => await browser.close());
  const server = await serve();
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const owned = stack.move();
  return {
    async engine(connect, allowed = true) {
      const context = await browser.newContext();
      if (allowed) await context.grantPermissions(['microphone']);
      return await openEngine(context, address, connect);
    },
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

async function openEngine(
  context: BrowserContext,
  address: string,
  connect: (port: PagePort) => void,
): Promise<EnginePage> {
  const page = await context.newPage();
  const { host, page: end } = portPair('plugin:livelet.audio:engine');
  await page.exposeFunction('toHalf', (json: string, bytes: string) => {
    const message = { json: JSON.parse(json) as JsonValue };
    end.post(bytes === '' ? message : { ...message, bytes: new Uint8Array(Buffer.from(bytes, 'base64')) });
  });
  await page.goto(address);
  end.onMessage(({ json, bytes }: PortMessage) => {
    const beside = bytes ? `'${Buffer.from(bytes).toString('base64')}'` : 'undefined';
    page.evaluate(`hear(${JSON.stringify(json)}, ${beside})`).catch(() => undefined);
  });
  connect(host);
  return {
    page,
    open: async () => await page.evaluate("tracks.filter(({ readyState }) => readyState === 'live').length"),
    [Symbol.asyncDispose]: async () => {
      await context.close();
      end.close();
    },
  };
}

async function serve(): Promise<Server> {
  const html = '<!doctype html><title>Engine</title><script type="module" src="/harness.js"></script>';
  const modules = ['sound-engine.js', 'sound-worker.js', 'sound-worklet.js'];
  const files = new Map<string, readonly [string, string]>([
    ['/', ['text/html', html]],
    ['/harness.js', ['text/javascript', HARNESS]],
  ]);
  for (const module of modules)
    files.set(`/${module}`, ['text/javascript', await readFile(new URL(module, SITE), 'utf8')]);
  const server = createServer(({ url = '/' }, response) => {
    const file = files.get(url);
    response.setHeader('content-security-policy', POLICY);
    if (file === undefined) response.writeHead(404).end();
    else response.setHeader('content-type', file[0]).end(file[1]);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return server;
}
