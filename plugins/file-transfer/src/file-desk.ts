import {
  asLiveletError,
  type ByteStream,
  type Clock,
  type Desktop,
  type GrantsView,
  LiveletError,
  MAX_FILE_MESSAGE,
  type MessageStream,
  messageStream,
  type PagePort,
  type PluginUi,
  type PortMessage,
  type ReceiptNotes,
  type SessionInfo,
} from '@livelet/core';
import type { Arrivals } from './arrivals.js';
import { FileGiver } from './file-giver.js';
import { noteFile, noteSentInPart } from './file-receipts.js';
import { type ExpectedTransfer, FileTaker } from './file-taker.js';
import { PageFiles } from './page-files.js';
import { type DeskState, type DeskToPage, MAX_TRANSFERS, type PageToDesk } from './page-protocol.js';
import type { SourceItem } from './source.js';
import { Transfer } from './transfer.js';

/** The page hears of progress this often at most, ms. */
const TELL = 200;

export interface DeskOptions {
  readonly clock: Clock;
  readonly session: SessionInfo;
  /** The customer's, at either end. */
  readonly consent: GrantsView;
  readonly notes: ReceiptNotes;
  readonly arrivals: Arrivals;
  /** What the role adds to the state. */
  readonly offers: () => Pick<DeskState, 'offers' | 'shared'>;
  /** Messages of the page that the desk itself has no answer to. @throws LiveletError, which the page is told */
  readonly hear: (message: PageToDesk, port: PagePort) => void | Promise<void>;
  /** All that the person chose. */
  readonly chosen: (items: readonly SourceItem[], port: PagePort) => void;
  readonly gone: (port: PagePort) => void;
  readonly desktop?: Desktop | undefined;
}

/** What both halves have: transfers, the page that shows them, and the page's files. */
export class FileDesk implements Disposable {
  readonly files: PageFiles;
  readonly #options: DeskOptions;
  readonly #ports = new Set<PagePort>();
  readonly #transfers = new Map<number, Transfer>();
  #made = 0;
  #telling: Disposable | undefined;
  #stopped = false;

  constructor(options: DeskOptions) {
    this.#options = options;
    this.files = new PageFiles(options.clock);
  }

