import { basename, dirname } from 'node:path';
import {
  asLiveletError,
  displayFileName,
  type ErrorCode,
  type FileOffering,
  type GrantsView,
  type OfferableFile,
  type PagePort,
  type PluginUi,
} from '@livelet/core';
import {
  COPIED_FILES_PIECE,
  type CopiedFilesShown,
  type FilesToPage,
  MAX_SHOWN_NAMES,
  type PageToFiles,
} from './page-protocol.js';
import type { CopiedFileList } from './x-selection/file-list.js';

interface Copied {
  readonly shown: CopiedFilesShown;
  readonly paths: readonly string[];
}

/**
 * Files that were copied on this computer, until something else is: the person alone reads which, and only their own
 * press puts them on offer in the file transfer.
 */
export class CopiedFiles implements Disposable {
  readonly #grants: GrantsView;
  readonly #offering: FileOffering | undefined;
  readonly #ports = new Set<PagePort>();
  readonly #resources = new DisposableStack();
  #lastId = 0;
  #copied: Copied | undefined;
  #giving: Copied | undefined;
  /** What was copied last is on offer. */
  #given = false;
  #looking = new AbortController();

  /** @param offering none: there is no file transfer here */
  constructor(ui: PluginUi, grants: GrantsView, offering: FileOffering | undefined) {
    this.#grants = grants;
    this.#offering = offering;
    this.#resources.use(
      ui.onPort(COPIED_FILES_PIECE, (port) => {
        this.#ports.add(port);
        port.onMessage(({ json }) => this.#hear(json as unknown as PageToFiles));
        port.onClose(() => this.#ports.delete(port));
        this.#tell(port);
      }),
    );
    this.#resources.use(grants.onChange(() => this.#tellAll()));
  }

  show(list: CopiedFileList): void {
    this.forget();
    void this.#look(list, this.#looking.signal);
  }

  /** Something else lies there, or it isn't shared any more. */
  forget(): void {
    this.#looking.abort();
    this.#looking = new AbortController();
    if (this.#copied === undefined && !this.#given) return;
    this.#copied = undefined;
    this.#given = false;
    this.#tellAll();
  }

  [Symbol.dispose](): void {
    this.forget();
    this.#resources.dispose();
    for (const port of this.#ports) port.close();
  }

  async #look({ paths, others }: CopiedFileList, signal: AbortSignal): Promise<void> {
    const files = (await this.#offering?.look(paths, signal)) ?? [];
    if (signal.aborted || files.length === 0) return;
    const folders = files.filter(({ kind }) => kind === 'folder').length;
    const first = files.slice(0, MAX_SHOWN_NAMES);
    const shown = {
      id: this.#nextId(),
      files: files.length - folders,
      folders,
      names: first.map(nameOf),
      places: first.map(({ path }) => displayFileName(dirname(path))),
      isPart: files.length < paths.length + others,
    };
    this.#copied = { shown, paths: files.map(({ path }) => path) };
    this.#tellAll();
  }

  #hear({ type, id }: PageToFiles): void {
    // What was pressed may have been another list than the one that is there by now.
    if (this.#copied?.shown.id !== id) return;
    if (type === 'leave') this.forget();
    else if (type === 'give') void this.#give(this.#copied);
  }

  async #give(copied: Copied): Promise<void> {
    // One press offers once.
    if (this.#giving === copied) return;
    this.#giving = copied;
    let error: ErrorCode | undefined;
    try {
      await this.#offering?.offer(copied.paths);
    } catch (cause) {
      error = asLiveletError(cause).code;
    }
    this.#giving = undefined;
    // Something else was copied meanwhile; what was pressed before that is given all the same.
    if (this.#copied !== copied) return;
    this.#copied = error && { ...copied, shown: { ...copied.shown, id: this.#nextId(), error } };
    this.#given = error === undefined;
    this.#tellAll();
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  #tellAll(): void {
    for (const port of this.#ports) this.#tell(port);
  }

  #tell(port: PagePort): void {
    const message: FilesToPage = {
      type: 'files',
      mayGive: this.#grants.isGranted('take-files'),
      given: this.#given,
      ...(this.#copied && { copied: this.#copied.shown }),
    };
    // Interfaces have no index signature, so TypeScript doesn't see that this is JSON.
    port.post({ json: message as unknown as Parameters<PagePort['post']>[0]['json'] });
  }
}

function nameOf({ path, kind }: OfferableFile): string {
  const name = displayFileName(basename(path));
  return kind === 'folder' ? `${name}/` : name;
}
