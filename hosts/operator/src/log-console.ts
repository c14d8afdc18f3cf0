import type { HostContainer } from '@livelet/core';
import type { ProgramLog } from '@livelet/program';
import type { WindowShell } from '@livelet/window';
import type { OperatorConsole } from './console.js';

/** Which view the console shows, and why an attempt failed, into the log. */
export function logViews(log: ProgramLog, console: OperatorConsole): Disposable {
  let last: string | undefined;
  return console.onChange({
    quality: () => undefined,
    changed: () => {
      const { state } = console;
      const { view } = state;
      const error = state.view === 'home' && state.notice?.kind === 'failed' ? state.notice.code : undefined;
      const now = `${view} ${error}`;
      if (now === last) return;
      last = now;
      log.add({ event: 'view', view, error });
    },
  });
}

/** What nobody is told of else, into the log. */
export function logProblems(log: ProgramLog, host: HostContainer, shell: WindowShell): Disposable {
  for (const { code } of host.standing.absent.values()) {
    log.add({ event: 'problem', where: 'plugin', error: code });
  }
  return shell.onProblem(({ code }) => log.add({ event: 'problem', where: 'window', error: code }));
}
