import { constants } from 'node:fs';
import { access, mkdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { type Desktop, LiveletError, type RecordingsFolder } from '@livelet/core';
import { readSmallFile, writeWholeFile } from '@livelet/program';
import { MAX_FOLDER, type RecordingsShown } from './page-protocol.js';

const CHOICE_FILE = 'recordings-folder.json';

/**
 * Where this operator's recordings go: the folder of `--recordings-dir`, else the one that was chosen in the settings,
 * else the one among the person's videos. Only its path is kept, in the state folder on this computer.
 */
export class RecordingsPlace implements RecordingsFolder {
  readonly #file: string;
  readonly #fixed: string | undefined;
  readonly #desktop: Desktop | undefined;
  #chosen: string | undefined;

  private constructor(stateDir: string, fixed: string | undefined, desktop: Desktop | undefined) {
    this.#file = join(stateDir, CHOICE_FILE);
    this.#fixed = fixed === undefined ? undefined : resolve(fixed);
    this.#desktop = desktop;
  }

  /** @param fixed of `--recordings-dir` */
  static async load(stateDir: string, fixed?: string, desktop?: Desktop): Promise<RecordingsPlace> {
    const place = new RecordingsPlace(stateDir, fixed, desktop);
    try {
      const { folder } = JSON.parse((await readSmallFile(place.#file)) ?? '{}');
      if (isPath(folder)) place.#chosen = folder;
    } catch {
      // A choice that can't be read is none; the settings show the folder that is used.
    }
    return place;
  }

  /** For the next recording; undefined: the one among the person's videos. */
  get folder(): string | undefined {
    return this.#fixed ?? this.#chosen;
  }

  get shown(): RecordingsShown {
    const { folder } = this;
    return {
      ...(folder === undefined ? {} : { folder }),
      isFixed: this.#fixed !== undefined,
      canBrowse: this.#desktop !== undefined,
    };
  }

  /** Makes the folder if it isn't there. @throws `recordings-folder-refused`; then all stays as it was */
  async choose(folder: string): Promise<void> {
    if (!isPath(folder) || this.#fixed !== undefined) throw new LiveletError('recordings-folder-refused');
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await access(folder, constants.W_OK | constants.X_OK);
    } catch (cause) {
      throw new LiveletError('recordings-folder-refused', 'not to be written to', { cause });
    }
    const chosen = resolve(folder);
    await writeWholeFile(this.#file, `${JSON.stringify({ folder: chosen }, undefined, 2)}\n`);
    this.#chosen = chosen;
  }

  /** Has the person choose it in the desktop's own way. @throws `recordings-folder-refused` */
  async browse(): Promise<void> {
    const folder = await this.#desktop?.chooseFolder(this.folder ?? homedir());
    if (folder !== undefined) await this.choose(folder);
  }

  /** Back to the one among the person's videos. */
  async reset(): Promise<void> {
    await rm(this.#file, { force: true });
    this.#chosen = undefined;
  }
}

function isPath(folder: unknown): folder is string {
  return (
    typeof folder === 'string' &&
    folder.length <= MAX_FOLDER &&
    isAbsolute(folder) &&
    !/\p{Cc}|\p{Cs}/u.test(folder)
  );
}
