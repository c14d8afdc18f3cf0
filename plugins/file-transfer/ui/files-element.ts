import { displayFileName, type Locale } from '@livelet/core/page';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { DeskState, ItemShown, PageToDesk, TransferShown } from '../src/page-protocol.js';
import { filesStyles } from './files-styles.js';
import type { PageStore } from './page-store.js';
import { bytesText, type TextName, text } from './strings.js';
import { transferList } from './transfer-list.js';

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
    copied: { state: true },
    items: { state: true },
  };
  static override readonly styles = filesStyles;
  declare locale: Locale;
  declare state: DeskState;
  /** What the half refused last, in words. */
  declare problem: string | undefined;
  /** The path that was copied last, or that couldn't be. */
  declare copied: { readonly path: string; readonly failed: boolean } | undefined;
  /** What became of the items of the transfers whose lists are open. */
  declare items: ReadonlyMap<number, readonly ItemShown[]>;
  /** The person at the other end. */
  protected abstract readonly other: 'customer' | 'helper';
  /** How much of each was over when its list was asked for. */
  readonly #asked = new Map<number, number>();
  say: (message: PageToDesk) => void = () => undefined;
  announce: (text: string) => void = () => undefined;
  store: PageStore | undefined;

  constructor() {
    super();
    this.locale = 'en';
    this.state = NO_STATE;
    this.items = new Map();
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
    for (const transfer of this.state.transfers) {
      if (this.#asked.has(transfer.id) && this.#asked.get(transfer.id) !== transfer.itemsDone)
        this.#askItems(transfer);
    }
    if (!question || before?.question?.id === question.id) return;
    this.renderRoot.querySelector('.question')?.scrollIntoView({ block: 'center' });
  }

  /** What waits for the person here, by a name for each, in words. */
  get waiting(): ReadonlyMap<string, string> {
    const { question } = this.state;
    const words = question && `${this.text('exists')} ${displayFileName(question.path.join('/'))}`;
    return new Map(question && words ? [[`question ${question.id}`, words]] : []);
  }

  protected transferList(): TemplateResult | typeof nothing {
    const { state, locale, say, other } = this;
    return transferList(state.transfers, locale, say, {
      other,
      asked: state.question !== undefined,
      place: (transfer) => this.#place(transfer),
      itemsOf: (transfer) => this.items.get(transfer),
      showItems: (transfer, open) => {
        if (open) this.#askItems(transfer);
        else this.#asked.delete(transfer.id);
      },
    });
  }

  /** Where it is once it has gone: by its path at this end, by what the other one calls the folder at that one. */
  #place({ id, way, title, keptAt: path }: TransferShown): TemplateResult | typeof nothing {
    if (path === undefined) return nothing;
    if (way === 'out') {
      return html`<p class="about">${this.text('keptThere')} <bdi>${path}</bdi></p>`;
    }
    const copied = this.copied?.path === path ? this.copied : undefined;
    return html`<p class="about">${this.text('keptHere')} <bdi>${path}</bdi></p>
      ${copied?.failed ? html`<p role="alert">${this.text('notCopied')}</p>` : nothing}
      <div class="buttons">
        ${this.#placeButton(copied && !copied.failed ? 'copied' : 'copyPath', title, () => void this.#copy(path))}
        ${this.state.canShow ? this.#placeButton('showFolder', title, () => this.say({ type: 'show', transfer: id })) : nothing}
      </div>`;
  }

  #placeButton(name: TextName, title: string, act: () => void): TemplateResult {
    return html`<button type="button" aria-label=${`${this.text(name)}: ${title}`} @click=${act}>${this.text(name)}</button>`;
  }

  async #copy(path: string): Promise<void> {
    const failed = await navigator.clipboard.writeText(path).then(
      () => false,
      () => true,
    );
    this.copied = { path, failed };
    if (!failed) this.announce(this.text('copied'));
  }

  #askItems({ id, itemsDone }: TransferShown): void {
    this.#asked.set(id, itemsDone);
    this.say({ type: 'items', transfer: id });
  }

  /** What is on offer, each with a button that says `word`. */
  protected offerLines(word: 'take' | 'withdraw', act: (offer: string) => void): TemplateResult {
    const arriving = new Set(
      this.state.transfers
        .filter(({ state }) => state === 'waiting' || state === 'running')
        .map(({ offer }) => offer),
    );
    return html`<ul>
      ${this.state.offers.map(
        ({ id, name, items, bytes }) => html`<li class="line">
          <span class="grow"
            ><bdi class="name">${name}</bdi>${items > 1 ? ` (+${items - 1})` : ''} ·
            ${bytesText(bytes, this.locale)}</span
          >
          <button
            type="button"
            aria-label=${`${this.text(word)}: ${name}`}
            ?disabled=${arriving.has(id)}
            @click=${() => act(id)}
          >
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
