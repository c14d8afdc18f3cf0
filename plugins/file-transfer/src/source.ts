import type { ErrorCode, FileItem } from '@livelet/core';

/** Something that can be sent: a file or folder and where it goes. */
export interface SourceItem extends FileItem {
  /** Why it stays behind although it was chosen: the person is told, the other end isn't. Absent: it can be sent. */
  readonly refused?: ErrorCode;
  /** Of what is refused: a symlink, a device or a pipe, which is left out wherever it stands. */
  readonly leftOut?: boolean;
  /** Opens a file. @throws `file-unreadable` */
  open(): Promise<SourceFile>;
}

/** An open file that is read from. */
export interface SourceFile extends AsyncDisposable {
  /**
   * Fills `target` from `position` on, as far as the file goes.
   * @returns how many bytes
   * @throws `file-unreadable`, `file-changed`
   */
  read(target: Uint8Array, position: number): Promise<number>;
  /** Whether it is still the file that it was when it was opened. */
  unchanged(): Promise<boolean>;
}
