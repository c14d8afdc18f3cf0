import {
  asLiveletError,
  decodeFileMessage,
  type ErrorCode,
  encodeFileMessage,
  type FileMessage,
  type GiverMessage,
  LiveletError,
  MAX_ITEMS_AHEAD,
  MAX_TRANSFER_ITEMS,
  type MessageStream,
  type TakerMessage,
} from '@livelet/core';
import { isDate } from './incoming-file.js';
import { resetting } from './resetting.js';
import { TakenItem, type TakenItemPlace } from './taken-item.js';
import type { TransferListener } from './transfer-listener.js';

/** Memory of received content that isn't written yet: the giver waits while there is more, bytes. */
const MAX_UNWRITTEN = 2 * 1024 * 1024;
/** What a message takes beside its content, at least: pieces of one byte are bounded too. */
const MESSAGE_OVERHEAD = 1024;

/** What a transfer was said to be before it was asked for. */
export interface ExpectedTransfer {
  readonly items: number;
  readonly bytes: number;
}

/** The end of a transfer that files arrive at. */
export class FileTaker {
  readonly #stream: MessageStream;
  readonly #place: TakenItemPlace;
  readonly #listener: TransferListener;
  readonly #expected: ExpectedTransfer | undefined;
  readonly #live = new Map<number, TakenItem>();
  readonly #working = new Set<Promise<void>>();
  readonly #dates: (() => Promise<void>)[] = [];
  #items: number | undefined;
  #bytes = 0;
  #bytesAnnounced = 0;
  #next = 0;
  #unwritten = 0;
  #written = Promise.withResolvers<void>();
  #broken = false;

  /** @param expected a transfer of more than that is refused */
  constructor(
    stream: MessageStream,
    place: TakenItemPlace,
    listener: TransferListener,
    expected?: ExpectedTransfer,
  ) {
    this.#stream = stream;
    this.#place = place;
    this.#listener = listener;
    this.#expected = expected;
  }

  /** Resolves when each item is over. @throws the code that the stream was reset with; `message-malformed` */
  async run(): Promise<void> {
    let broken: LiveletError | undefined;
    try {
      for await (const bytes of this.#stream) {
        resetting(this.#stream, () => this.#hear(decodeFileMessage(bytes) as GiverMessage));
        while (this.#unwritten > MAX_UNWRITTEN) await this.#written.promise;
      }
      if (this.#items === undefined || this.#next < this.#items) {
        throw new LiveletError('message-malformed', 'the giver left early');
      }
    } catch (error) {
      broken = asLiveletError(error);
      this.#stream.reset(broken.code);
    }
    // What still waits for the giver waits in vain.
    const code = broken?.code ?? 'message-malformed';
    this.#broken = broken !== undefined;
    for (const item of this.#live.values()) item.breakOff(code);
    await Promise.all(this.#working);
    for (const setDate of this.#dates.toReversed()) await setDate().catch(() => undefined);
    if (broken) throw broken;
    this.#stream.closeWrite();
  }

  setPaused(paused: boolean): void {
    void this.#send({ type: 'pause', paused }).catch(() => undefined);
  }

  #hear(message: GiverMessage): void {
    if (message.type === 'transfer') this.#begin(message);
    else if (this.#items === undefined) throw malformed('no transfer');
    else if (message.type === 'pause') this.#listener.peerPaused(message.paused);
    else if (message.type === 'item') this.#take(message);
    else this.#hearOf(this.#live.get(message.index), message);
  }

  #hearOf(
    item: TakenItem | undefined,
    message: Extract<GiverMessage, { type: 'data' | 'end' | 'given-up' }>,
  ): void {
    if (!item) {
      // What failed here while more of it was on its way.
      if (message.index < this.#next) return;
      throw malformed('nothing of that number');
    }
    switch (message.type) {
      case 'data':
        item.add(message.offset, message.bytes);
        this.#unwritten += message.bytes.length + MESSAGE_OVERHEAD;
        break;
      case 'end':
        item.end(message.hash);
        break;
      case 'given-up':
        item.giveUp(message.reason);
        break;
      default:
        throw malformed('a taker’s message to a taker');
    }
  }

  #begin({ items, bytes, title }: Extract<GiverMessage, { type: 'transfer' }>): void {
    if (this.#items !== undefined) throw malformed('begins twice');
    if (items > MAX_TRANSFER_ITEMS) throw new LiveletError('file-too-many');
    if (this.#expected && (items > this.#expected.items || bytes > this.#expected.bytes)) {
      throw new LiveletError('file-changed', 'more than was offered');
    }
    this.#items = items;
    this.#bytes = bytes;
    this.#listener.begun({ title, items, bytes });
    const { name } = this.#place;
    if (name !== undefined) void this.#send({ type: 'kept-in', name }).catch(() => undefined);
  }

  #take({ index, item }: Extract<GiverMessage, { type: 'item' }>): void {
    this.#bytesAnnounced += item.size;
    const wrong =
      index !== this.#next ||
      index >= (this.#items ?? 0) ||
      this.#live.size >= MAX_ITEMS_AHEAD ||
      this.#bytesAnnounced > this.#bytes;
    if (wrong) throw malformed('an item out of turn');
    this.#next += 1;
    const taken = new TakenItem(item, this.#place, {
      want: (offset, hash) => this.#send({ type: 'want', index, offset, hash }),
      written: (bytes) => {
        this.#unwritten -= bytes + MESSAGE_OVERHEAD;
        this.#written.resolve();
        this.#written = Promise.withResolvers();
      },
      moved: (bytes) => this.#listener.moved(bytes),
    });
    this.#live.set(index, taken);
    const working = this.#work(index, taken).finally(() => this.#working.delete(working));
    this.#working.add(working);
  }

  async #work(index: number, taken: TakenItem): Promise<void> {
    const { path } = taken.item;
    let over: (() => Promise<void>) | undefined;
    try {
      const kept = await taken.run();
      if (kept === undefined) {
        this.#listener.itemDone({ how: 'skipped', path });
        over = () => this.#send({ type: 'skip', index });
      } else {
        this.#listener.itemDone({ how: 'kept', ...kept });
        if (kept.kind === 'folder' && isDate(taken.item.modified))
          this.#dates.push(() => taken.setFolderDate());
        over = () => this.#send({ type: 'done', index, name: kept.name });
      }
    } catch (error) {
      // Told of the whole transfer.
      if (this.#broken) return;
      const { code: reason } = asLiveletError(error);
      this.#listener.itemDone({ how: 'failed', path, reason });
      if (!taken.givenUp) over = () => this.#send({ type: 'failed', index, reason: sendable(reason) });
    } finally {
      this.#live.delete(index);
    }
    await over?.().catch(() => undefined);
  }

  async #send(message: TakerMessage | (FileMessage & { readonly type: 'pause' })): Promise<void> {
    await this.#stream.send(encodeFileMessage(message));
  }
}

/** What the giver is told: codes of files, nothing of this end's inside. */
function sendable(code: ErrorCode): ErrorCode {
  return code === 'internal' ? 'file-unwritable' : code;
}

function malformed(message: string): LiveletError {
  return new LiveletError('message-malformed', message);
}
