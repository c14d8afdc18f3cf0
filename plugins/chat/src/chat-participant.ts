import {
  ArrivalLimit,
  asLiveletError,
  CHAT_PATH,
  ChatArchive,
  type ChatKeeping,
  type ChatReceipt,
  type ChatService,
  Clock,
  checkChatText,
  type GrantsView,
  type KeptChat,
  LiveletError,
  OwnGrants,
  type PagePort,
  PeerGrants,
  PluginChannel,
  PluginUi,
  type PortMessage,
  type Remote,
  readChatMessage,
  SessionInfo,
  type SessionPart,
} from '@livelet/core';
import { inject, injectable, optional } from 'inversify';
import { nothingKept } from './nothing-kept.js';
import {
  CHAT_PIECES,
  type ChatEntry,
  type PageToParticipant,
  type ParticipantToPage,
} from './page-protocol.js';
import { Transcript } from './transcript.js';

/** More than a person writes, and few enough to read: messages in 10 s. */
const MOST_ARRIVALS = 30;
/** Messages that wait to be sent; what comes on top isn't delivered. */
const MAX_WAITING = 20;

/** One of the two people: takes the peer's messages, sends the page's, in order and once each. */
@injectable()
export class ChatParticipant implements SessionPart {
  readonly #channel: PluginChannel;
  readonly #ui: PluginUi;
  readonly #session: SessionInfo;
  readonly #clock: Clock;
  /** The customer decides about the chat, at either end. */
  readonly #consent: GrantsView;
  readonly #peer: Remote<ChatService>;
  readonly #transcript = new Transcript();
  readonly #kept: KeptChat;
  readonly #arrivals: ArrivalLimit;
  readonly #ports = new Set<PagePort>();
  readonly #resources = new DisposableStack();
  #waiting = 0;
  /** What both people are told; set once both ends have agreed on it. */
  #keeping: ChatKeeping | undefined;
  #telling = false;
  #sending: Promise<void> = Promise.resolve();

  constructor(
    @inject(PluginChannel) channel: PluginChannel,
    @inject(PluginUi) ui: PluginUi,
    @inject(SessionInfo) session: SessionInfo,
    @inject(OwnGrants) own: GrantsView,
    @inject(PeerGrants) peer: GrantsView,
    @inject(Clock) clock: Clock,
    @inject(ChatArchive) @optional() archive?: ChatArchive,
  ) {
    this.#channel = channel;
    this.#ui = ui;
    this.#session = session;
    this.#clock = clock;
    this.#consent = session.side === 'customer' ? own : peer;
    this.#peer = channel.remote<ChatService>(CHAT_PATH);
    this.#arrivals = new ArrivalLimit(clock, MOST_ARRIVALS);
    this.#kept = archive?.begin(session) ?? nothingKept(session);
  }

