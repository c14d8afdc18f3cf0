import { readFileSync } from 'node:fs';

/** A process has fewer ancestors than this; also ends a walk that a changing tree would lead in a circle. */
const MAX_DEPTH = 64;

/** Whether a process is one of `ancestors` or descends from one. Reads /proc; a process that has gone is no one's. */
export function descendsFrom(processId: number, ancestors: ReadonlySet<number>): boolean {
  let current = processId;
  for (let depth = 0; depth < MAX_DEPTH && current > 1; depth += 1) {
    if (ancestors.has(current)) return true;
    current = parentOf(current);
  }
  return false;
}

function parentOf(processId: number): number {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'latin1');
    // `pid (name) state parent ...`; the name may hold spaces and brackets.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}
