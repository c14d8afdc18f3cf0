import {
  asLiveletError,
  type ByteStream,
  Clock,
  checkFilePath,
  Desktop,
  displayFileName,
  type FileOffer,
  type FilesOnOffer,
  type FolderListing,
  type GrantsView,
  LiveletError,
  MAX_FILE_MESSAGE,
  MAX_OFFERS,
  MAX_ON_OFFER,
  MAX_TRANSFER_ITEMS,
  type MessageStream,
  messageStream,
  OFFERED_FILES_PATH,
  OwnGrants,
  type PagePort,
  PluginChannel,
  PluginUi,
  ReceiptNotes,
  ReceivedFiles,
  readTakeRequest,
  SEND_FILES_PATH,
  SessionInfo,
  type SessionPart,
  SHARED_FILES_PATH,
  TAKE_FILES_PATH,
} from '@livelet/core';
import { inject, injectable, optional } from 'inversify';
import { Arrivals } from './arrivals.js';
import { FileDesk } from './file-desk.js';
import { OfferingDoor } from './offering-door.js';
import { offeredItems } from './own-files.js';
import type { PageToDesk } from './page-protocol.js';
import { restOf } from './rest-of.js';
import type { SourceItem } from './source.js';

/** How long whoever wants to take something may keep to themselves what, ms. */
const REQUEST_DEADLINE = 30_000;

/**
 * Transfers of the courier in each direction. It has two at once and queues the others; two that it broke off may still
 * put away here what has come of them.
 */
const AT_ONCE = 4;
/** Who hears what is on offer: one, and one whose end isn't known yet. */
const MAX_WATCHERS = 2;

interface Offer {
  readonly shown: FileOffer;
  readonly items: readonly SourceItem[];
  /** The page that holds them; absent: they lie on this computer's disk. */
  readonly port?: PagePort;
}

/** The half at the end whose person decides: files arrive there, and leave only if chosen or in a folder shared there. */
@injectable()
export class Depot implements SessionPart {
  readonly #channel: PluginChannel;
  readonly #ui: PluginUi;
  readonly #session: SessionInfo;
  readonly #consent: GrantsView;
  readonly #notes: ReceiptNotes;
  readonly #clock: Clock;
  readonly #door: OfferingDoor;
  readonly #received: ReceivedFiles | undefined;
  readonly #desktop: Desktop | undefined;
  readonly #resources = new DisposableStack();
  readonly #offers = new Map<string, Offer>();
  readonly #watchers = new Set<MessageStream>();
  readonly #running = new Set<Promise<void>>();
  readonly #atOnce = { in: 0, out: 0 };
  #shared: { readonly name: string; readonly port: PagePort } | undefined;
  #arrivals: Arrivals | undefined;
  #desk: FileDesk | undefined;

  constructor(
    @inject(PluginChannel) channel: PluginChannel,
    @inject(PluginUi) ui: PluginUi,
    @inject(SessionInfo) session: SessionInfo,
    @inject(OwnGrants) consent: GrantsView,
    @inject(ReceiptNotes) notes: ReceiptNotes,
    @inject(Clock) clock: Clock,
    @inject(OfferingDoor) door: OfferingDoor,
    @inject(ReceivedFiles) @optional() received?: ReceivedFiles,
    @inject(Desktop) @optional() desktop?: Desktop,
  ) {
    this.#channel = channel;
    this.#ui = ui;
    this.#session = session;
    this.#consent = consent;
    this.#notes = notes;
    this.#clock = clock;
    this.#door = door;
    this.#received = received;
    this.#desktop = desktop;
  }

  async start(): Promise<void> {
    const arrivals = await Arrivals.open(this.#received, () => this.#desk?.changed(), true);
    this.#arrivals = arrivals;
    const desk = new FileDesk({
      clock: this.#clock,
      session: this.#session,
      consent: this.#consent,
      notes: this.#notes,
      arrivals,
      offers: () => this.#onOffer,
      hear: (message, port) => this.#hear(message, port),
      chosen: (items, port) => this.#offer(items, port),
      gone: (port) => this.#gone(port),
      desktop: this.#desktop,
    });
    this.#desk = this.#resources.use(desk);
    this.#resources.use(
      this.#channel.serve(SHARED_FILES_PATH, { list: (parameter: unknown) => this.#list(parameter) }),
    );
    this.#resources.use(this.#channel.accept(SEND_FILES_PATH, (stream) => this.#receive(stream)));
    this.#resources.use(this.#channel.accept(TAKE_FILES_PATH, (stream) => this.#send(stream)));
    this.#resources.use(this.#channel.accept(OFFERED_FILES_PATH, (stream) => this.#watch(stream)));
    this.#resources.use(this.#consent.onChange(() => desk.changed()));
    this.#resources.use(desk.attach(this.#ui, 'depot'));
    this.#resources.use(this.#door.open((paths) => this.#offerOwn(paths)));
  }

