import {
  asLiveletError,
  CHAT_PATH,
  type ChatReceipt,
  type ChatService,
  Clock,
  checkChatText,
  type GrantsView,
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
import { inject, injectable } from 'inversify';
import { ArrivalLimit } from './arrival-limit.js';
import {
  CHAT_PIECES,
  type ChatEntry,
  type PageToParticipant,
  type ParticipantToPage,
} from './page-protocol.js';
import { Transcript } from './transcript.js';

/** Messages that wait to be sent; what comes on top isn't delivered. */
const MAX_WAITING = 20;
/** Set once an organisation's archive takes the transcript. */
const KEPT = false;

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
  readonly #arrivals: ArrivalLimit;
  readonly #ports = new Set<PagePort>();
  readonly #resources = new DisposableStack();
  #waiting = 0;
  #sending: Promise<void> = Promise.resolve();

  constructor(
    @inject(PluginChannel) channel: PluginChannel,
    @inject(PluginUi) ui: PluginUi,
    @inject(SessionInfo) session: SessionInfo,
    @inject(OwnGrants) own: GrantsView,
    @inject(PeerGrants) peer: GrantsView,
    @inject(Clock) clock: Clock,
  ) {
    this.#channel = channel;
    this.#ui = ui;
    this.#session = session;
    this.#clock = clock;
    this.#consent = session.side === 'customer' ? own : peer;
    this.#peer = channel.remote<ChatService>(CHAT_PATH);
    this.#arrivals = new ArrivalLimit(clock);
  }

  start(): void {
    const service = { deliver: (message: unknown) => this.#deliver(message) };
    this.#resources.use(this.#channel.serve(CHAT_PATH, service));
    for (const piece of CHAT_PIECES) this.#resources.use(this.#ui.onPort(piece, (port) => this.#serve(port)));
    this.#resources.use(
      this.#consent.onChange(({ capability }) => {
        if (capability === 'chat') for (const port of this.#ports) this.#tellState(port);
      }),
    );
  }

  stop(): void {
    this.#resources.dispose();
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
    if (!this.#consent.isGranted('chat') || this.#waiting >= MAX_WAITING) {
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
    for (const port of this.#ports) post(port, { type: 'entry', entry });
  }

  #tellState(port: PagePort): void {
    post(port, {
      type: 'state',
      open: this.#consent.isGranted('chat'),
      kept: KEPT,
      peerName: this.#session.peer.name,
      entries: this.#transcript.entries,
    });
  }
}

function post(port: PagePort, message: ParticipantToPage): void {
  // Interfaces have no index signature, so TypeScript doesn't see that this is JSON.
  port.post({ json: message as unknown as PortMessage['json'] });
}
