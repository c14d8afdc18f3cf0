import type { Locale } from '@livelet/core/page';
import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import type { DeskState, PageToDesk } from '../src/page-protocol.js';
import { filesStyles } from './files-styles.js';
import type { PageStore } from './page-store.js';
import { bytesText, type TextName, text } from './strings.js';

export const NO_STATE: DeskState = {
  maySend: false,
  mayTake: false,
  peerName: '',
  folder: '',
  offers: [],
  transfers: [],
  canShow: false,
};

/** What both panels are made of. */
export abstract class FilesElement extends LitElement {
  static override readonly properties = {
    locale: {},
    state: { attribute: false },
    problem: {},
  };
  static override readonly styles = filesStyles;
  declare locale: Locale;
  declare state: DeskState;
  /** What the half refused last, in words. */
  declare problem: string | undefined;
  say: (message: PageToDesk) => void = () => undefined;
  announce: (text: string) => void = () => undefined;
  store: PageStore | undefined;

  constructor() {
    super();
    this.locale = 'en';
    this.state = NO_STATE;
  }

  protected text(name: TextName): string {
    return text(name, this.locale);
  }

  /** A transfer waits for the answer: the question may stand where nobody looks. */
  protected override updated(changed: PropertyValues<this>): void {
    const { question, maySend, mayTake } = this.state;
    const before = changed.get('state');
    // What was not allowed can be done now.
    if (before && ((maySend && !before.maySend) || (mayTake && !before.mayTake))) this.problem = undefined;
    if (!question || before?.question?.id === question.id) return;
    this.renderRoot.querySelector('.question')?.scrollIntoView({ block: 'center' });
  }

  /** What is on offer, each with a button that says `word`. */
  protected offerLines(word: 'take' | 'withdraw', act: (offer: string) => void): TemplateResult {
    return html`<ul>
      ${this.state.offers.map(
        ({ id, name, items, bytes }) => html`<li class="line">
          <span class="grow"
            ><bdi class="name">${name}</bdi>${items > 1 ? ` (+${items - 1})` : ''} ·
            ${bytesText(bytes, this.locale)}</span
          >
          <button type="button" aria-label=${`${this.text(word)}: ${name}`} @click=${() => act(id)}>
            ${this.text(word)}
          </button>
        </li>`,
      )}
    </ul>`;
  }

  /** Opens the picker whose input has this id. */
  protected pick(id: string): void {
    this.renderRoot.querySelector<HTMLInputElement>(`#${id}`)?.click();
  }

  protected readonly picked = (event: Event): void => {
    const input = event.currentTarget as HTMLInputElement;
    this.problem = undefined;
    this.store?.choose(input.files ?? []);
    // The same file can be chosen again.
    input.value = '';
  };
}
