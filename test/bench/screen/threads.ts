import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { processTree } from '../../fixtures/process-tree.js';

/** What a thread had of the processor, and what it waited for it, in one span of time. */
export interface ThreadUse {
  /** Whose it is, what kind of process, and its own name. */
  readonly part: string;
  readonly process: string;
  readonly thread: string;
  /** Shares of a core. */
  readonly used: number;
  /** Ready to run while all cores had others, as a share of the time. */
  readonly waited: number;
}

/** What of the machine was used by all, and by its host: shares of a core. */
export interface MachineUse {
  readonly used: number;
  readonly stolen: number;
}

/** Starts to look at the whole machine; the function it gives ends that. */
export function startMachine(): () => MachineUse {
  const before = machineTimes();
  return () => {
    const now = machineTimes();
    const span = (now.all - before.all) / availableParallelism();
    return { used: (now.used - before.used) / span, stolen: (now.stolen - before.stolen) / span };
  };
}

/** Clock ticks of all cores since the start: proc(5), /proc/stat. */
function machineTimes(): { readonly all: number; readonly used: number; readonly stolen: number } {
  const [line = ''] = read('/proc/stat').split('\n');
  const [user = 0, nice = 0, system = 0, idle = 0, disk = 0, irq = 0, soft = 0, stolen = 0] = line
    .split(/ +/)
    .slice(1)
    .map(Number);
  const used = user + nice + system + irq + soft;
  return { all: used + idle + disk + stolen, used, stolen };
}

interface ThreadTimes {
  readonly process: string;
  readonly thread: string;
  /** ns */
  readonly used: number;
  readonly waited: number;
}

/**
 * Starts to look at all threads of these processes; the function it gives ends that.
 * @param parts the processes of each, now and later
 */
export function startThreads(parts: Readonly<Record<string, () => readonly number[]>>): () => ThreadUse[] {
  const began = process.hrtime.bigint();
  const before = Object.fromEntries(Object.entries(parts).map(([part, ids]) => [part, timesOf(ids())]));
  return () => {
    const span = Number(process.hrtime.bigint() - began);
    return Object.entries(parts).flatMap(([part, ids]) =>
      [...timesOf(ids())].map(([id, { process, thread, used, waited }]) => {
        const earlier = before[part]?.get(id);
        return {
          part,
          process,
          thread,
          used: (used - (earlier?.used ?? 0)) / span,
          waited: (waited - (earlier?.waited ?? 0)) / span,
        };
      }),
    );
  };
}

/** `root` and all that descends from it. */
export const treeOf = (root: number) => (): readonly number[] => processTree(root).map(({ id }) => id);

function timesOf(ids: readonly number[]): ReadonlyMap<string, ThreadTimes> {
  const times = new Map<string, ThreadTimes>();
  for (const id of ids) {
    for (const thread of namesIn(`/proc/${id}/task`)) {
      const task = `/proc/${id}/task/${thread}`;
      // `ns on a core, ns waiting for one, how often`
      const [used = 0, waited = 0] = read(`${task}/schedstat`).split(' ').map(Number);
      const name = read(`${task}/comm`).trim();
      times.set(thread, { process: kindOf(id), thread: name, used, waited });
    }
  }
  return times;
}

/** Of Chromium's processes, what each is for. */
function kindOf(id: number): string {
  // Processes that were not started by a program of their own have their words in one piece.
  const words = read(`/proc/${id}/cmdline`).split(/[\0 ]/);
  const after = (option: string): string | undefined =>
    words.find((word) => word.startsWith(option))?.slice(option.length);
  return after('--utility-sub-type=')?.split('.')[0] ?? after('--type=') ?? 'main';
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Empty when the thread has ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
