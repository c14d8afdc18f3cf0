import type { ServiceIdentifier } from 'inversify';

/** A file or folder of this computer that can be given. */
export interface OfferableFile {
  /** Absolute. */
  readonly path: string;
  readonly kind: 'file' | 'folder';
}

/**
 * Files that another plugin found on this computer, given as if the person had chosen them in the panel of the file
 * transfer. Bound for the host's lifetime by the half whose person decides (role `depot`).
 */
export interface FileOffering {
  /**
   * Which of these can be given: ordinary files and folders that are there. Nothing is opened, nor told to anybody.
   * Symlinks, devices, pipes, and what the system shows of itself as files, are left out.
   * @param paths absolute
   * @param signal nobody wants to know any more: then some may be missing
   */
  look(paths: readonly string[], signal: AbortSignal): Promise<readonly OfferableFile[]>;
  /**
   * Puts these on offer, folders with all that is in them. Only to be called when the person said so, in a window that
   * the other person's clicks and keys don't reach.
   * @throws `not-granted` (the other person may take none now), `file-unreadable` (none of them can be given),
   * `file-too-many`
   */
  offer(paths: readonly string[]): Promise<void>;
}
export const FileOffering: ServiceIdentifier<FileOffering> = Symbol.for('@livelet/FileOffering');