  async stop(): Promise<void> {
    this.#resources.dispose();
    await Promise.all(this.#running);
    await this.#arrivals?.close();
    this.#arrivals = undefined;
  }

  get #onOffer(): FilesOnOffer {
    return {
      offers: [...this.#offers.values()].map(({ shown }) => shown),
      ...(this.#shared ? { shared: { name: this.#shared.name } } : {}),
    };
  }

  #hear(message: PageToDesk, port: PagePort): void {
    if (message.type === 'withdraw') this.#offers.delete(message.offer);
    else if (message.type === 'share') this.#shared = { name: displayFileName(`${message.name}`), port };
    else if (message.type === 'unshare') this.#shared = undefined;
    else return;
    this.#tellWatchers();
  }

  async #offerOwn(paths: readonly string[]): Promise<void> {
    if (!this.#consent.isGranted('take-files')) throw new LiveletError('not-granted', 'nothing may be taken');
    this.#offer(await offeredItems(paths));
  }

  #offer(items: readonly SourceItem[], port?: PagePort): void {
    if (this.#offers.size >= MAX_OFFERS) throw new LiveletError('file-too-many', 'offers that wait');
    const given = items.filter(({ refused }) => refused === undefined);
    const shown = {
      id: crypto.randomUUID(),
      name: displayFileName(given[0]?.path[0] ?? ''),
      items: given.length,
      bytes: given.reduce((sum, { size }) => sum + size, 0),
    };
    this.#offers.set(shown.id, { shown, items, ...(port && { port }) });
    this.#tellWatchers();
  }

  /** What the page held is gone with it. */
  #gone(port: PagePort): void {
    if (this.#shared?.port === port) this.#shared = undefined;
    for (const [id, offer] of this.#offers) if (offer.port === port) this.#offers.delete(id);
    this.#tellWatchers();
  }

  #watch(stream: ByteStream): void {
    if (this.#watchers.size >= MAX_WATCHERS) {
      stream.reset('file-too-many');
      return;
    }
    const messages = messageStream(stream, MAX_ON_OFFER);
    this.#watchers.add(messages);
    void stream.closed.then(() => this.#watchers.delete(messages));
    this.#tellWatcher(messages);
  }

  #tellWatchers(): void {
    this.#desk?.changed();
    for (const watcher of this.#watchers) this.#tellWatcher(watcher);
  }

  #tellWatcher(watcher: MessageStream): void {
    // One that reads nothing gets nothing more: what it would read last is old by then.
    if (watcher.queuedBytes > MAX_ON_OFFER) watcher.reset('deadline-exceeded');
    else void watcher.send(new TextEncoder().encode(JSON.stringify(this.#onOffer))).catch(() => undefined);
  }

  async #list(parameter: unknown): Promise<FolderListing> {
    const { path, from = 0 } = (parameter ?? {}) as { readonly path?: unknown; readonly from?: unknown };
    if (!Array.isArray(path) || !path.every((name) => typeof name === 'string')) {
      throw new LiveletError('file-name-refused', 'no path');
    }
    if (path.length > 0) checkFilePath(path);
    if (!(Number.isSafeInteger(from) && Number(from) >= 0 && Number(from) < MAX_TRANSFER_ITEMS)) {
      throw new LiveletError('file-too-many', 'no such line');
    }
    if (!this.#shared || !this.#desk) throw new LiveletError('file-unreadable', 'nothing is shared');
    return await this.#desk.files.list(this.#shared.port, path, Number(from));
  }

  #receive(stream: ByteStream): void {
    void this.#count('in', stream, async (desk) => {
      await desk.take(desk.newTransfer('in', ''), stream);
    });
  }

  #send(stream: ByteStream): void {
    void this.#count('out', stream, async (desk) => {
      const messages = messageStream(stream, MAX_FILE_MESSAGE);
      const iterator = messages[Symbol.asyncIterator]();
      const deadline = this.#clock.setTimer(REQUEST_DEADLINE, () => messages.reset('deadline-exceeded'));
      const first = await iterator.next().finally(() => deadline[Symbol.dispose]());
      if (first.done) throw new LiveletError('message-malformed', 'no request');
      const request = readTakeRequest(first.value);
      const items = await this.#requested(desk, request);
      const transfer = desk.newTransfer('out', items[0]?.path[0] ?? '');
      await desk.give(transfer, restOf(messages, iterator), items);
      // One that broke off can be tried again.
      if (transfer.shown.state !== 'done' || !('offer' in request)) return;
      this.#offers.delete(request.offer);
      this.#tellWatchers();
    });
  }

  async #requested(
    desk: FileDesk,
    request: ReturnType<typeof readTakeRequest>,
  ): Promise<readonly SourceItem[]> {
    if ('offer' in request) {
      const offer = this.#offers.get(request.offer);
      if (!offer) throw new LiveletError('file-unreadable', 'no such offer');
      return offer.items;
    }
    if (!this.#shared) throw new LiveletError('file-unreadable', 'nothing is shared');
    const items: SourceItem[] = [];
    for (const path of request.paths) items.push(...(await desk.files.items(this.#shared.port, path)));
    return items;
  }

  async #count(
    way: 'in' | 'out',
    stream: ByteStream,
    work: (desk: FileDesk) => Promise<void>,
  ): Promise<void> {
    const desk = this.#desk;
    if (!desk || this.#atOnce[way] >= AT_ONCE) return stream.reset('file-too-many');
    this.#atOnce[way] += 1;
    const running = work(desk).catch((error: unknown) => stream.reset(asLiveletError(error).code));
    this.#running.add(running);
    await running;
    this.#running.delete(running);
    this.#atOnce[way] -= 1;
  }
}
