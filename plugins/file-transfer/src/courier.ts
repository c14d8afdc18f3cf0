import {
  asLiveletError,
  Clock,
  checkFilePath,
  Desktop,
  displayFileName,
  type FileOffer,
  type FilePath,
  type FilesOnOffer,
  type GrantsView,
  LiveletError,
  MAX_FILE_MESSAGE,
  MAX_ON_OFFER,
  messageStream,
  OFFERED_FILES_PATH,
  type PagePort,
  PeerGrants,
  PluginChannel,
  PluginUi,
  ReceiptNotes,
  ReceivedFiles,
  type Remote,
  readFilesOnOffer,
  readFolderListing,
  SEND_FILES_PATH,
  SessionInfo,
  type SessionPart,
  SHARED_FILES_PATH,
  type SharedFilesService,
  TAKE_FILES_PATH,
  type TakeRequest,
} from '@livelet/core';
import { inject, injectable, optional } from 'inversify';
import { Arrivals } from './arrivals.js';
import { listFolder } from './disk-listing.js';
import { diskItems } from './disk-source.js';
import { FileDesk } from './file-desk.js';
import type { ExpectedTransfer } from './file-taker.js';
import { Slots } from './gate.js';
import type { PageToDesk, Pane } from './page-protocol.js';
import type { SourceItem } from './source.js';
import type { Transfer } from './transfer.js';

/** Transfers at once in each direction. */
const AT_ONCE = 2;

const NOTHING: FilesOnOffer = { offers: [] };

/** The half that brings files there and takes what is offered; it asks for each, and the other end decides. */
@injectable()
export class Courier implements SessionPart {
  readonly #channel: PluginChannel;
  readonly #ui: PluginUi;
  readonly #session: SessionInfo;
  readonly #consent: GrantsView;
  readonly #notes: ReceiptNotes;
  readonly #clock: Clock;
  readonly #received: ReceivedFiles | undefined;
  readonly #desktop: Desktop | undefined;
  readonly #shared: Remote<SharedFilesService>;
  readonly #resources = new DisposableStack();
  /** The others wait in line, so that small ones needn't wait behind one that is large. */
  readonly #line = { in: new Slots(AT_ONCE), out: new Slots(AT_ONCE) };
  readonly #running = new Set<Promise<void>>();
  #onOffer = NOTHING;
  #watching: Promise<void> | undefined;
  #arrivals: Arrivals | undefined;
  #desk: FileDesk | undefined;

  constructor(
    @inject(PluginChannel) channel: PluginChannel,
    @inject(PluginUi) ui: PluginUi,
    @inject(SessionInfo) session: SessionInfo,
    @inject(PeerGrants) consent: GrantsView,
    @inject(ReceiptNotes) notes: ReceiptNotes,
    @inject(Clock) clock: Clock,
    @inject(ReceivedFiles) @optional() received?: ReceivedFiles,
    @inject(Desktop) @optional() desktop?: Desktop,
  ) {
    this.#channel = channel;
    this.#ui = ui;
    this.#session = session;
    this.#consent = consent;
    this.#notes = notes;
    this.#clock = clock;
    this.#received = received;
    this.#desktop = desktop;
    this.#shared = channel.remote<SharedFilesService>(SHARED_FILES_PATH);
  }

