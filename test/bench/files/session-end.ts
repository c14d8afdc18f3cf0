import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { cpuSeconds } from '../../fixtures/process-tree.js';
import type { EndOrder, EndReport, EndTask } from './files-end.js';

/** How long an end may take to say what is awaited, ms. */
const PATIENCE = 120_000;

/** One end of the session, in a process of its own. */
export interface SessionEnd extends Disposable {
  order(order: EndOrder): void;
  says<W extends EndReport['what']>(what: W): Promise<Extract<EndReport, { what: W }>>;
  /** CPU time so far, s. */
  cpu(): number;
}

/** @param home its person's folder */
export function startEnd(home: string, task: EndTask): SessionEnd {
  const child = fork(new URL('files-end.js', import.meta.url), {
    execArgv: [...process.execArgv, '--expose-gc'],
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: join(home, '.config') },
  });
  const reports: EndReport[] = [];
  child.on('message', (report) => reports.push(report as EndReport));
  child.send(task);
  return {
    order: (order) => void child.send(order),
    async says<W extends EndReport['what']>(what: W): Promise<Extract<EndReport, { what: W }>> {
      for (;;) {
        const at = reports.findIndex((report) => report.what === what);
        const [found] = at < 0 ? [] : reports.splice(at, 1);
        if (found) return found as Extract<EndReport, { what: W }>;
        await once(child, 'message', { signal: AbortSignal.timeout(PATIENCE) });
      }
    },
    cpu: () => cpuSeconds(child.pid ?? 0),
    [Symbol.dispose]: () => child.disconnect(),
  };
}
