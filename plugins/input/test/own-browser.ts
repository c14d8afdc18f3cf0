import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { chromium, type Page } from 'playwright-core';

const run = promisify(execFile);

/** A consent question, and a log of each event that reaches it. */
const PAGE = `<!doctype html><title>Own</title>
<style>body { margin: 0 } button { width: 100vw; height: 60vh } select { width: 100vw; height: 30vh }</style>
<button autofocus>Allow</button><select><option>a<option>b<option>c<option>d<option>e<option>f</select>
<script>
  globalThis.log = [];
  globalThis.watch = (view) => {
    for (const type of ['pointerdown', 'mousedown', 'mouseup', 'click', 'auxclick', 'wheel', 'keydown', 'keyup', 'drop']) {
      view.addEventListener(type, (event) => log.push(type + ' ' + (event.key ?? event.button ?? '')), true);
    }
  };
  watch(globalThis);
</script>`;

/** The host's own page in a real browser window, as the customer has it. */
export interface OwnBrowser extends AsyncDisposable {
  readonly page: Page;
  readonly processId: number;
  /** The middle of the button, in pixels of the display. */
  button(): Promise<{ x: number; y: number }>;
  /** Events that reached the page since the last call. */
  taken(): Promise<string[]>;
  /** Gives it the focus and raises it, as the customer does by a click on it. */
  activate(): Promise<void>;
}

export async function startOwnBrowser(display: string): Promise<OwnBrowser> {
  await using stack = new AsyncDisposableStack();
  const profile = await mkdtemp(join(tmpdir(), 'own-browser-'));
  stack.defer(async () => await rm(profile, { recursive: true, force: true, maxRetries: 5 }));
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(PAGE));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  const browser = spawn(
    process.env.CHROMIUM ?? 'chromium',
    [
      `--app=http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      `--user-data-dir=${profile}`,
      '--remote-debugging-port=0',
      '--window-position=60,60',
      '--window-size=500,400',
      '--no-first-run',
      '--disable-gpu',
      '--ozone-platform=x11',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
    { env: { ...process.env, DISPLAY: display }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const gone = new Promise<void>((resolve) => browser.once('close', () => resolve()));
  stack.defer(async () => {
    browser.kill('SIGKILL');
    await gone;
  });
  const connection = await chromium.connectOverCDP(await debuggingAddress(browser.stderr));
  const page = connection.contexts()[0]?.pages()[0];
  if (page === undefined) throw new Error('the browser shows no page');
  await page.waitForFunction('globalThis.log !== undefined');
  const processId = browser.pid ?? 0;
  const owned = stack.move();
  return {
    page,
    processId,
    async button() {
      return await page.evaluate<{ x: number; y: number }>(`(() => {
        const top = screenY + outerHeight - innerHeight;
        return { x: Math.round(screenX + innerWidth / 2), y: Math.round(top + innerHeight * 0.3) };
      })()`);
    },
    async taken() {
      return await page.evaluate<string[]>('log.splice(0)');
    },
    async activate() {
      await run(
        'xdotool',
        ['search', '--sync', '--onlyvisible', '--name', '^Own$', 'windowactivate', '--sync'],
        {
          env: { ...process.env, DISPLAY: display },
        },
      );
    },
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

async function debuggingAddress(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const address = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
    if (address !== undefined) {
      output.resume();
      return address;
    }
  }
  throw new Error('the browser ended');
}
