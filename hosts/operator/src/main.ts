import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { LiveletError } from '@livelet/core';
import {
  captureWay,
  loadOrCreateIdentity,
  proxyFinder,
  readDeployment,
  readPrivateFile,
  runProgram,
} from '@livelet/program';
import { createBrowserShell, createElectronShell, insideElectron, relaunchInElectron } from '@livelet/window';
import { runOperator } from './operator.js';
import { OPERATOR_OPTIONS } from './options.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

// Electron is ready as soon as this module has been evaluated: its shell must have begun by then, and nothing here may
// wait for it.
const electronShell = insideElectron() ? createElectronShell() : undefined;

const PAGE_CLOSED = {
  en: 'The page was closed, or has stopped working, so the program has ended. Start it again to go on.',
  it: 'La pagina è stata chiusa o non funziona più, quindi il programma è terminato. Avvialo di nuovo per continuare.',
};

void runProgram({
  name: 'livelet-operator',
  version,
  about: "The operator's console: gets a code, shows the customer's screen, ends the session.",
  example: "--deployment deployment.json --name 'Maria Rossi'",
  options: OPERATOR_OPTIONS,
  main: async ({ options, signal, log, print, locale }) => {
    if (options.shell === 'electron' && !electronShell) return relaunchInElectron(signal);
    const deployment = await readDeployment(options.deployment);
    const { enrolmentTokenFile } = options;
    const enrolmentToken = enrolmentTokenFile === undefined ? undefined : await readToken(enrolmentTokenFile);
    const identity = await loadOrCreateIdentity(options.stateDir);
    await using shell = (await electronShell) ?? createBrowserShell({ open: !options.noOpen });
    shell.onProblem(({ code, data }) => log.warn({ code, data }, 'window'));
    const { name, locale: pageLocale, allowedRegions, display = '' } = options;
    await using operator = await runOperator({
      deployment,
      enrolmentToken,
      identity,
      name,
      stateDir: options.stateDir,
      version,
      shell,
      proxy: proxyFinder(options.proxy),
      allowedRegions: allowedRegions.length === 0 ? undefined : allowedRegions,
      locale: pageLocale,
      display,
      recordingsDir: options.recordingsDir,
      capture: captureWay(display, process.env),
    });
    print(operator.address ?? { en: 'The window is open.', it: 'La finestra è aperta.' }[locale]);
    if (signal.aborted) return;
    const closed = operator.closed.then(() => PAGE_CLOSED);
    const told = await Promise.race([closed, once(signal, 'abort').then(() => undefined)]);
    if (told) print(told[locale]);
  },
});

/** The token in `file`; undefined when it is gone: it is good for one start only. @throws `identity-unreadable` */
async function readToken(file: string): Promise<string | undefined> {
  const refuse = (problem: string): LiveletError =>
    new LiveletError('identity-unreadable', `${file}: ${problem}`, { data: { file, problem } });
  const text = await readPrivateFile(file);
  if (text === undefined) return undefined;
  const token = /^[\w-]{32,128}$/m.exec(text)?.[0];
  if (token === undefined) throw refuse('no token in it');
  return token;
}
