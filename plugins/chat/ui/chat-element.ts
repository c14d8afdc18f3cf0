import {
  type ChatKeeping,
  countCharacters,
  displayChatText,
  type Locale,
  MAX_CHAT_CHARACTERS,
  timeOfDay,
} from '@livelet/core/page';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ChatEntry, PageToParticipant } from '../src/page-protocol.js';
import { chatStyles } from './chat-styles.js';
import { charactersLeft, keepingText, type TextName, text } from './strings.js';

/** From so many characters left on they are counted on the screen. */
const NEAR_LIMIT = 200;

/** The messages and the field to write in. */
export class ChatElement extends LitElement {
  static override readonly properties = {
    locale: {},
    open: { type: Boolean },
    keeping: { attribute: false },
    peerName: {},
    entries: { attribute: false },
    firstUnread: { attribute: false },
    problem: {},
    draft: { state: true },
  };
  static override readonly styles = chatStyles;
  declare locale: Locale;
  declare open: boolean;
  declare keeping: ChatKeeping | undefined;
  declare peerName: string;
  declare entries: readonly ChatEntry[];
  /** The first message of the other person that nobody has seen. */
  declare firstUnread: ChatEntry | undefined;
  declare problem: TextName | undefined;
  declare draft: string;
  /** Sends to the participant. */
  say: (message: PageToParticipant) => void = () => undefined;

  constructor() {
    super();
    this.locale = 'en';
    this.open = false;
    this.peerName = '';
    this.entries = [];
    this.draft = '';
  }

  /** The keyboard goes to the field to write in. */
  write(): void {
    this.renderRoot.querySelector('textarea')?.focus();
  }

  override render(): TemplateResult {
    return html`<p class="ll-notice keeping" role="status">${keepingText(this.keeping, this.locale)}</p>
      <div class="log" role="log" aria-label=${this.#text('log')} tabindex="0">
        ${this.entries.length === 0 ? html`<p class="about">${this.#text('empty')}</p>` : nothing}
        <ol>
          ${repeat(
            this.entries,
            (entry) => `${entry.mine} ${entry.id}`,
            (entry) => this.#entry(entry),
          )}
        </ol>
      </div>
      ${this.open ? nothing : html`<p class="ll-notice">${this.#text('closed')}</p>`}
      ${this.problem === undefined ? nothing : html`<p class="ll-notice" role="alert">${this.#text(this.problem)}</p>`}
      ${this.#composer()}`;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('entries')) this.#follows = this.#isAtEnd();
  }

  protected override updated(changed: PropertyValues<this>): void {
    const log = this.#log;
    if (changed.has('entries') && this.#follows && log !== null) log.scrollTop = log.scrollHeight;
  }

  #follows = true;

  get #log(): HTMLElement | null {
    return this.renderRoot.querySelector('.log');
  }

  /** Whoever reads further up isn't moved away from there. */
  #isAtEnd(): boolean {
    const log = this.#log;
    return log === null || log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  }

  #entry(entry: ChatEntry): TemplateResult {
    const author = entry.mine ? this.#text('you') : this.peerName || this.#text('peer');
    return html`${
      entry === this.firstUnread ? html`<li class="unread">${this.#text('unread')}</li>` : nothing
    }
      <li class="message ${entry.mine ? 'mine' : 'theirs'}">
        <p class="about"><bdi class="author">${author}</bdi><span>${timeOfDay(entry.at, this.locale)}</span>${this.#delivery(entry)}</p>
        <p class="text" dir="auto">${displayChatText(entry.text)}</p>
      </li>`;
  }

  #delivery({ id, mine, delivery }: ChatEntry): TemplateResult | typeof nothing {
    if (!mine) return nothing;
    const again = html`<button type="button" @click=${() => this.say({ type: 'resend', id })}>
      ${this.#text('again')}
    </button>`;
    return html`<span class=${delivery}>${this.#text(delivery)}</span>${delivery === 'failed' ? again : nothing}`;
  }

  #composer(): TemplateResult {
    const left = MAX_CHAT_CHARACTERS - countCharacters(this.draft);
    const blocked = !this.open || left < 0 || this.draft.trim() === '';
    return html`${
      left > NEAR_LIMIT
        ? nothing
        : html`<p id="left" class="left ${left < 0 ? 'over' : ''}" role="status">
            ${charactersLeft(left, this.locale)}
          </p>`
    }
      <form @submit=${this.#submit}>
        <label class="ll-visually-hidden" for="draft">${this.#text('write')}</label>
        <textarea
          id="draft"
          rows="1"
          dir="auto"
          placeholder=${this.#text('write')}
          aria-invalid=${left < 0}
          aria-describedby=${left > NEAR_LIMIT ? nothing : 'left'}
          .value=${this.draft}
          @input=${this.#edit}
          @keydown=${this.#key}
        ></textarea>
        <button ?disabled=${blocked}>${this.#text('send')}</button>
      </form>`;
  }

  #text(name: TextName): string {
    return text(name, this.locale);
  }

  #edit(event: Event): void {
    this.draft = (event.target as HTMLTextAreaElement).value;
    this.problem = undefined;
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.renderRoot.querySelector('form')?.requestSubmit();
  }

  #submit(event: Event): void {
    event.preventDefault();
    const left = MAX_CHAT_CHARACTERS - countCharacters(this.draft, MAX_CHAT_CHARACTERS);
    if (!this.open || left < 0 || this.draft.trim() === '') return;
    this.say({ type: 'send', text: this.draft });
    this.draft = '';
  }
}
customElements.define('livelet-chat', ChatElement);
