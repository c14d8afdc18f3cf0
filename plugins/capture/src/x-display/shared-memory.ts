import { accessSync, closeSync, constants, ftruncateSync, openSync, unlinkSync } from 'node:fs';
import koffi from 'koffi';
import type { ProviderSegment, ShmProvider } from 'x11';

/** A segment that is mapped into this process: the X server writes pixels where they are read. */
interface MappedSegment extends ProviderSegment {
  readonly address: unknown;
}

// sys/mman.h
const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;
const MAP_FAILED = -1n;

/** A file system in memory. */
const FOLDER = '/dev/shm';

let made = 0;

/** Disposing unmaps what the X server's end left behind: no view of it may be used after that. */
export type MappedMemory = ShmProvider<MappedSegment> & Disposable;

/**
 * Shared memory without a copy: an unlinked file of /dev/shm, mapped through libc. Undefined where that can't be
 * had; then npm x11's own provider reads the file instead.
 */
export function mappedMemory(): MappedMemory | undefined {
  try {
    accessSync(FOLDER, constants.W_OK);
    const libc = koffi.load(null);
    const mmap = libc.func('void *mmap(void *, size_t, int, int, int, int64_t)');
    const munmap = libc.func('int munmap(void *, size_t)');
    const map = (size: number, fd: number): MappedSegment => {
      const address = mmap(null, size, PROT_READ_WRITE, MAP_SHARED, fd, 0);
      if (koffi.address(address) === BigInt.asUintN(64, MAP_FAILED)) throw new Error('mmap failed');
      return { size, fd, address, buffer: Buffer.from(koffi.view(address, size)) };
    };
    const segments = new Set<MappedSegment>();
    const destroy = (segment: MappedSegment): void => {
      if (!segments.delete(segment)) return;
      munmap(segment.address, segment.size);
      closeSync(segment.fd);
    };
    return {
      flavor: 'fd',
      zeroCopy: true,
      create: (size) => {
        const fd = unlinkedFile(size);
        try {
          const segment = map(size, fd);
          segments.add(segment);
          return segment;
        } catch (error) {
          closeSync(fd);
          throw error;
        }
      },
      commit: () => undefined,
      sync: () => undefined,
      destroy,
      [Symbol.dispose]: () => segments.forEach(destroy),
    };
  } catch {
    return undefined;
  }
}

/** It is gone from the disk at once, and from memory with its last user, also when this process is killed. */
function unlinkedFile(size: number): number {
  const path = `${FOLDER}/livelet-${process.pid}-${made++}`;
  const fd = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  try {
    ftruncateSync(fd, size);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
