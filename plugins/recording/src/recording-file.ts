import { constants } from 'node:fs';
import { access, type FileHandle, lstat, mkdir, open, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, type ErrorCode, LiveletError } from '@livelet/core';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY, W_OK } = constants;
/** Names that are tried beside one that is taken. */
const MAX_NUMBER = 1_000;
/** How often the room on the disk, and whether the file is still where it was, is looked at, ms. */
const LOOK_EVERY = 2_000;
/** How often what is written is brought to the disk itself, ms: a computer that loses its power loses no more than this. */
const SYNC_EVERY = 5_000;
const MIB = 1024 * 1024;

/** Room on the disk, bytes. */
export interface DiskRoom {
  /** Below this no recording begins. */
  readonly needed: number;
  /** Below this one ends: enough to close the file, and for whatever else the computer has to do. */
  readonly reserved: number;
}
export const DISK_ROOM: DiskRoom = { needed: 512 * MIB, reserved: 128 * MIB };

const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: 'recording-disk-full',
  EDQUOT: 'recording-disk-full',
  EFBIG: 'recording-disk-full',
};

/** A file of a recording: made by us and by nobody else, for this person's eyes, in a folder that they chose. */
export class RecordingFile {
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #room: DiskRoom;
  #size = 0;
  #lookAt = 0;
  #syncAt: number;
  #syncing = false;
  #syncFailure: unknown;

  private constructor(path: string, folder: string, handle: FileHandle, clock: Clock, room: DiskRoom) {
    this.path = path;
    this.#folder = folder;
    this.#handle = handle;
    this.#clock = clock;
    this.#room = room;
    this.#syncAt = clock.now() + SYNC_EVERY;
  }

  /** Makes the folder and looks whether a recording may be there and has room. @throws `recording-disk-full`, `recording-unwritable` */
  static async prepare(folder: string, room: DiskRoom = DISK_ROOM): Promise<void> {
    await failing(async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await access(folder, W_OK);
      await requireRoom(folder, room.needed);
    });
  }

  /**
   * @param name without its ending; with a number after it where it is taken
   * @throws `recording-disk-full`, `recording-unwritable`
   */
  static async create(
    folder: string,
    name: string,
    clock: Clock,
    room: DiskRoom = DISK_ROOM,
  ): Promise<RecordingFile> {
    return await failing(async () => {
      for (let number = 1; number <= MAX_NUMBER; number += 1) {
        const path = join(folder, `${name}${number === 1 ? '' : ` (${number})`}.webm`);
        try {
          // Whatever has that name already isn't ours: it is neither followed nor overwritten.
          const handle = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
          return new RecordingFile(path, folder, handle, clock, room);
        } catch (error) {
          const { code } = error as NodeJS.ErrnoException;
          if (code !== 'EEXIST' && code !== 'ELOOP') throw error;
        }
      }
      throw new LiveletError('recording-unwritable', 'no free name');
    });
  }

  /** Bytes that are there. */
  get size(): number {
    return this.#size;
  }

  /**
   * Writes at the end, or over what is there. What doesn't fit as a whole isn't there at all.
   * @throws `recording-disk-full`, `recording-unwritable`
   */
  async write(bytes: Uint8Array, position: number): Promise<void> {
    if (position > this.#size) throw new LiveletError('internal', 'a hole in a recording');
    await failing(async () => {
      if (this.#syncFailure) throw this.#syncFailure;
      try {
        for (let at = 0; at < bytes.length; ) {
          at += (await this.#handle.write(bytes, at, bytes.length - at, position + at)).bytesWritten;
        }
      } catch (error) {
        if (position === this.#size) await this.#handle.truncate(this.#size).catch(() => undefined);
        throw error;
      }
      this.#size = Math.max(this.#size, position + bytes.length);
      this.#sync();
    });
  }

  /**
   * Looks from time to time whether the film can go on: beside the writing, so that it can be finished as a whole.
   * @throws `recording-disk-full` where only what is kept free is left, `recording-unwritable` where its path leads
   *   elsewhere
   */
  async look(): Promise<void> {
    const now = this.#clock.now();
    if (now < this.#lookAt) return;
    this.#lookAt = now + LOOK_EVERY;
    if (!(await this.isThere())) throw new LiveletError('recording-unwritable', 'its path leads elsewhere');
    await failing(async () => await requireRoom(this.#folder, this.#room.reserved));
  }

  /** Whether it is still where it was made: a person may have removed it, or its folder. */
  async isThere(): Promise<boolean> {
    try {
      const own = await this.#handle.stat({ bigint: true });
      const there = await lstat(this.path, { bigint: true });
      return own.ino === there.ino && own.dev === there.dev;
    } catch {
      return false;
    }
  }

  async close(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
  }

  /** Beside what is written: a disk that takes long for it keeps nobody waiting. */
  #sync(): void {
    const now = this.#clock.now();
    if (this.#syncing || now < this.#syncAt) return;
    this.#syncAt = now + SYNC_EVERY;
    this.#syncing = true;
    this.#handle
      .datasync()
      .catch((error: unknown) => {
        this.#syncFailure = error;
      })
      .finally(() => {
        this.#syncing = false;
      });
  }
}

async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < bytes) throw new LiveletError('recording-disk-full', 'too little room');
}

/** What the file system says, as one of our codes; its own words may name paths and go no further. */
async function failing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LiveletError) throw error;
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new LiveletError(CODES[code] ?? 'recording-unwritable', code);
  }
}
