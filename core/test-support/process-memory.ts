import { open, readFile } from 'node:fs/promises';

/** Bytes that are read at once. */
const STEP = 4 * 1024 * 1024;
/** Regions of the kernel, which can't be read this way. */
const KERNEL = /\[(vvar|vvar_vclock|vsyscall|vdso)\]/;

/** Which of `needles` stand anywhere in the memory of a process: heap, stacks, buffers, mapped files. Linux only. */
export async function foundInMemory(pid: number, needles: readonly Buffer[]): Promise<readonly Buffer[]> {
  const regions = await readFile(`/proc/${pid}/maps`, 'utf8');
  const overlap = Math.max(...needles.map((needle) => needle.length)) - 1;
  const buffer = Buffer.allocUnsafe(STEP + overlap);
  const found = new Set<Buffer>();
  await using memory = await open(`/proc/${pid}/mem`, 'r');
  for (const line of regions.split('\n')) {
    const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) r/.exec(line) ?? [];
    if (from === undefined || to === undefined || KERNEL.test(line)) continue;
    const end = Number.parseInt(to, 16);
    for (let at = Number.parseInt(from, 16); at < end; at += STEP) {
      const length = Math.min(STEP + overlap, end - at);
      const bytes = await memory.read(buffer, 0, length, at).then(
        ({ bytesRead }) => buffer.subarray(0, bytesRead),
        // Unmapped since the list was made.
        () => buffer.subarray(0, 0),
      );
      for (const needle of needles) if (bytes.includes(needle)) found.add(needle);
    }
  }
  return [...found];
}
