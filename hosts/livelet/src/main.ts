import { readFileSync } from 'node:fs';
import type { LocalizedText } from '@livelet/core';
import {
  captureWay,
  loadOrCreateIdentity,
  type ProgramContext,
  proxyFinder,
  readDeployment,
  runProgram,
} from '@livelet/program';
import { createBrowserShell, createElectronShell, insideElectron, relaunchInElectron } from '@livelet/window';
import { runLivelet } from './livelet.js';
import type { LiveletExit } from './livelet-run.js';
import { OPTIONS } from './options.js';

/** What is still open this long after the end is ended with the process, ms. */
const LINGER_LIMIT = 500;
const WINDOW_OPEN: LocalizedText = { en: 'The window is open.', it: 'La finestra è aperta.' };

const { version }: { version: string } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
);

// Electron is ready as soon as this module has been evaluated: its shell must have begun by then, and nothing here may
// wait for it.
const electronShell = insideElectron() ? createElectronShell() : undefined;

void runProgram({
  name: 'livelet',
  version,
  about:
    'Lets one helper see this computer and, if you allow it, use it: once, with a code, while you watch.',
  example: "--deployment deployment.json --name 'Anna Bianchi'",
  options: OPTIONS,
  async main(context) {
    const { options, signal, log } = context;
    if (options.shell === 'electron' && !electronShell) {
      // Electron draws on DISPLAY, which must not change what is shared.
      if (options.display !== undefined) process.env.LIVELET_DISPLAY = options.display;
      if (options.windowDisplay !== undefined) process.env.DISPLAY = options.windowDisplay;
      return relaunchInElectron(signal);
    }
    const exit = await live(context);
    log.info({ reason: exit.reason, error: exit.error?.code }, 'closed');
    setTimeout(() => process.exit(), LINGER_LIMIT).unref();
    if (exit.error) throw exit.error;
  },
});

/** One run, with its windows closed at the end. */
async function live(context: ProgramContext<typeof OPTIONS>): Promise<LiveletExit> {
  const { options, signal, log, locale, print } = context;
  const deployment = await readDeployment(options.deployment);
  const { stateDir } = options;
  const identity = await loadOrCreateIdentity(stateDir);
  const { windowDisplay, display = '' } = options;
  await using shell =
    (await electronShell) ??
    createBrowserShell({
      open: !options.noOpen,
      ...(windowDisplay === undefined ? {} : { display: windowDisplay }),
    });
  shell.onProblem(({ code, message }) => log.warn({ code }, message));
  await using livelet = await runLivelet({
    deployment,
    identity,
    stateDir,
    version,
    name: options.name,
    proxy: proxyFinder(options.proxy),
    display,
    capture: options.capture === 'auto' ? captureWay(display, process.env) : options.capture,
    shell,
    armSeconds: options.armSeconds,
    receiptSeconds: options.receiptSeconds,
    ...(options.locale === undefined ? {} : { locale: options.locale }),
  });
  print(livelet.address ?? WINDOW_OPEN[locale]);
  const close = (): void => void livelet[Symbol.asyncDispose]();
  signal.addEventListener('abort', close);
  if (signal.aborted) close();
  return await livelet.done;
}
