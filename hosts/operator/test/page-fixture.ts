import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { AxeBuilder } from '@axe-core/playwright';
import { startXvfb, type Xvfb } from '@livelet/compliance';
import { headlessChromium } from '@livelet/compliance/headless-chromium';
import {
  createHostContainer,
  type HostContainer,
  OwnWindows,
  pluginFolder,
  type SessionChannel,
  SharedDisplay,
  systemClock,
} from '@livelet/core';
import { createBrowserShell } from '@livelet/window';
import type { ExecutionContext } from 'ava';
import { ContainerModule } from 'inversify';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type OperatorOptions, type RunningOperator, runOperator } from '../src/operator.js';
import { DEADLINE, joinAsCustomer, type TestRelay, testFolder } from './fixture.js';

/** Sandbox off: tests may run as root. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: headlessChromium(), args: ['--no-sandbox', '--disable-gpu'] });
}

/** What axe finds, in words. */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  // The page has no frames; the other mode opens a second page, which takes the keyboard.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

export interface PageOptions {
  readonly colorScheme?: 'light' | 'dark';
  /** @default en-GB */
  readonly locale?: string;
  /** CSS pixels. @default 1280 x 800 */
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly operator?: Partial<OperatorOptions>;
}

export interface OpenConsole {
  readonly operator: RunningOperator;
  readonly page: Page;
}

/** The operator's program with its page in front of a person. Errors of the page's code fail the test. */
export async function openConsole(
  t: ExecutionContext,
  browser: Browser,
  relay: TestRelay,
  { operator: more, locale = 'en-GB', ...look }: PageOptions = {},
): Promise<OpenConsole> {
  const shell = createBrowserShell({ open: false });
  const operator = await runOperator({
    deployment: relay.deployment,
    identity: relay.identity,
    name: 'Maria Rossi',
    stateDir: await testFolder(t),
    shell,
    ...more,
  });
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
    locale,
    ...look,
  });
  context.setDefaultTimeout(DEADLINE);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  t.teardown(async () => {
    await context.close();
    await operator[Symbol.asyncDispose]();
    await shell[Symbol.asyncDispose]();
    if (faults.length > 0) throw new Error(faults.join('\n'));
  });
  await page.goto(operator.address ?? '');
  return { operator, page };
}

/**
 * The customer's halves of the plugins, on a private display with a terminal.
 * @param more plugins beside the usual ones, each with its role
 * @param display another one than of 1280 x 800; ended with the test
 */
export async function customerHost(
  t: ExecutionContext,
  more: readonly (readonly [string, string])[] = [],
  display?: Xvfb,
): Promise<HostContainer> {
  display ??= await startXvfb();
  const terminal = spawn('xterm', ['-geometry', '80x24+40+40', '-e', 'cat'], {
    env: { ...process.env, DISPLAY: display.name },
    stdio: 'ignore',
  });
  const plugin = (name: string, role: string): { folder: URL; role: string } => ({
    folder: pluginFolder(import.meta.resolve(`@livelet/plugin-${name}/package.json`)),
    role,
  });
  const host = await createHostContainer({
    clock: systemClock,
    plugins: [
      plugin('capture', 'source'),
      plugin('input', 'target'),
      plugin('chat', 'participant'),
      ...more.map(([name, role]) => plugin(name, role)),
    ],
    bindings: new ContainerModule(({ bind }) => {
      bind(SharedDisplay).toConstantValue({ name: display.name });
      bind(OwnWindows).toConstantValue({ processIds: () => [] });
    }),
  });
  t.teardown(async () => {
    await host[Symbol.asyncDispose]();
    const ended = once(terminal, 'exit');
    terminal.kill();
    await ended;
    await display[Symbol.asyncDispose]();
  });
  return host;
}

/** A customer whose program shares that display; nothing is granted yet. */
export async function joinWithPlugins(
  t: ExecutionContext,
  relay: TestRelay,
  code: string,
  host: HostContainer,
): Promise<SessionChannel> {
  const channel = await joinAsCustomer(t, relay, code, { hello: host.hello(), returns: true });
  const hosted = await host.openSession(channel);
  void channel.ended.then(() => hosted[Symbol.asyncDispose]());
  t.teardown(async () => {
    await channel.end('shutdown');
    await hosted[Symbol.asyncDispose]();
  });
  return channel;
}
