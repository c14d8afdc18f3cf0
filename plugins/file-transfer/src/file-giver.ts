import { createHash, type Hash } from 'node:crypto';
import {
  asLiveletError,
  decodeFileMessage,
  displayFileName,
  type ErrorCode,
  encodeFileMessage,
  FILE_DATA_HEADER,
  type GiverMessage,
  LiveletError,
  MAX_FILE_CHUNK,
  MAX_ITEMS_AHEAD,
  type MessageStream,
  type TakerMessage,
} from '@livelet/core';
import { Gate, Slots } from './gate.js';
import { isKeptName } from './kept-name.js';
import { resetting } from './resetting.js';
import type { SourceFile, SourceItem } from './source.js';
import type { ItemDone, TransferListener } from './transfer-listener.js';

/** Small files that are read and sent at once; a large one goes alone. */
const AT_ONCE = 8;
const LARGE = 1024 * 1024;
/** Messages of one file at once: read, hashed, sent. */
const BLOCKS = 3;

type Wanted = Extract<TakerMessage, { type: 'want' }>;

/** An item that was announced and isn't over. */
interface LiveItem {
  readonly item: SourceItem;
  hash?: string;
  /** Of its content handed over to be sent in this transfer, bytes. */
  sent: number;
  /** Set by the taker's answer: what is still on its way is of no use. */
  over: boolean;
  wanted: boolean;
}

/** The end of a transfer that has the files. */
export class FileGiver {
  readonly #stream: MessageStream;
  readonly #items: readonly SourceItem[];
  /** What stays behind, though it was chosen. */
  readonly #refused: readonly SourceItem[];
  readonly #title: string;
  readonly #listener: TransferListener;
  readonly #live = new Map<number, LiveItem>();
  readonly #slots = new Slots(AT_ONCE);
  readonly #ownGate = new Gate();
  readonly #peerGate = new Gate();
  #announced = 0;

  constructor(
    stream: MessageStream,
    title: string,
    items: readonly SourceItem[],
    listener: TransferListener,
  ) {
    this.#stream = stream;
    this.#title = title;
    this.#items = items.filter(({ refused }) => refused === undefined);
    this.#refused = items.filter(({ refused }) => refused !== undefined);
    this.#listener = listener;
  }

  /** Resolves when each item is over at the taker. @throws the code that the stream was reset with; `message-malformed` */
  async run(): Promise<void> {
    const facts = {
      title: this.#title,
      items: this.#items.length,
      bytes: this.#items.reduce((sum, { size }) => sum + size, 0),
    };
    this.#listener.begun(facts);
    for (const { path, leftOut, refused = 'internal' } of this.#refused) {
      this.#listener.itemDone(
        leftOut ? { how: 'left-out', path } : { how: 'refused', path, reason: refused },
      );
    }
    try {
      await this.#send({ type: 'transfer', ...facts });
      this.#announce();
      if (this.#isOver) this.#stream.closeWrite();
      for await (const bytes of this.#stream) {
        resetting(this.#stream, () => this.#hear(decodeFileMessage(bytes) as TakerMessage));
      }
      if (!this.#isOver) throw new LiveletError('message-malformed', 'the taker left early');
    } catch (error) {
      this.#stream.reset(asLiveletError(error).code);
      throw error;
    } finally {
      // What still reads stops after the piece that it reads now: a page may take its time.
      for (const live of this.#live.values()) {
        live.over = true;
        this.#tellSent(live);
      }
      this.#ownGate.set(true);
      this.#peerGate.set(true);
    }
  }

  setPaused(paused: boolean): void {
    this.#ownGate.set(!paused);
    void this.#send({ type: 'pause', paused }).catch(() => undefined);
  }

  get #isOver(): boolean {
    return this.#announced === this.#items.length && this.#live.size === 0;
  }

  #announce(): void {
    while (this.#live.size < MAX_ITEMS_AHEAD && this.#announced < this.#items.length) {
      const item = this.#items[this.#announced] as SourceItem;
      const index = this.#announced;
      this.#announced += 1;
      this.#live.set(index, { item, sent: 0, over: false, wanted: false });
      void this.#send({ type: 'item', index, item }).catch(() => undefined);
    }
  }

  #hear(message: TakerMessage): void {
    if (message.type === 'pause') {
      this.#peerGate.set(!message.paused);
      this.#listener.peerPaused(message.paused);
      return;
    }
    if (message.type === 'kept-in') {
      this.#listener.keptIn(displayFileName(message.name));
      return;
    }
    const live = this.#live.get(message.index);
    // The answer may have crossed what was given up here.
    if (!live) {
      if (message.index < this.#announced) return;
      throw new LiveletError('message-malformed', 'an answer to nothing');
    }
    const { path } = live.item;
    switch (message.type) {
      case 'want':
        this.#want(live, message);
        break;
      case 'skip':
        this.#finish(message.index, live, { how: 'skipped', path });
        break;
      case 'failed':
        this.#finish(message.index, live, { how: 'failed', path, reason: message.reason });
        break;
      case 'done':
        this.#finish(message.index, live, keptAs(live, message.name));
        break;
      default:
        throw new LiveletError('message-malformed', 'a giver’s message to a giver');
    }
  }

