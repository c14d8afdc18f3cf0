import {
  ArrivalLimit,
  asLiveletError,
  type ByteStream,
  type ClipboardRefusal,
  Clock,
  type CopiedContent,
  checkCopied,
  copiedBytes,
  formatsOf,
  GrantedStream,
  type GrantsView,
  isClipboardRefusal,
  LiveletError,
  type PagePort,
  PeerGrants,
  PluginChannel,
  PluginUi,
  type PortMessage,
  SEND_CLIPBOARD_PATH,
  SessionInfo,
  type SessionPart,
  TAKE_CLIPBOARD_PATH,
} from '@livelet/core';
import { inject, injectable } from 'inversify';
import { MOST_ARRIVALS, receiveCopied } from './copied-receiver.js';
import { CopiedSender } from './copied-sender.js';
import { type LastCopied, MENU_PIECE, type PageToPartner, type PartnerToPage } from './page-protocol.js';
import { joinParts, splitParts } from './parts.js';

/** How long the page has to put something on its clipboard, or to offer it, ms. */
const PLACE_DEADLINE = 10_000;

type Placed = Extract<PageToPartner, { type: 'placed' }>;

/** Joins the clipboard of the operator's page with the sharer's, each way while the customer allows it. */
@injectable()
export class ClipboardPartner implements SessionPart {
  readonly #channel: PluginChannel;
  readonly #ui: PluginUi;
  readonly #grants: GrantsView;
  readonly #session: SessionInfo;
  readonly #clock: Clock;
  readonly #arrivals: ArrivalLimit;
  readonly #resources = new DisposableStack();
  readonly #ports = new Set<PagePort>();
  readonly #placing = new Map<number, (where: Placed['where']) => void>();
  #sender: CopiedSender | undefined;
  #taking = false;
  #lastId = 0;
  #lastSent: LastCopied | undefined;
  #lastTaken: LastCopied | undefined;

  constructor(
    @inject(PluginChannel) channel: PluginChannel,
    @inject(PluginUi) ui: PluginUi,
    @inject(PeerGrants) grants: GrantsView,
    @inject(SessionInfo) session: SessionInfo,
    @inject(Clock) clock: Clock,
  ) {
    this.#channel = channel;
    this.#ui = ui;
    this.#grants = grants;
    this.#session = session;
    this.#clock = clock;
    this.#arrivals = new ArrivalLimit(clock, MOST_ARRIVALS);
  }

  start(): void {
    this.#resources.use(this.#ui.onPort(MENU_PIECE, (port) => this.#serve(port)));
    const hold = (
      path: typeof SEND_CLIPBOARD_PATH,
      capability: 'send-clipboard' | 'take-clipboard',
      held: (stream: ByteStream) => Promise<void>,
    ): void => {
      this.#resources.use(new GrantedStream(this.#channel, this.#grants, path, capability, held));
    };
    hold(SEND_CLIPBOARD_PATH, 'send-clipboard', (stream) => this.#send(stream));
    hold(TAKE_CLIPBOARD_PATH, 'take-clipboard', (stream) => this.#take(stream));
  }

  stop(): void {
    this.#resources.dispose();
    for (const port of this.#ports) port.close();
  }

  async #send(stream: ByteStream): Promise<void> {
    const sender = new CopiedSender(stream, this.#clock);
    this.#sender = sender;
    this.#tellAll();
    await sender.run();
    this.#sender = undefined;
    this.#lastSent = undefined;
    this.#tellAll();
  }

  async #take(stream: ByteStream): Promise<void> {
    await receiveCopied(stream, this.#arrivals, {
      ready: () => {
        this.#taking = true;
        this.#tellAll();
      },
      take: async (content) => {
        await this.#place(content);
        this.#lastTaken = this.#last(content);
        this.#tellAll();
      },
      missed: (refusal) => {
        this.#lastTaken = this.#last({}, refusal);
        this.#tellAll();
      },
    });
    this.#taking = false;
    this.#lastTaken = undefined;
    this.#tellAll();
  }

  /** On the page's clipboard, or offered there. @throws `clipboard-refused`, `clipboard-unavailable` (no page takes it) */
  async #place(content: CopiedContent): Promise<void> {
    const { parts, bytes } = joinParts(content);
    this.#lastId += 1;
    const id = this.#lastId;
    const { promise, resolve } = Promise.withResolvers<Placed['where']>();
    using _ = this.#clock.setTimer(PLACE_DEADLINE, () => resolve('nowhere'));
    if (this.#ports.size === 0) throw new LiveletError('clipboard-unavailable', 'no page');
    this.#placing.set(id, resolve);
    for (const port of this.#ports) post(port, { type: 'arrived', id, parts }, bytes);
    try {
      if ((await promise) === 'nowhere')
        throw new LiveletError('clipboard-refused', 'the page did not take it');
    } finally {
      this.#placing.delete(id);
    }
  }

  #serve(port: PagePort): void {
    this.#ports.add(port);
    port.onMessage((message) => this.#hear(message));
    port.onClose(() => this.#ports.delete(port));
    this.#tell(port);
  }

  #hear({ json, bytes }: PortMessage): void {
    const message = json as unknown as PageToPartner;
    if (message.type === 'placed') this.#placing.get(message.id)?.(message.where);
    else if (message.type === 'copied') void this.#give(message.parts, bytes);
  }

  async #give(parts: unknown, bytes: Uint8Array | undefined): Promise<void> {
    const sender = this.#sender;
    if (sender === undefined) return;
    let content: CopiedContent = {};
    let refusal: ClipboardRefusal | undefined;
    try {
      content = checkCopied(splitParts(parts, bytes));
      const outcome = await sender.send(content);
      if (outcome === 'superseded') return;
      refusal = outcome === 'taken' ? undefined : outcome;
    } catch (error) {
      const { code } = asLiveletError(error);
      // Anything else is the stream's end, which the state tells. It isn't sent later.
      if (!isClipboardRefusal(code)) return;
      refusal = code;
    }
    if (this.#sender !== sender) return;
    this.#lastSent = this.#last(content, refusal);
    this.#tellAll();
  }

  #last(content: CopiedContent, refusal?: ClipboardRefusal): LastCopied {
    const last = { formats: formatsOf(content), bytes: copiedBytes(content), at: this.#clock.wallTime() };
    return refusal === undefined ? last : { ...last, refusal };
  }

  #tellAll(): void {
    for (const port of this.#ports) this.#tell(port);
  }

  #tell(port: PagePort): void {
    post(port, {
      type: 'state',
      sends: this.#sender !== undefined,
      takes: this.#taking,
      peerName: this.#session.peer.name,
      ...(this.#lastSent && { lastSent: this.#lastSent }),
      ...(this.#lastTaken && { lastTaken: this.#lastTaken }),
    });
  }
}

function post(port: PagePort, message: PartnerToPage, bytes?: Uint8Array): void {
  // Interfaces have no index signature, so TypeScript doesn't see that this is JSON.
  const json = message as unknown as PortMessage['json'];
  port.post(bytes === undefined ? { json } : { json, bytes });
}
