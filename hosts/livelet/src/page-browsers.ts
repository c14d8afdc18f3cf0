import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** State of an open connection in /proc/net/tcp (proc(5), include/net/tcp_states.h). */
const ESTABLISHED = '01';
/** A process has fewer ancestors than this; also ends a walk through a tree that changes meanwhile. */
const MAX_DEPTH = 64;

/**
 * The browsers that are connected to a page's loopback address: where a person opened the page in a browser of their
 * own, its windows need the same protection from the helper's input as our own. The program itself is left out.
 * @returns process ids; undefined when it can't be told: another user's browser, or no /proc
 */
export function browsersOf(address: string): readonly number[] | undefined {
  try {
    const inodes = socketsTo(Number(new URL(address).port));
    const owners = processes().filter((id) => id !== process.pid && holdsOneOf(id, inodes));
    return owners.length > 0 ? [...new Set(owners.map(topmost))] : undefined;
  } catch {
    return undefined;
  }
}

/** Inodes of the sockets at the other end of connections to `port` of the loopback interface. */
function socketsTo(port: number): ReadonlySet<string> {
  const wanted = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = readFileSync('/proc/net/tcp', 'latin1')
    .split('\n')
    .map((row) => row.trim().split(/\s+/));
  // sl local rem st queues timer retransmits uid timeout inode
  return new Set(
    rows.flatMap(([, , remote, state, , , , , , inode]) =>
      remote === wanted && state === ESTABLISHED && inode ? [`socket:[${inode}]`] : [],
    ),
  );
}

function processes(): readonly number[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}

function holdsOneOf(id: number, sockets: ReadonlySet<string>): boolean {
  return entries(`/proc/${id}/fd`).some((name) => sockets.has(linkOf(`/proc/${id}/fd/${name}`)));
}

/** A browser's network process is not the one with the windows: the first of the same program is. */
function topmost(id: number): number {
  const program = linkOf(`/proc/${id}/exe`);
  let top = id;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const parent = parentOf(top);
    if (parent <= 1 || linkOf(`/proc/${parent}/exe`) !== program) return top;
    top = parent;
  }
  return top;
}

function parentOf(id: number): number {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, 'latin1');
    // `pid (name) state parent ...`; the name may hold spaces and brackets.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}

/** Empty for a process of somebody else, or one that has ended. */
function entries(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
