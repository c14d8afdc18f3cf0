import { rmdir } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  displayFileName,
  EXISTING_CHOICES,
  type ExistingChoice,
  type FilePath,
  type ReceivedFiles,
} from '@livelet/core';
import { DiskRoom } from './disk-room.js';
import { FolderTree } from './folder-tree.js';
import type { QuestionShown } from './page-protocol.js';
import { PartShelf } from './part-shelf.js';
import { defaultReceivingFolder } from './receiving-folder.js';
import { SafeFolder } from './safe-folder.js';
import type { AskedName, TakenItemPlace } from './taken-item.js';

/** What was answered for all of one transfer. */
interface Batch {
  always?: ExistingChoice;
}

interface Question extends QuestionShown {
  readonly batch: Batch;
  readonly answer: (choice: ExistingChoice) => void;
}

/** Where files arrive at this end, and what the person is asked about names that are there already. */
export class Arrivals {
  readonly #changed: () => void;
  readonly #tellsName: boolean;
  readonly #shelf = new PartShelf();
  readonly #questions = new Map<number, Question>();
  #folder: string;
  #place: Promise<Omit<TakenItemPlace, 'ask'>> | undefined;
  #asked = 0;

  private constructor(folder: string, changed: () => void, tellsName: boolean) {
    this.#folder = folder;
    this.#changed = changed;
    this.#tellsName = tellsName;
  }

  /** @param tellsName whether the other end is told the folder's name; never where it is */
  static async open(
    received: ReceivedFiles | undefined,
    changed: () => void,
    tellsName = false,
  ): Promise<Arrivals> {
    return new Arrivals(received?.folder ?? (await defaultReceivingFolder()), changed, tellsName);
  }

  get folder(): string {
    return this.#folder;
  }

  /** The oldest question. */
  get question(): QuestionShown | undefined {
    const [question] = this.#questions.values();
    return question && { id: question.id, path: question.path };
  }

  /** For one transfer: what is answered for all holds for no other. @throws `file-unwritable`, `file-disk-full` */
  async place(): Promise<TakenItemPlace> {
    this.#place ??= this.#open().catch((error: unknown) => {
      this.#place = undefined;
      throw error;
    });
    const batch: Batch = {};
    return { ...(await this.#place), ask: (path) => this.#ask(path, batch) };
  }

  /** @param all the same for what else is asked in that transfer */
  answer(id: number, choice: ExistingChoice, all: boolean): void {
    const asked = this.#questions.get(id);
    if (!asked || !EXISTING_CHOICES.includes(choice)) return;
    if (all) asked.batch.always = choice;
    for (const question of this.#questions.values()) {
      if (question !== asked && !(all && question.batch === asked.batch)) continue;
      this.#questions.delete(question.id);
      question.answer(choice);
    }
    this.#changed();
  }

  /** At the session's end: nothing half-written remains, and no empty folder. */
  async close(): Promise<void> {
    await this.#shelf.clear();
    const place = await this.#place?.catch(() => undefined);
    await place?.tree[Symbol.asyncDispose]();
    if (place) await rmdir(this.#folder).catch(() => undefined);
  }

  async #open(): Promise<Omit<TakenItemPlace, 'ask'>> {
    const root = await SafeFolder.make(this.#folder);
    this.#folder = root.path;
    return {
      tree: new FolderTree(root),
      shelf: this.#shelf,
      room: new DiskRoom(),
      ...(this.#tellsName && { name: displayFileName(basename(root.path)) }),
    };
  }

  #ask(path: FilePath, batch: Batch): AskedName {
    const { promise, resolve } = Promise.withResolvers<ExistingChoice>();
    this.#asked += 1;
    const id = this.#asked;
    if (batch.always) resolve(batch.always);
    else {
      this.#questions.set(id, { id, path, batch, answer: resolve });
      this.#changed();
    }
    return {
      answer: promise,
      [Symbol.dispose]: () => {
        if (this.#questions.delete(id)) this.#changed();
      },
    };
  }
}
