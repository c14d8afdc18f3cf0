import { readFileSync } from 'node:fs';
import { LiveletError } from '@livelet/core';
import { loadOrCreateIdentity, readDeployment, runProgram, stateDirectory } from '@livelet/program';
import { createBrowserShell, type WindowShell } from '@livelet/window';
import { runLivelet } from './livelet.js';
import { OPTIONS } from './options.js';

/** What is still open this long after the end is ended with the process, ms. */
const LINGER_LIMIT = 500;

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

await runProgram({
  name: 'livelet',
  version,
  about:
    'Lets one helper see this computer and, if you allow it, use it: once, with a code, while you watch.',
  options: OPTIONS,
  async main({ options, signal, log, print }) {
    const deployment = await readDeployment(options.deployment);
    const identity = await loadOrCreateIdentity(options.stateDir ?? stateDirectory('livelet', process.env));
    const { windowDisplay } = options;
    await using shell: WindowShell =
      options.shell === 'electron'
        ? refuseElectron()
        : createBrowserShell({
            open: !options.noOpen,
            ...(windowDisplay === undefined ? {} : { display: windowDisplay }),
          });
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
    if (livelet.address !== undefined) print(livelet.address);
    signal.addEventListener('abort', () => void livelet[Symbol.asyncDispose]());
    if (signal.aborted) return;
    const exit = await livelet.done;
    log.info({ reason: exit.reason, error: exit.error?.code }, 'closed');
    setTimeout(() => process.exit(), LINGER_LIMIT).unref();
    // A lost connection was told on the page; here it is an end like others.
    if (exit.reason === 'unusable') throw exit.error ?? new LiveletError('internal');
  },
});

function refuseElectron(): never {
  throw new LiveletError('electron-missing');
}
