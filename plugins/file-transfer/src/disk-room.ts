import { LiveletError } from '@livelet/core';
import type { SafeFolder } from './safe-folder.js';

/** What stays free whatever arrives: a disk without it is in nobody's way, a full one is in everybody's. Bytes. */
const RESERVE = 256 * 1024 * 1024;
/** Of a small disk so much of it, of 1. */
const SMALL_RESERVE = 0.05;
/** The disk is asked again after so many bytes, and before each file that is larger. */
const ASK_EVERY = 16 * 1024 * 1024;
/** A disk gives room in such steps, bytes. */
const BLOCK = 4096;

/** Room of one file, until it is whole or given up. */
export interface FileRoom extends Disposable {
  /** So many bytes more are on the disk. */
  written(bytes: number): void;
}

/** How much may still arrive, beside what is arriving. */
export class DiskRoom {
  /** Known to be free, bytes. */
  #left = 0;
  /** Promised to files and not written yet, bytes. */
  #promised = 0;

  /** @throws `file-disk-full` */
  async take(folder: SafeFolder, size: number): Promise<FileRoom> {
    const needed = BLOCK * (1 + Math.ceil(size / BLOCK));
    if (this.#left < needed) {
      const { free, all } = await folder.room();
      const most = free - Math.min(RESERVE, all * SMALL_RESERVE) - this.#promised;
      if (most < needed) {
        throw new LiveletError('file-disk-full', 'less room than the file needs', { data: { size, free } });
      }
      this.#left = Math.min(most, Math.max(ASK_EVERY, needed));
    }
    this.#left -= needed;
    this.#promised += needed;
    let rest = needed;
    const written = (bytes: number): void => {
      const part = Math.min(bytes, rest);
      rest -= part;
      this.#promised -= part;
    };
    return { written, [Symbol.dispose]: () => written(rest) };
  }
}
