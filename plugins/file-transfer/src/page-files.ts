import {
  asLiveletError,
  type Clock,
  checkFilePath,
  type ErrorCode,
  type FilePath,
  type FolderListing,
  type ListedFile,
  LiveletError,
  MAX_LISTED,
  MAX_TRANSFER_ITEMS,
  type PagePort,
  type PortMessage,
  readFolderListing,
} from '@livelet/core';
import { type ChosenFile, MAX_CHOSEN, type PageRequest, type PageToDesk } from './page-protocol.js';
import type { SourceFile, SourceItem } from './source.js';

/** How long a page may take to answer, ms: a disk that has to wake up. */
const ANSWER_DEADLINE = 30_000;

interface Waiting {
  readonly port: PagePort;
  readonly resolve: (answer: { readonly value: unknown; readonly bytes?: Uint8Array }) => void;
  readonly reject: (error: LiveletError) => void;
  readonly timer: Disposable;
}

type Answered = Extract<PageToDesk, { type: 'answered' }>;

/**
 * Files that a person chose in a page. Their content stays there until it is sent: a piece is asked for when the one
 * before it is on its way, so that none is ever whole in memory.
 */
export class PageFiles {
  readonly #clock: Clock;
  readonly #waiting = new Map<number, Waiting>();
  /** Undefined: refused, with all that is still to come of it. */
  readonly #chosen = new Map<PagePort, ChosenFile[] | undefined>();
  #requests = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Takes a piece of what was chosen.
   * @returns all of it after the last piece; nothing of what was refused. What can't be sent is there as `refused`.
   * @throws `file-too-many`
   */
  choose(port: PagePort, files: readonly ChosenFile[], last: boolean): SourceItem[] | undefined {
    const isRefused = this.#chosen.has(port) && this.#chosen.get(port) === undefined;
    const chosen = this.#chosen.get(port) ?? [];
    if (last) this.#chosen.delete(port);
    else this.#chosen.set(port, undefined);
    if (isRefused) return undefined;
    if (files.length > MAX_CHOSEN || chosen.length + files.length > MAX_TRANSFER_ITEMS) {
      throw new LiveletError('file-too-many');
    }
    chosen.push(...files);
    if (last) return chosen.map((file) => this.#item(port, file, file.path));
    this.#chosen.set(port, chosen);
    return undefined;
  }

  /** The page is gone: what it held can't be read any more. */
  gone(port: PagePort): void {
    this.#chosen.delete(port);
    for (const [request, waiting] of [...this.#waiting]) {
      if (waiting.port === port)
        this.#settle(request)?.reject(new LiveletError('file-unreadable', 'page gone'));
    }
  }

  answer({ request, error, value }: Answered, bytes: Uint8Array | undefined): void {
    const waiting = this.#settle(request);
    if (!waiting) return;
    if (error === undefined) waiting.resolve({ value, ...(bytes === undefined ? {} : { bytes }) });
    else waiting.reject(new LiveletError(readCode(error), 'the page could not'));
  }

  /** One piece of a shared folder's names. @throws `file-unreadable`, `deadline-exceeded` */
  async list(port: PagePort, path: FilePath, from = 0): Promise<FolderListing> {
    const { value } = await this.#ask(port, { what: 'list', path, from });
    return readFolderListing(value);
  }

  /**
   * What stands at `path` of the shared folder, with all that is below it.
   * @throws `file-unreadable`, `file-too-many`, `deadline-exceeded`
   */
  async items(port: PagePort, path: FilePath): Promise<SourceItem[]> {
    const items: SourceItem[] = [];
    const entry = await this.#find(port, path);
    await this.#gather(port, path, path.length - 1, entry, items);
    return items;
  }

  async #gather(
    port: PagePort,
    path: FilePath,
    above: number,
    entry: ListedFile,
    items: SourceItem[],
  ): Promise<void> {
    if (items.length >= MAX_TRANSFER_ITEMS) throw new LiveletError('file-too-many');
    const { kind, size, modified } = entry;
    const open = async (): Promise<SourceFile> => {
      const { value } = await this.#ask(port, { what: 'open', path });
      const opened = value as ChosenFile | undefined;
      if (opened?.size !== size) throw new LiveletError('file-changed', 'another size than in the folder');
      return await this.#open(port, opened.file);
    };
    items.push({ kind, size, modified, path: path.slice(above), open });
    if (kind === 'file') return;
    for await (const inner of this.#all(port, path)) {
      try {
        checkFilePath([...path, inner.name].slice(above));
      } catch {
        continue;
      }
      await this.#gather(port, [...path, inner.name], above, inner, items);
    }
  }

  async #find(port: PagePort, path: FilePath): Promise<ListedFile> {
    const name = path.at(-1);
    for await (const file of this.#all(port, path.slice(0, -1))) if (file.name === name) return file;
    throw new LiveletError('file-unreadable', 'not there');
  }

  async *#all(port: PagePort, path: FilePath): AsyncGenerator<ListedFile> {
    for (let from = 0; from < MAX_TRANSFER_ITEMS; from += MAX_LISTED) {
      const { files, more } = await this.list(port, path, from);
      yield* files;
      if (!more) return;
    }
  }

  #item(port: PagePort, { kind, size, modified, file }: ChosenFile, path: FilePath): SourceItem {
    const refused = refusal(path);
    return { kind, size, modified, path, open: () => this.#open(port, file), ...(refused && { refused }) };
  }

  /** A page's File is that of a moment: the browser refuses to read it once the file has changed. */
  async #open(port: PagePort, file: number): Promise<SourceFile> {
    return {
      read: async (target, offset) => {
        const { bytes } = await this.#ask(port, { what: 'read', file, offset, length: target.length });
        if (!bytes || bytes.length > target.length) throw new LiveletError('file-unreadable', 'no bytes');
        target.set(bytes);
        return bytes.length;
      },
      unchanged: async () => true,
      [Symbol.asyncDispose]: async () => undefined,
    };
  }

  #ask(port: PagePort, request: PageRequest): Promise<{ value: unknown; bytes?: Uint8Array }> {
    this.#requests += 1;
    const number = this.#requests;
    return new Promise((resolve, reject) => {
      const timer = this.#clock.setTimer(ANSWER_DEADLINE, () => {
        this.#settle(number)?.reject(new LiveletError('deadline-exceeded', 'the page doesn’t answer'));
      });
      this.#waiting.set(number, { port, resolve, reject, timer });
      try {
        port.post({
          json: { type: 'request', request: number, ...request } as unknown as PortMessage['json'],
        });
      } catch (error) {
        this.#settle(number)?.reject(asLiveletError(error));
      }
    });
  }

  #settle(request: number): Waiting | undefined {
    const waiting = this.#waiting.get(request);
    this.#waiting.delete(request);
    waiting?.timer[Symbol.dispose]();
    return waiting;
  }
}

function refusal(path: FilePath): ErrorCode | undefined {
  try {
    checkFilePath(path);
    return undefined;
  } catch (error) {
    return asLiveletError(error).code;
  }
}

function readCode(value: unknown): ErrorCode {
  return value === 'file-changed' ? 'file-changed' : 'file-unreadable';
}
