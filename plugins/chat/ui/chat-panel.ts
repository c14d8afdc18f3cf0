import {
  type JsonValue,
  PANEL_KEYBOARD_EVENT,
  PANEL_UNREAD_EVENT,
  type PanelContext,
  type PanelUnread,
} from '@livelet/core/page';
import { type ChatEntry, MAX_ENTRIES, type ParticipantToPage } from '../src/page-protocol.js';
import { ChatElement } from './chat-element.js';

/** Shows the chat, and tells the page how many messages wait unseen. */
export function mount(context: PanelContext<HTMLElement>): Disposable {
  return new ChatPanel(context);
}

class ChatPanel implements Disposable {
  readonly #context: PanelContext<HTMLElement>;
  readonly #element = new ChatElement();
  readonly #resources = new DisposableStack();
  #seen = true;
  #unread = 0;

  constructor(context: PanelContext<HTMLElement>) {
    this.#context = context;
    this.#element.locale = context.locale;
    this.#element.say = (message) => context.port.post({ json: message as unknown as JsonValue });
    this.#resources.use(
      context.onLocale((locale) => {
        this.#element.locale = locale;
      }),
    );
    this.#resources.use(
      context.port.onMessage(({ json }) => this.#hear(json as unknown as ParticipantToPage)),
    );
    this.#watchVisibility();
    const write = (): void => this.#element.write();
    context.root.addEventListener(PANEL_KEYBOARD_EVENT, write);
    this.#resources.defer(() => context.root.removeEventListener(PANEL_KEYBOARD_EVENT, write));
    context.root.append(this.#element);
    context.dress(this.#element.renderRoot);
    this.#resources.defer(() => this.#element.remove());
  }

  [Symbol.dispose](): void {
    this.#resources.dispose();
  }

  #hear(message: ParticipantToPage): void {
    const element = this.#element;
    switch (message.type) {
      case 'state':
        element.open = message.open;
        element.keeping = message.keeping;
        element.peerName = message.peerName;
        element.entries = message.entries;
        break;
      case 'entry':
        this.#put(message.entry);
        break;
      case 'refused':
        element.problem = message.error === 'chat-too-long' ? 'tooLong' : 'malformed';
        break;
    }
  }

  #put(entry: ChatEntry): void {
    const { entries } = this.#element;
    const known = entries.findIndex(({ id, mine }) => id === entry.id && mine === entry.mine);
    this.#element.entries = known < 0 ? [...entries, entry].slice(-MAX_ENTRIES) : entries.with(known, entry);
    if (known >= 0) return;
    // Whoever writes has read.
    if (entry.mine) this.#markRead();
    else if (!this.#seen) this.#markUnread(entry);
  }

  #watchVisibility(): void {
    let shown = true;
    const look = (): void => {
      this.#seen = shown && !document.hidden;
      // The mark in the list stays until something is written, so that it can be found.
      if (this.#seen) this.#tellUnread(0);
    };
    const observer = new IntersectionObserver((entries) => {
      shown = entries.at(-1)?.isIntersecting ?? shown;
      look();
    });
    observer.observe(this.#context.root);
    document.addEventListener('visibilitychange', look);
    this.#resources.defer(() => {
      observer.disconnect();
      document.removeEventListener('visibilitychange', look);
    });
  }

  #markUnread(entry: ChatEntry): void {
    if (this.#unread === 0) this.#element.firstUnread = entry;
    this.#tellUnread(this.#unread + 1);
  }

  #markRead(): void {
    this.#element.firstUnread = undefined;
    this.#tellUnread(0);
  }

  #tellUnread(count: number): void {
    if (count === this.#unread) return;
    this.#unread = count;
    this.#context.root.dispatchEvent(
      new CustomEvent<PanelUnread>(PANEL_UNREAD_EVENT, { detail: { count }, bubbles: true, composed: true }),
    );
  }
}
