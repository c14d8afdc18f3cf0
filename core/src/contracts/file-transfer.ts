import type { ServiceIdentifier } from 'inversify';
import type { ServicePath } from '../channel/streams.js';
import { LiveletError } from '../errors.js';
import { checkFilePath, type FilePath } from './file-names.js';

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
  /**
   * The lines of `path` from the `from`th on.
   * @throws `file-name-refused`, `file-unreadable` (not there, not shared, not a folder), `file-too-many` (from
   * MAX_TRANSFER_ITEMS on)
   */
  list(parameter: {
    readonly path: FilePath;
    /** @default 0 */
    readonly from?: number;
  }): FolderListing | Promise<FolderListing>;
};

/** The first message on TAKE_FILES_PATH, as JSON of at most MAX_ON_OFFER bytes. */
export type TakeRequest =
  | { readonly offer: string }
  /** Of the shared folder. */
  | { readonly paths: readonly FilePath[] };

/** Reads the first message on TAKE_FILES_PATH. @throws `message-malformed`, `file-name-refused`, `file-too-many` */
export function readTakeRequest(bytes: Uint8Array): TakeRequest {
  const { offer, paths } = readJson(bytes);
  if (typeof offer === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(offer)) return { offer };
  if (!Array.isArray(paths) || paths.length === 0) throw malformed('request');
  if (paths.length > MAX_LISTED) throw new LiveletError('file-too-many');
  return { paths: paths.map(readPath) };
}

/** Reads a message on OFFERED_FILES_PATH. @throws `message-malformed` */
export function readFilesOnOffer(bytes: Uint8Array): FilesOnOffer {
  const { offers, shared } = readJson(bytes);
  if (!Array.isArray(offers) || offers.length > MAX_OFFERS) throw malformed('offers');
  const read = { offers: offers.map(readOffer) };
  if (shared === undefined) return read;
  const { name } = asObject(shared);
  if (typeof name !== 'string' || name.length > 1_024) throw malformed('folder');
  return { ...read, shared: { name } };
}

/** Reads the answer of SharedFilesService. @throws `message-malformed` */
export function readFolderListing(value: unknown): FolderListing {
  const { files, more } = asObject(value);
  if (!Array.isArray(files) || files.length > MAX_LISTED) throw malformed('listing');
  return { files: files.map(readListed), more: more === true };
}

function readListed(value: unknown): ListedFile {
  const { name, kind, size, modified } = asObject(value);
  const fits = typeof name === 'string' && (kind === 'file' || kind === 'folder');
  if (!fits || !isCount(size) || !isCount(modified)) throw malformed('line of a folder');
  checkFilePath([name]);
  return { name, kind, size, modified };
}

function readOffer(value: unknown): FileOffer {
  const { id, name, items, bytes } = asObject(value);
  const fits = typeof id === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(id);
  if (!fits || typeof name !== 'string' || name.length > 1_024) throw malformed('offer');
  if (!isCount(items) || !isCount(bytes)) throw malformed('offer');
  return { id, name, items, bytes };
}

function readPath(value: unknown): FilePath {
  if (!Array.isArray(value) || !value.every((name) => typeof name === 'string')) throw malformed('path');
  checkFilePath(value);
  return value;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function readJson(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  if (bytes.length > MAX_ON_OFFER) throw malformed('length');
  try {
    return asObject(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch (error) {
    throw error instanceof LiveletError ? error : malformed('JSON');
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw malformed('object');
  return value as Readonly<Record<string, unknown>>;
}

function malformed(what: string): LiveletError {
  return new LiveletError('message-malformed', `${what} of a file message`);
}

/** What to do where the name is there already. */
export const EXISTING_CHOICES = ['keep-both', 'replace', 'skip'] as const;
export type ExistingChoice = (typeof EXISTING_CHOICES)[number];

/** Where files arrive at this end, if the host says so. @default the person's folder for downloads */
export interface ReceivedFiles {
  /** Absolute path; made when the first file arrives, and taken away again at the end if nothing is in it. */
  readonly folder: string;
}
export const ReceivedFiles: ServiceIdentifier<ReceivedFiles> = Symbol.for('@livelet/ReceivedFiles');