  #want(live: LiveItem, message: Wanted): void {
    const { kind, size } = live.item;
    if (live.wanted || kind === 'folder' || message.offset > size) {
      throw new LiveletError('message-malformed', 'wants what isn’t there');
    }
    live.wanted = true;
    void this.#give(live, message).catch((error: unknown) => {
      this.#giveUp(message.index, live, asLiveletError(error).code);
    });
  }

  #giveUp(index: number, live: LiveItem, reason: ErrorCode): void {
    if (live.over) return;
    void this.#send({ type: 'given-up', index, reason }).catch(() => undefined);
    const { path } = live.item;
    this.#finish(index, live, { how: 'failed', path, reason });
  }

  #finish(index: number, live: LiveItem, done: ItemDone): void {
    live.over = true;
    this.#live.delete(index);
    if (done.how !== 'kept') this.#tellSent(live);
    this.#listener.itemDone(done);
    this.#announce();
    if (this.#isOver) this.#stream.closeWrite();
  }

  /** Whatever the taker says of it: what was sent was sent. */
  #tellSent({ item: { path, size }, sent }: LiveItem): void {
    if (sent > 0) this.#listener.sentInPart({ path, size, sent });
  }

  async #give(live: LiveItem, { index, offset, hash: theirs }: Wanted): Promise<void> {
    const { size } = live.item;
    using _slot = await this.#slots.take(size >= LARGE ? AT_ONCE : 1);
    if (live.over) return;
    await using file = await live.item.open();
    const from = await this.#startAt(file, offset, theirs);
    const { hash } = from;
    let { at } = from;
    if (at > 0) this.#listener.moved(at);
    const blocks: Uint8Array[] = [];
    const read = async (position: number): Promise<Uint8Array> => {
      const length = FILE_DATA_HEADER + Math.min(MAX_FILE_CHUNK, size - position);
      // When the next is asked for, the one before the last was sent: its memory is free.
      const block = (blocks.length === BLOCKS && blocks.shift()) || new Uint8Array(length);
      blocks.push(block);
      const message = block.subarray(0, length);
      const filled = await file.read(message.subarray(FILE_DATA_HEADER), position);
      if (filled < message.length - FILE_DATA_HEADER)
        throw new LiveletError('file-changed', 'shorter than it was');
      return message;
    };
    let sent: Promise<void> = Promise.resolve();
    let next = at < size ? read(at) : undefined;
    while (next !== undefined) {
      const message = await next;
      const length = message.length - FILE_DATA_HEADER;
      const position = at;
      at += length;
      next = at < size ? read(at) : undefined;
      // Awaited later, or never when the item is over before.
      next?.catch(() => undefined);
      hash.update(message.subarray(FILE_DATA_HEADER));
      await sent;
      await this.#ownGate.pass();
      await this.#peerGate.pass();
      if (live.over) return void (await next?.catch(() => undefined));
      sent = this.#stream.send(dataHeader(message, index, position));
      sent.catch(() => undefined);
      live.sent += length;
      this.#listener.moved(length);
    }
    await sent;
    if (!(await file.unchanged())) throw new LiveletError('file-changed', 'other than when it was opened');
    if (live.over) return;
    const digest = hash.digest();
    live.hash = digest.toString('hex');
    await this.#send({ type: 'end', index, hash: digest });
  }

  /** Where the content begins: after what the taker has, if that is what stands here. */
  async #startAt(
    file: SourceFile,
    offset: number,
    theirs: Uint8Array,
  ): Promise<{ readonly at: number; readonly hash: Hash }> {
    const ours = createHash('sha256');
    if (offset === 0) return { at: 0, hash: ours };
    const block = new Uint8Array(MAX_FILE_CHUNK);
    for (let at = 0; at < offset; ) {
      const part = block.subarray(0, Math.min(block.length, offset - at));
      if ((await file.read(part, at)) < part.length) throw new LiveletError('file-changed');
      ours.update(part);
      at += part.length;
    }
    if (!ours.copy().digest().equals(theirs)) return { at: 0, hash: createHash('sha256') };
    return { at: offset, hash: ours };
  }

  async #send(message: GiverMessage): Promise<void> {
    await this.#stream.send(encodeFileMessage(message));
  }
}

/** @throws `message-malformed` for a file that can't be there yet, or a name that nobody gave it */
function keptAs({ item, hash }: LiveItem, name: string): ItemDone {
  const { path, kind, size } = item;
  if (!isKeptName(path.at(-1) ?? '', name))
    throw new LiveletError('message-malformed', 'kept as something else');
  if (kind === 'file' && hash === undefined)
    throw new LiveletError('message-malformed', 'done before its end');
  return { how: 'kept', kind, path, name, size, ...(hash === undefined ? {} : { hash }) };
}

/** The header of a data message, written in front of content that stands there already: nothing is copied. */
function dataHeader(message: Uint8Array, index: number, offset: number): Uint8Array {
  const header = encodeFileMessage({ type: 'data', index, offset, bytes: new Uint8Array(0) });
  message.set(header);
  return message;
}