  /** @param piece the contribution's id */
  attach(ui: PluginUi, piece: string): Disposable {
    return ui.onPort(piece, (port) => {
      this.#ports.add(port);
      port.onMessage((message) => this.#hear(port, message));
      port.onClose(() => {
        this.#ports.delete(port);
        this.files.gone(port);
        this.#options.gone(port);
      });
      this.#post(port, { type: 'state', ...this.#state() });
    });
  }

  get running(): number {
    return [...this.#transfers.values()].filter(({ shown }) => shown.state === 'running').length;
  }

  /** @throws `file-too-many` */
  newTransfer(way: 'in' | 'out', title: string): Transfer {
    this.#made += 1;
    const transfer = new Transfer({
      id: this.#made,
      way,
      title,
      clock: this.#options.clock,
      changed: () => this.changed(),
      kept: (item) => noteFile(this.#options.notes, way, item),
      sentInPart: (item) => noteSentInPart(this.#options.notes, item),
    });
    this.#makeRoom();
    if (this.#transfers.size >= MAX_TRANSFERS) throw new LiveletError('file-too-many', 'transfers that wait');
    this.#transfers.set(transfer.id, transfer);
    this.changed();
    return transfer;
  }

  /** Gives `items` over `stream`. Resolves when it is over, however; the transfer tells how. */
  async give(
    transfer: Transfer,
    stream: ByteStream | MessageStream,
    items: readonly SourceItem[],
  ): Promise<void> {
    const messages = 'send' in stream ? stream : messageStream(stream, MAX_FILE_MESSAGE);
    const giver = new FileGiver(messages, transfer.shown.title, items, transfer);
    await this.#run(transfer, giver, messages);
  }

  /** Takes what comes over `stream`, into the folder of the arrivals. Resolves when it is over, however. */
  async take(
    transfer: Transfer,
    stream: ByteStream | MessageStream,
    expected?: ExpectedTransfer,
  ): Promise<void> {
    const messages = 'send' in stream ? stream : messageStream(stream, MAX_FILE_MESSAGE);
    try {
      const place = await this.#options.arrivals.place();
      transfer.keptIn(this.#options.arrivals.folder);
      const taker = new FileTaker(messages, place, transfer, expected);
      await this.#run(transfer, taker, messages);
    } catch (error) {
      const { code } = asLiveletError(error);
      messages.reset(code);
      transfer.end(code);
    }
  }

  tell(port: PagePort, message: DeskToPage): void {
    if (this.#ports.has(port)) this.#post(port, message);
  }

  /** Tells the pages soon: at once if nothing was told for a while. */
  changed(): void {
    if (this.#stopped) return;
    this.#telling ??= this.#options.clock.setTimer(this.running > 0 ? TELL : 0, () => {
      this.#telling = undefined;
      const state = this.#state();
      for (const port of this.#ports) this.#post(port, { type: 'state', ...state });
    });
  }

  [Symbol.dispose](): void {
    this.#stopped = true;
    this.#telling?.[Symbol.dispose]();
    for (const transfer of this.#transfers.values()) if (!transfer.isOver) transfer.cancel();
    for (const port of [...this.#ports]) port.close();
  }

  /** Of those that are over one in which nothing happened goes first: nobody's attempts push what did out of sight. */
  #makeRoom(): void {
    if (this.#transfers.size < MAX_TRANSFERS) return;
    const over = [...this.#transfers.values()].filter(({ isOver }) => isOver);
    const first = over.find(({ shown }) => shown.itemsDone === 0) ?? over[0];
    if (first) this.#transfers.delete(first.id);
  }

  async #run(transfer: Transfer, end: FileGiver | FileTaker, messages: MessageStream): Promise<void> {
    transfer.start({
      setPaused: (paused) => end.setPaused(paused),
      cancel: (code) => messages.reset(code),
    });
    try {
      await end.run();
      transfer.end();
    } catch (error) {
      transfer.end(asLiveletError(error).code);
    }
  }

  #hear(port: PagePort, { json, bytes }: PortMessage): void {
    const message = json as unknown as PageToDesk;
    void this.#answer(port, message, bytes).catch((error: unknown) => {
      this.tell(port, { type: 'refused', error: asLiveletError(error).code });
    });
  }

  async #answer(port: PagePort, message: PageToDesk, bytes: Uint8Array | undefined): Promise<void> {
    switch (message.type) {
      case 'answered':
        return this.files.answer(message, bytes);
      case 'chosen': {
        const items = this.files.choose(port, message.files, message.last);
        if (items && items.length > 0) this.#options.chosen(items, port);
        return;
      }
      case 'pause':
      case 'resume':
        return this.#transfers.get(message.transfer)?.setPaused(message.type === 'pause');
      case 'cancel':
        return this.#transfers.get(message.transfer)?.cancel();
      case 'show': {
        const path = this.#transfers.get(message.transfer)?.firstKept;
        if (path !== undefined) this.#options.desktop?.showInFolder(path);
        return;
      }
      case 'items': {
        const items = this.#transfers.get(message.transfer)?.itemsShown ?? [];
        return this.tell(port, { type: 'items', transfer: message.transfer, items });
      }
      case 'retry':
        return this.#transfers.get(message.transfer)?.retry?.();
      case 'answer':
        return this.#options.arrivals.answer(message.question, message.choice, message.all === true);
      default:
        await this.#options.hear(message, port);
    }
  }

  #state(): DeskState {
    const { consent, session, arrivals, offers } = this.#options;
    const { question } = arrivals;
    return {
      maySend: consent.isGranted('send-files'),
      mayTake: consent.isGranted('take-files'),
      peerName: session.peer.name,
      folder: arrivals.folder,
      ...offers(),
      transfers: [...this.#transfers.values()].map(({ shown }) => shown),
      canShow: this.#options.desktop !== undefined,
      ...(question === undefined ? {} : { question }),
    };
  }

  #post(port: PagePort, message: DeskToPage): void {
    port.post({ json: message as unknown as PortMessage['json'] });
  }
}