  start(): void {
    const service = {
      deliver: (message: unknown) => this.#deliver(message),
      keep: (notice: unknown) => this.#keep(notice),
    };
    this.#resources.use(this.#channel.serve(CHAT_PATH, service));
    for (const piece of CHAT_PIECES) this.#resources.use(this.#ui.onPort(piece, (port) => this.#serve(port)));
    this.#resources.use(
      this.#consent.onChange(({ capability }) => {
        if (capability !== 'chat') return;
        this.#tellStates();
        void this.#tellKeeping();
      }),
    );
    void this.#tellKeeping();
  }

  stop(): void {
    this.#resources.dispose();
    for (const entry of this.#transcript.entries) {
      if (entry.delivery === 'sending') this.#record({ ...entry, delivery: 'failed' });
    }
    this.#kept.close();
    for (const port of this.#ports) port.close();
  }

  #deliver(value: unknown): ChatReceipt {
    const { id, text } = readChatMessage(value);
    // Sent again because its receipt was lost.
    const known = this.#transcript.find(id, false);
    if (known !== undefined) return { receivedAt: known.at };
    this.#arrivals.check();
    const receivedAt = this.#clock.wallTime();
    this.#put({ id, mine: false, text, at: receivedAt, delivery: 'delivered' });
    return { receivedAt };
  }

  /** At the customer's end. */
  #keep(notice: unknown): { kept: boolean } {
    try {
      return { kept: this.#kept.follow(notice).kept };
    } finally {
      this.#agree(this.#kept.keeping);
    }
  }

  /** At the operator's end: before the first message the customer is told who keeps it, and must agree. */
  async #tellKeeping(): Promise<void> {
    const { side, signal } = this.#session;
    if (side !== 'operator' || this.#keeping || this.#telling || !this.#consent.isGranted('chat')) return;
    this.#telling = true;
    try {
      await this.#peer.keep(this.#kept.notice, { signal });
      this.#agree(this.#kept.keeping);
    } catch (error) {
      // Anything else is the connection's or the consent's, and is tried again when the chat is allowed anew.
      if (asLiveletError(error).code === 'archive-choice-refused') this.#agree(this.#kept.refused());
    } finally {
      this.#telling = false;
    }
  }

  #agree(keeping: ChatKeeping | undefined): void {
    this.#keeping = keeping;
    this.#tellStates();
  }

  get #open(): boolean {
    return this.#keeping !== undefined && this.#consent.isGranted('chat');
  }

  #serve(port: PagePort): void {
    this.#ports.add(port);
    port.onMessage((message) => this.#take(port, message));
    port.onClose(() => this.#ports.delete(port));
    this.#tellState(port);
  }

  #take(port: PagePort, { json }: PortMessage): void {
    const message = json as unknown as PageToParticipant;
    try {
      if (message.type === 'send') this.#write(message.text);
      else if (message.type === 'resend') this.#resend(message.id);
    } catch (error) {
      post(port, { type: 'refused', error: asLiveletError(error).code });
    }
  }

  #write(text: string): void {
    if (typeof text !== 'string') throw new LiveletError('chat-malformed', 'no text');
    checkChatText(text);
    const id = crypto.randomUUID();
    this.#send({ id, mine: true, text, at: this.#clock.wallTime(), delivery: 'sending' });
  }

  #resend(id: string): void {
    const entry = this.#transcript.find(id, true);
    if (entry?.delivery === 'failed') this.#send({ ...entry, delivery: 'sending' });
  }

  #send(entry: ChatEntry): void {
    if (!this.#open || this.#waiting >= MAX_WAITING) {
      this.#put({ ...entry, delivery: 'failed' });
      return;
    }
    this.#put(entry);
    this.#waiting += 1;
    this.#sending = this.#sending.then(() => this.#call(entry));
  }

  /** Calls one at a time keep the order. */
  async #call(entry: ChatEntry): Promise<void> {
    const { id, text, at } = entry;
    try {
      await this.#peer.deliver({ id, text, at }, { signal: this.#session.signal });
      this.#put({ ...entry, delivery: 'delivered' });
    } catch {
      this.#put({ ...entry, delivery: 'failed' });
    } finally {
      this.#waiting -= 1;
    }
  }

  #put(entry: ChatEntry): void {
    this.#transcript.put(entry);
    if (entry.delivery !== 'sending') this.#record(entry);
    for (const port of this.#ports) post(port, { type: 'entry', entry });
  }

  /** For whoever keeps the chat. */
  #record({ id, mine, text, at, delivery }: ChatEntry): void {
    const { side } = this.#session;
    const from = mine ? side : side === 'operator' ? 'customer' : 'operator';
    this.#kept.add({ id, from, text, at, delivered: delivery === 'delivered' });
  }

  #tellStates(): void {
    for (const port of this.#ports) this.#tellState(port);
  }

  #tellState(port: PagePort): void {
    post(port, {
      type: 'state',
      open: this.#open,
      ...(this.#keeping ? { keeping: this.#keeping } : {}),
      peerName: this.#session.peer.name,
      entries: this.#transcript.entries,
    });
  }
}

function post(port: PagePort, message: ParticipantToPage): void {
  // Interfaces have no index signature, so TypeScript doesn't see that this is JSON.
  port.post({ json: message as unknown as PortMessage['json'] });
}
