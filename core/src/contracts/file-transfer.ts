import type { ServicePath } from '../channel/streams.js';
import type { FilePath } from './file-names.js';

/**
 * Files between the two people. The end whose person decides serves all of it (role `depot`, the customer's), the other
 * one asks (role `courier`): what it may send is granted as `send-files`, what it may take as `take-files`.
 *
 * Each stream of the first two carries one transfer, in messages of `file-wire.ts`. The end that has the files is the
 * giver, the other the taker; the courier gives on SEND_FILES_PATH and takes on TAKE_FILES_PATH, where its first
 * message says what.
 */
export const SEND_FILES_PATH: ServicePath = '/livelet/send-files/1';
export const TAKE_FILES_PATH: ServicePath = '/livelet/take-files/1';
/** Calls: `SharedFilesService`. */
export const SHARED_FILES_PATH: ServicePath = '/livelet/shared-files/1';
/** A stream of FilesOnOffer as JSON messages, one at its start and one after each change. */
export const OFFERED_FILES_PATH: ServicePath = '/livelet/offered-files/1';

/** Content bytes of one message. */
export const MAX_FILE_CHUNK = 256 * 1024;
/** Items that a giver may have announced and that aren't over. */
export const MAX_ITEMS_AHEAD = 64;
/** Files and folders of one transfer. */
export const MAX_TRANSFER_ITEMS = 20_000;
/** Offers that wait to be taken. */
export const MAX_OFFERS = 50;
/** Names in one answer about a shared folder. */
export const MAX_LISTED = 500;
/** Bytes of one FilesOnOffer as JSON. */
export const MAX_ON_OFFER = 64 * 1024;

/** Something that the customer offers to be taken. */
export interface FileOffer {
  /** 1 to 64 of `A-Z a-z 0-9 _ -`. */
  readonly id: string;
  /** Of the only item, or of the first. */
  readonly name: string;
  readonly items: number;
  readonly bytes: number;
}

/** What can be taken now. */
export interface FilesOnOffer {
  readonly offers: readonly FileOffer[];
  /** The folder that may be looked through; absent: none. */
  readonly shared?: { readonly name: string };
}

/** One line of a folder. */
export interface ListedFile {
  readonly name: string;
  readonly kind: 'file' | 'folder';
  /** Bytes; 0 for folders. */
  readonly size: number;
  /** ms since 1970; 0: not known. */
  readonly modified: number;
}

export interface FolderListing {
  /** At most MAX_LISTED, folders first, by name. */
  readonly files: readonly ListedFile[];
  /** Whether there is more than that. */
  readonly more: boolean;
}

/** What the depot answers about the folder that its person shares. Nothing outside it can be named. */
export type SharedFilesService = {
  /** @throws `file-name-refused`, `file-unreadable` (not there, not shared, not a folder) */
  list(parameter: { readonly path: FilePath }): FolderListing | Promise<FolderListing>;
};

/** The first message on TAKE_FILES_PATH, as JSON of at most MAX_ON_OFFER bytes. */
export type TakeRequest =
  | { readonly offer: string }
  /** Of the shared folder. */
  | { readonly paths: readonly FilePath[] };

/** What to do where the name is there already. */
export const EXISTING_CHOICES = ['keep-both', 'replace', 'skip'] as const;
export type ExistingChoice = (typeof EXISTING_CHOICES)[number];
