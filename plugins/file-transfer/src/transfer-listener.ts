import type { ErrorCode, FilePath } from '@livelet/core';

/** What a transfer tells while it runs, the same at both ends. */
export interface TransferListener {
  /** What it is, once known. */
  begun(facts: { readonly title: string; readonly items: number; readonly bytes: number }): void;
  /** Content that was sent or written, or was there already, bytes. */
  moved(bytes: number): void;
  /** An item is over. */
  itemDone(item: ItemDone): void;
  /** Of an item that the other end doesn't say it kept, so many bytes at most have left this end. */
  sentInPart(item: SentInPart): void;
  /** What the other end calls the folder that it keeps all in, safe to show. */
  keptIn(folder: string): void;
  /** The other end paused, or goes on. */
  peerPaused(paused: boolean): void;
}

export type ItemDone =
  | {
      readonly how: 'kept';
      readonly kind: 'file' | 'folder';
      readonly path: FilePath;
      /** Under which it is kept. */
      readonly name: string;
      readonly size: number;
      /** SHA-256, hexadecimal; absent for folders. */
      readonly hash?: string;
    }
  | { readonly how: 'skipped'; readonly path: FilePath }
  | { readonly how: 'failed'; readonly path: FilePath; readonly reason: ErrorCode }
  /** It stayed behind: the other end never hears of it, and it is none of the items that are counted. */
  | { readonly how: 'refused'; readonly path: FilePath; readonly reason: ErrorCode }
  /** A symlink, a device or a pipe: it stayed behind as those do. */
  | { readonly how: 'left-out'; readonly path: FilePath };

export interface SentInPart {
  readonly path: FilePath;
  /** Of the whole file, bytes. */
  readonly size: number;
  /** Bytes. */
  readonly sent: number;
}
