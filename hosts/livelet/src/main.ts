import { readFileSync } from 'node:fs';
import { LiveletError, type LocalizedText } from '@livelet/core';
import {
  loadOrCreateIdentity,
  type ProgramContext,
  readDeployment,
  runProgram,
  stateDirectory,
} from '@livelet/program';
import { createBrowserShell, type WindowShell } from '@livelet/window';
import { runLivelet } from './livelet.js';
import type { LiveletExit } from './livelet-run.js';
import { OPTIONS } from './options.js';

/** What is still open this long after the end is ended with the process, ms. */
const LINGER_LIMIT = 500;

const WINDOW_OPEN: LocalizedText = { en: 'The window is open.', it: 'La finestra è aperta.' };

const { version }: { version: string } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
);

await runProgram({
  name: 'livelet',
  version,
  about:
    'Lets one helper see this computer and, if you allow it, use it: once, with a code, while you watch.',
  options: OPTIONS,
  async main(context) {
    const exit = await live(context);
    context.log.info({ reason: exit.reason, error: exit.error?.code }, 'closed');
    setTimeout(() => process.exit(), LINGER_LIMIT).unref();
    if (exit.error) throw exit.error;
  },
});

/** One run, with its windows closed at the end. */
async function live(context: ProgramContext<typeof OPTIONS>): Promise<LiveletExit> {
  const { options, signal, log, locale, print } = context;
  const deployment = await readDeployment(options.deployment);
  const identity = await loadOrCreateIdentity(options.stateDir ?? stateDirectory('livelet', process.env));
  await using shell = createShell(options.shell, !options.noOpen, options.windowDisplay);
  shell.onProblem(({ code, message }) => log.warn({ code }, message));
  await using livelet = await runLivelet({
    deployment,
    identity,
    name: options.name,
    display: options.display ?? '',
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

function createShell(kind: 'browser' | 'electron', open: boolean, display: string | undefined): WindowShell {
  if (kind === 'electron') throw new LiveletError('electron-missing');
  return createBrowserShell({ open, ...(display === undefined ? {} : { display }) });
}
