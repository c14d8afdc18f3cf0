import {
  checkFileName,
  type ErrorCode,
  type FilePath,
  type FolderListing,
  type JsonValue,
  type ListedFile,
  MAX_LISTED,
  type PagePort,
} from '@livelet/core/page';
import { type ChosenFile, type DeskToPage, MAX_CHOSEN, type PageToDesk } from '../src/page-protocol.js';

/** Made once: `localeCompare` makes one each time. */
const BY_NAME = new Intl.Collator();

type Request = Extract<DeskToPage, { type: 'request' }>;

/** Files that the person chose. They stay with the browser; pieces of them are read when the half asks. */
export class PageStore {
  readonly #port: PagePort;
  readonly #files = new Map<number, File>();
  #next = 0;
  /** The folder that the half may look through. */
  shared: FileSystemDirectoryHandle | undefined;

  constructor(port: PagePort) {
    this.#port = port;
  }

  /** Files of a picker; those of a chosen folder keep their place in it. */
  choose(files: Iterable<File>): void {
    this.#post([...files].map((file) => this.#hold(file, pathOf(file))));
  }

  /** What was dropped, with folders and what is in them. Must be called while the event is handled. */
  async drop(items: DataTransferItemList): Promise<void> {
    const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
    const chosen: ChosenFile[] = [];
    for (const entry of entries) await this.#gather(entry, [], chosen);
    this.#post(chosen);
  }

  /** A folder with all that is in it, empty ones too. */
  async chooseFolder(folder: FileSystemDirectoryHandle): Promise<void> {
    const chosen: ChosenFile[] = [];
    await this.#gatherHandle(folder, [], chosen);
    this.#post(chosen);
  }

  /** Does what the half asked for and answers it. */
  async answer(message: Request): Promise<void> {
    const { request } = message;
    try {
      if (message.what === 'read') {
        const bytes = await this.#read(message.file, message.offset, message.length);
        this.#say({ type: 'answered', request }, bytes);
      } else if (message.what === 'list') {
        this.#say({ type: 'answered', request, value: await this.#list(message.path, message.from) });
      } else {
        const handle = await (await this.#folder(message.path.slice(0, -1))).getFileHandle(
          message.path.at(-1) ?? '',
        );
        this.#say({ type: 'answered', request, value: this.#hold(await handle.getFile(), message.path) });
      }
    } catch (error) {
      this.#say({ type: 'answered', request, error: codeOf(error) });
    }
  }

  async #read(file: number, offset: number, length: number): Promise<Uint8Array> {
    const held = this.#files.get(file);
    if (!held) throw new DOMException('unknown', 'NotFoundError');
    return new Uint8Array(await held.slice(offset, offset + length).arrayBuffer());
  }

  async #list(path: FilePath, from: number): Promise<FolderListing> {
    const all: (FileSystemFileHandle | FileSystemDirectoryHandle)[] = [];
    const folder = await this.#folder(path);
    for await (const handle of folder.values()) if (isName(handle.name)) all.push(handle);
    all.sort((a, b) =>
      a.kind === b.kind ? BY_NAME.compare(a.name, b.name) : a.kind === 'directory' ? -1 : 1,
    );
    // Only those that are told are looked at: each takes longer than finding and sorting many names.
    const files = await Promise.all(all.slice(from, from + MAX_LISTED).map(listed));
    return { files: files.filter((file) => file !== undefined), more: all.length > from + MAX_LISTED };
  }

  /** The browser's handles know no way up: nothing above the shared folder can be named. */
  async #folder(path: FilePath): Promise<FileSystemDirectoryHandle> {
    if (!this.shared) throw new DOMException('not shared', 'NotFoundError');
    let folder = this.shared;
    for (const name of path) folder = await folder.getDirectoryHandle(name);
    return folder;
  }

  async #gather(entry: FileSystemEntry, above: FilePath, chosen: ChosenFile[]): Promise<void> {
    const path = [...above, entry.name];
    if (!isName(entry.name)) {
      // The half refuses it by its name, and says so; what is in it stays behind with it.
      chosen.push({ file: 0, path, kind: 'file', size: 0, modified: 0 });
      return;
    }
    if (entry.isFile) {
      const file = await new Promise<File>((resolve, reject) => {
        (entry as FileSystemFileEntry).file(resolve, reject);
      });
      chosen.push(this.#hold(file, path));
      return;
    }
    chosen.push({ file: 0, path, kind: 'folder', size: 0, modified: 0 });
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    for (;;) {
      const inner = await new Promise<FileSystemEntry[]>((resolve, reject) => {
        reader.readEntries(resolve, reject);
      });
      if (inner.length === 0) return;
      for (const each of inner) await this.#gather(each, path, chosen);
    }
  }

  async #gatherHandle(
    handle: FileSystemFileHandle | FileSystemDirectoryHandle,
    above: FilePath,
    chosen: ChosenFile[],
  ): Promise<void> {
    const path = [...above, handle.name];
    // The half refuses it by its name, and says so; what is in it stays behind with it.
    if (!isName(handle.name)) chosen.push({ file: 0, path, kind: 'file', size: 0, modified: 0 });
    else if (handle.kind === 'file') chosen.push(this.#hold(await handle.getFile(), path));
    else {
      chosen.push({ file: 0, path, kind: 'folder', size: 0, modified: 0 });
      for await (const inner of handle.values()) await this.#gatherHandle(inner, path, chosen);
    }
  }

  #hold(file: File, path: FilePath): ChosenFile {
    this.#next += 1;
    this.#files.set(this.#next, file);
    return {
      file: this.#next,
      path,
      kind: 'file',
      size: file.size,
      modified: Math.max(0, file.lastModified),
    };
  }

  #post(chosen: readonly ChosenFile[]): void {
    for (let at = 0; at < chosen.length; at += MAX_CHOSEN) {
      const last = at + MAX_CHOSEN >= chosen.length;
      this.#say({ type: 'chosen', files: chosen.slice(at, at + MAX_CHOSEN), last });
    }
  }

  #say(message: PageToDesk, bytes?: Uint8Array): void {
    this.#port.post({ json: message as unknown as JsonValue, ...(bytes ? { bytes } : {}) });
  }
}

function pathOf(file: File): FilePath {
  return file.webkitRelativePath ? file.webkitRelativePath.split('/') : [file.name];
}

function isName(name: string): boolean {
  try {
    checkFileName(name);
    return true;
  } catch {
    return false;
  }
}

/** The browser refuses to read a file that changed since it was chosen. */
function codeOf(error: unknown): ErrorCode {
  return error instanceof DOMException && error.name === 'NotReadableError'
    ? 'file-changed'
    : 'file-unreadable';
}

/** Undefined for what can't be read, such as a file that has just gone. */
async function listed(
  handle: FileSystemFileHandle | FileSystemDirectoryHandle,
): Promise<ListedFile | undefined> {
  const { name, kind } = handle;
  if (kind === 'directory') return { name, kind: 'folder', size: 0, modified: 0 };
  try {
    const { size, lastModified } = await handle.getFile();
    return { name, kind, size, modified: Math.max(0, lastModified) };
  } catch {
    return undefined;
  }
}