  async start(): Promise<void> {
    const arrivals = await Arrivals.open(this.#received, () => this.#desk?.changed());
    this.#arrivals = arrivals;
    const desk = new FileDesk({
      clock: this.#clock,
      session: this.#session,
      consent: this.#consent,
      notes: this.#notes,
      arrivals,
      offers: () => this.#onOffer,
      hear: (message, port) => this.#hear(desk, message, port),
      chosen: (items) => this.#send(desk, items),
      gone: () => undefined,
      desktop: this.#desktop,
    });
    this.#desk = this.#resources.use(desk);
    this.#resources.use(
      this.#consent.onChange(() => {
        desk.changed();
        this.#watch();
      }),
    );
    this.#resources.use(desk.attach(this.#ui, 'courier'));
    this.#watch();
  }

  async stop(): Promise<void> {
    this.#resources.dispose();
    await Promise.all(this.#running);
    await this.#arrivals?.close();
    this.#arrivals = undefined;
  }

  async #hear(desk: FileDesk, message: PageToDesk, port: PagePort): Promise<void> {
    switch (message.type) {
      case 'take-offer': {
        const offer = this.#onOffer.offers.find(({ id }) => id === message.offer);
        if (offer) this.#take(desk, offer.name, { offer: offer.id }, offer);
        return;
      }
      case 'take-shared':
        for (const path of message.paths) checkFilePath(path);
        return this.#take(desk, message.paths[0]?.at(-1) ?? '', { paths: message.paths });
      case 'send-own': {
        const items: SourceItem[] = [];
        for (const path of message.paths) items.push(...(await diskItems(await this.#ownFolder(), path)));
        return this.#send(desk, items);
      }
      case 'look':
        return await this.#look(desk, port, message.pane, message.path, message.from);
      default:
    }
  }

  async #look(desk: FileDesk, port: PagePort, pane: Pane, path: FilePath, from = 0): Promise<void> {
    const found = { type: 'looked', pane, path, from } as const;
    try {
      const listing =
        pane === 'theirs'
          ? readFolderListing(await this.#shared.list({ path, from }, { deadline: 35_000 }))
          : await listFolder(await this.#ownFolder(), path, from);
      desk.tell(port, { ...found, listing });
    } catch (error) {
      desk.tell(port, { ...found, error: asLiveletError(error).code });
    }
  }

  async #ownFolder(): Promise<string> {
    await this.#arrivals?.place();
    return this.#arrivals?.folder ?? '';
  }

  #send(desk: FileDesk, items: readonly SourceItem[]): void {
    const title = items[0]?.path[0] ?? '';
    this.#queue(desk, desk.newTransfer('out', title), async (transfer) => {
      const stream = await this.#channel.open(SEND_FILES_PATH, this.#session.signal);
      await desk.give(transfer, stream, items);
    });
  }

  #take(desk: FileDesk, title: string, request: TakeRequest, expected?: ExpectedTransfer): void {
    const asked = new TextEncoder().encode(JSON.stringify(request));
    if (asked.length > MAX_ON_OFFER) throw new LiveletError('file-too-many', 'names in one request');
    const taken = desk.newTransfer('in', title);
    if ('offer' in request) taken.offer = request.offer;
    this.#queue(desk, taken, async (transfer) => {
      const stream = await this.#channel.open(TAKE_FILES_PATH, this.#session.signal);
      const messages = messageStream(stream, MAX_FILE_MESSAGE);
      void messages.send(asked).catch(() => undefined);
      await desk.take(transfer, messages, expected);
    });
  }

  #queue(desk: FileDesk, transfer: Transfer, run: (transfer: Transfer) => Promise<void>): void {
    let attempt: Promise<void> = Promise.resolve();
    const begin = (): void => {
      attempt = attempt.then(() => this.#inLine(transfer, run));
      const running = attempt.finally(() => this.#running.delete(running));
      this.#running.add(running);
    };
    transfer.retry = () => {
      if (!transfer.isOver) return;
      transfer.reset();
      begin();
    };
    begin();
    desk.changed();
  }

  async #inLine(transfer: Transfer, run: (transfer: Transfer) => Promise<void>): Promise<void> {
    using _slot = await this.#line[transfer.way].take(1);
    if (transfer.isOver) return;
    try {
      await run(transfer);
    } catch (error) {
      transfer.end(asLiveletError(error).code);
    }
  }

  /** What is on offer is told for as long as it may be taken. */
  #watch(): void {
    if (!this.#consent.isGranted('take-files') || this.#watching) return;
    this.#watching = this.#watchOffers()
      .catch(() => undefined)
      .finally(() => {
        this.#watching = undefined;
        this.#onOffer = NOTHING;
        this.#desk?.changed();
      });
  }

  async #watchOffers(): Promise<void> {
    const stream = await this.#channel.open(OFFERED_FILES_PATH, this.#session.signal);
    for await (const bytes of messageStream(stream, MAX_ON_OFFER)) {
      const { offers, ...others } = readFilesOnOffer(bytes);
      this.#onOffer = { ...others, offers: offers.map(asShown) };
      this.#desk?.changed();
    }
  }
}

/** The other end names it: nothing of that may read as something else. */
function asShown(offer: FileOffer): FileOffer {
  return { ...offer, name: displayFileName(offer.name) };
}
