import {
  type ErrorCode,
  type ExistingChoice,
  FILE_DATA_HEADER,
  FILE_HASH_LENGTH,
  type FileItem,
  type FilePath,
  freeMemory,
  LiveletError,
  safeFilePath,
} from '@livelet/core';
import type { DiskRoom, FileRoom } from './disk-room.js';
import { fileError } from './file-error.js';
import type { FolderTree } from './folder-tree.js';
import { IncomingFile } from './incoming-file.js';
import type { PartShelf } from './part-shelf.js';

/** Where items arrive. */
export interface TakenItemPlace {
  readonly tree: FolderTree;
  readonly shelf: PartShelf;
  /** Asks the person at this end what to do with `path`, whose name is there already, until it is disposed. */
  ask(path: FilePath): AskedName;
  readonly room: DiskRoom;
  /** What the giver is told of it; absent: nothing. */
  readonly name?: string;
}

export interface AskedName extends Disposable {
  readonly answer: Promise<ExistingChoice>;
}

/** What an item needs of its transfer. */
export interface TakenItemLink {
  want(offset: number, hash: Uint8Array): Promise<void>;
  /** So many received bytes are off the queue. */
  written(bytes: number): void;
  moved(bytes: number): void;
}

export interface KeptItem {
  readonly kind: 'file' | 'folder';
  readonly path: FilePath;
  readonly name: string;
  readonly size: number;
  readonly hash?: string;
}

type Step =
  | { readonly offset: number; readonly bytes: Uint8Array }
  | { readonly hash: Uint8Array }
  | { readonly error: LiveletError };

/** One file or folder as it arrives. */
export class TakenItem {
  readonly item: FileItem;
  readonly #place: TakenItemPlace;
  readonly #link: TakenItemLink;
  readonly #steps: Step[] = [];
  #step = Promise.withResolvers<void>();
  /** Where the next content must begin; undefined: none is expected. */
  #expected: number | undefined;
  /** Where the giver may begin, if not at 0. */
  #resumesAt = 0;
  #ended = false;
  #broken = false;
  #givenUp = false;

  constructor(item: FileItem, place: TakenItemPlace, link: TakenItemLink) {
    this.item = item;
    this.#place = place;
    this.#link = link;
  }

  /** The giver gave it up: it knows. */
  get givenUp(): boolean {
    return this.#givenUp;
  }

  /** @throws `message-malformed` */
  add(offset: number, bytes: Uint8Array): void {
    const begins = this.#expected === this.#resumesAt && offset === 0;
    const fits = this.#expected !== undefined && (offset === this.#expected || begins);
    if (!fits || this.#ended || offset + bytes.length > this.item.size) {
      throw new LiveletError('message-malformed', 'content out of place');
    }
    this.#expected = offset + bytes.length;
    this.#resumesAt = -1;
    this.#push({ offset, bytes });
  }

  /** @throws `message-malformed` */
  end(hash: Uint8Array): void {
    if (this.#ended || this.#expected !== this.item.size) {
      throw new LiveletError('message-malformed', 'ends before its end');
    }
    this.#ended = true;
    this.#push({ hash: hash.slice() });
  }

  /** The giver can't go on: nothing of it is kept. */
  giveUp(reason: ErrorCode): void {
    this.#givenUp = true;
    this.#ended = true;
    this.#push({ error: new LiveletError(reason, 'the giver gave up') });
  }

  /** The transfer broke off: what is there waits to go on, unless a person wanted the end. */
  breakOff(code: ErrorCode): void {
    this.#broken = code !== 'cancelled' && code !== 'session-ended' && code !== 'message-malformed';
    this.#ended = true;
    this.#push({ error: new LiveletError(code, 'the transfer broke off') });
  }

  /** @returns undefined: skipped */
  async run(): Promise<KeptItem | undefined> {
    const path = safeFilePath(this.item.path);
    const name = path.at(-1) ?? '';
    if (this.item.kind === 'folder') {
      await using _folder = await this.#place.tree.lease(path);
      return { kind: 'folder', path: this.item.path, name, size: 0 };
    }
    return await this.#receive(path.slice(0, -1), name);
  }

  async setFolderDate(): Promise<void> {
    await using lease = await this.#place.tree.lease(safeFilePath(this.item.path));
    await lease.folder.setModified(this.item.modified);
  }

  async #receive(above: FilePath, name: string): Promise<KeptItem | undefined> {
    const lease = await this.#place.tree.lease(above);
    let part: IncomingFile | undefined;
    let choice: ExistingChoice | undefined;
    let room: FileRoom | undefined;
    try {
      const there = await lease.folder.look(name);
      choice = there === undefined ? undefined : await this.#choose([...above, name]);
      if (choice === 'skip') return undefined;
      part = this.#place.shelf.take(this.item);
      room = await this.#place.room.take(lease.folder, this.item.size - (part?.length ?? 0));
      part ??= await IncomingFile.create(await this.#place.tree.lease(above), name);
    } catch (error) {
      room?.[Symbol.dispose]();
      await part?.discard();
      throw fileError(error, 'file-unwritable');
    } finally {
      await lease[Symbol.asyncDispose]();
    }
    try {
      const hash = await this.#fill(part, room);
      const { size, modified, path } = this.item;
      const kept = await part.finish(name, hash, modified, choice === 'replace');
      return { kind: 'file', path, name: kept, size, hash: Buffer.from(hash).toString('hex') };
    } catch (error) {
      if (this.#broken && part.length > 0) await this.#place.shelf.put(this.item, part);
      else await part.discard();
      throw error;
    } finally {
      room[Symbol.dispose]();
      for (const step of this.#steps.splice(0)) if ('bytes' in step) this.#link.written(step.bytes.length);
    }
  }

  /** A question that nobody can answer any more holds nothing up. */
  async #choose(path: FilePath): Promise<ExistingChoice> {
    const over = (async (): Promise<never> => {
      while (this.#steps.length === 0) await this.#step.promise;
      const [step] = this.#steps;
      throw step && 'error' in step ? step.error : new LiveletError('message-malformed', 'not asked for');
    })();
    using asked = this.#place.ask(path);
    return await Promise.race([asked.answer, over]);
  }

  /** @returns the hash that the giver names */
  async #fill(part: IncomingFile, room: FileRoom): Promise<Uint8Array> {
    const offset = part.length;
    const hash = offset > 0 ? await part.hashOfWritten() : new Uint8Array(FILE_HASH_LENGTH);
    this.#resumesAt = offset;
    this.#expected = offset;
    await this.#link.want(offset, hash);
    let first = true;
    for (;;) {
      const step = await this.#nextStep();
      if ('error' in step) throw step.error;
      if ('hash' in step) {
        if (first && offset > 0) this.#link.moved(offset);
        return step.hash;
      }
      const { length } = step.bytes;
      try {
        if (first && step.offset === 0 && offset > 0) await part.restart();
        else if (first && offset > 0) this.#link.moved(offset);
        first = false;
        await part.write(step.bytes);
        room.written(length);
        this.#link.moved(length);
        freeMemory(step.bytes, FILE_DATA_HEADER);
      } finally {
        this.#link.written(length);
      }
    }
  }

  async #nextStep(): Promise<Step> {
    for (;;) {
      const step = this.#steps.shift();
      if (step) return step;
      await this.#step.promise;
    }
  }

  #push(step: Step): void {
    this.#steps.push(step);
    this.#step.resolve();
    this.#step = Promise.withResolvers();
  }
}
