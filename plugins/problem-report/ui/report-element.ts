import {
  type Locale,
  MAX_REPORT_TEXT,
  type ReportItem,
  type ReportPicture,
  type ReportText,
  type ReportTextId,
} from '@livelet/core/page';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { canTakeScreen, screenPicture, shrink, stagePicture } from './report-picture.js';
import { reportStyles } from './report-styles.js';
import { sealedText, sizeText, type TextName, text } from './strings.js';

/** A text of the report as the person leaves it. */
interface Draft {
  readonly id: ReportTextId;
  text: string;
  included: boolean;
}

/** All that a report would hold, each part to be changed or struck out. */
export class ReportElement extends LitElement {
  static override readonly properties = {
    locale: {},
    relay: {},
    canSeal: { type: Boolean },
    waiting: { type: Number },
    sending: { type: Boolean },
    progress: { type: Number },
    outcome: {},
    drafts: { state: true },
    picture: { state: true },
  };
  static override readonly styles = reportStyles;
  declare locale: Locale;
  declare relay: string;
  declare canSeal: boolean;
  declare waiting: number;
  declare sending: boolean;
  /** How much is on its way, 0 to 1. */
  declare progress: number;
  /** What became of it. */
  declare outcome: TextName | undefined;
  declare drafts: readonly Draft[];
  declare picture: ReportPicture | undefined;
  #finished = false;
  send: (items: readonly ReportItem[]) => void = () => undefined;
  save: (items: readonly ReportItem[]) => void = () => undefined;
  cancel: () => void = () => undefined;
  discard: () => void = () => undefined;

  constructor() {
    super();
    this.locale = 'en';
    this.relay = '';
    this.canSeal = true;
    this.waiting = 0;
    this.sending = false;
    this.progress = 0;
    this.drafts = [];
  }

  /** Begins with these, and a place for the person's own words before them. */
  show(items: readonly ReportText[]): void {
    const all: readonly ReportText[] = [{ id: 'note', text: '' }, ...items];
    this.drafts = all.map(({ id, text: words }) => ({ id, text: words, included: true }));
  }

  finish(how: 'sent' | 'queued'): void {
    this.sending = false;
    this.#finished = true;
    if (how === 'queued') this.waiting += 1;
    this.outcome = how;
  }

  fail(outcome: TextName): void {
    this.sending = false;
    this.outcome = outcome;
  }

  /** What is sealed: exactly what is shown and ticked. */
  get items(): readonly ReportItem[] {
    const texts = this.drafts
      .filter(({ included, text: words }) => included && words !== '')
      .map(({ id, text: words }) => ({ id, text: words }));
    return this.picture === undefined ? texts : [...texts, this.picture];
  }

  override render(): TemplateResult {
    if (this.#finished)
      return html`${this.#outcome()} ${this.waiting > 0 ? this.#waitingButtons() : nothing}`;
    if (this.drafts.length === 0)
      return html`<p role="status">${this.#text('gathering')}</p><progress></progress>`;
    const { items } = this;
    const bytes = new TextEncoder().encode(JSON.stringify(items)).length;
    return html`<p>${this.#text(this.canSeal ? 'intro' : 'introToSave')}</p>
      ${
        this.waiting > 0
          ? html`<p class="ll-small ll-quiet-text">${this.#text('waiting')}</p>
              <div class="buttons">${this.#discardButton()}</div>`
          : nothing
      }
      ${this.drafts.map((draft) => this.#draft(draft))} ${this.#pictureItem()}
      <p class="ll-small ll-quiet-text">
        ${this.canSeal ? sealedText(this.relay, items.length === 0 ? 0 : bytes, this.locale) : this.#text('noKey')}
      </p>
      ${this.#outcome()} ${this.#buttons(items)}`;
  }

  /** This computer's program may never be started again: what waits can go another way, or not at all. */
  #waitingButtons(): TemplateResult {
    return html`<div class="buttons">
      <button type="button" @click=${() => this.save(this.items)}>${this.#text('save')}</button>
      ${this.#discardButton()}
    </div>`;
  }

  #discardButton(): TemplateResult {
    return html`<button type="button" ?disabled=${this.sending} @click=${() => this.discard()}>
      ${this.#text('discard')}
    </button>`;
  }

  #draft(draft: Draft): TemplateResult {
    const { id, included } = draft;
    const title = this.#text(id);
    if (id === 'note') {
      return html`<div class="item">
        <div class="head"><label for="note">${title}</label></div>
        <textarea id="note" maxlength=${MAX_REPORT_TEXT} ?disabled=${this.sending} .value=${draft.text}
          @input=${(event: Event) => this.#write(draft, event)}></textarea>
      </div>`;
    }
    const tooLong = draft.text.length > MAX_REPORT_TEXT;
    return html`<fieldset class="item ${included ? '' : 'out'}" ?disabled=${this.sending}>
      <div class="head">
        <label
          ><input type="checkbox" .checked=${included} @change=${(event: Event) => this.#tick(draft, event)} />${title}</label
        >
        <span class="size ll-small ll-quiet-text">${sizeText(new TextEncoder().encode(draft.text).length, this.locale)}</span>
      </div>
      <textarea class="exact" data-item=${id} aria-label=${title} spellcheck="false" ?readonly=${!included}
        aria-invalid=${tooLong} .value=${draft.text} @input=${(event: Event) => this.#write(draft, event)}></textarea>
      ${tooLong ? html`<p class="ll-small ll-quiet-text" role="alert">${this.#text('tooLong')}</p>` : nothing}
    </fieldset>`;
  }

  #pictureItem(): TemplateResult {
    const { picture } = this;
    const take = (how: () => Promise<ReportPicture | undefined>) => () => void this.#take(how);
    return html`<fieldset class="item" ?disabled=${this.sending}>
      <div class="head"><label for="picture-file">${this.#text('picture')}</label></div>
      <p class="ll-small ll-quiet-text">${this.#text(picture === undefined ? 'noPicture' : 'pictureText')}</p>
      ${
        picture === undefined
          ? nothing
          : html`<img alt=${this.#text('picture')} src="data:${picture.type};base64,${picture.picture}" />`
      }
      <div class="buttons">
        ${
          picture === undefined
            ? html`<button type="button" @click=${take(() => stagePicture(this))}>${this.#text('takeStage')}</button>
                ${canTakeScreen() ? html`<button type="button" @click=${take(screenPicture)}>${this.#text('takeScreen')}</button>` : nothing}
                <button type="button" @click=${() => this.renderRoot.querySelector<HTMLInputElement>('#picture-file')?.click()}>
                  ${this.#text('takeFile')}
                </button>`
            : html`<button type="button" @click=${() => this.#removePicture()}>${this.#text('removePicture')}</button>`
        }
        <input id="picture-file" type="file" accept="image/png,image/jpeg,image/webp" hidden @change=${this.#file} />
      </div>
    </fieldset>`;
  }

  #outcome(): TemplateResult | typeof nothing {
    if (this.sending)
      return html`<p role="status">${this.#text('sending')}</p>
        <progress aria-label=${this.#text('sending')} .value=${this.progress} data-part=${this.progress}></progress>`;
    if (this.outcome === undefined) return nothing;
    return html`<p class="ll-notice" role="status" data-outcome=${this.outcome}>${this.#text(this.outcome)}</p>`;
  }

  #buttons(items: readonly ReportItem[]): TemplateResult {
    if (this.sending) {
      return html`<div class="buttons"><button type="button" @click=${() => this.cancel()}>${this.#text('cancel')}</button></div>`;
    }
    const unfit = items.some((item) => item.id !== 'picture' && item.text.length > MAX_REPORT_TEXT);
    const none = items.length === 0;
    return html`${none ? html`<p role="status">${this.#text('empty')}</p>` : nothing}
      <div class="buttons">
        ${
          this.canSeal
            ? html`<button type="button" class="ll-primary" ?disabled=${none || unfit} @click=${() => this.#send(items)}>
                ${this.#text('send')}
              </button>`
            : nothing
        }
        <button type="button" ?disabled=${none || unfit} @click=${() => this.save(items)}>
          ${this.#text(this.canSeal ? 'save' : 'saveText')}
        </button>
      </div>`;
  }

  #send(items: readonly ReportItem[]): void {
    this.outcome = undefined;
    this.progress = 0;
    this.sending = true;
    this.send(items);
  }

  #write(draft: Draft, event: Event): void {
    draft.text = (event.target as HTMLTextAreaElement).value;
    this.requestUpdate();
  }

  #tick(draft: Draft, event: Event): void {
    draft.included = (event.target as HTMLInputElement).checked;
    this.requestUpdate();
  }

  #removePicture(): void {
    this.picture = undefined;
  }

  async #take(how: () => Promise<ReportPicture | undefined>): Promise<void> {
    this.picture = await how().catch(() => undefined);
    this.outcome = this.picture === undefined ? 'pictureFailed' : undefined;
  }

  readonly #file = async (event: Event): Promise<void> => {
    const field = event.target as HTMLInputElement;
    const [file] = field.files ?? [];
    if (file !== undefined) await this.#take(() => shrink(file));
    // The same file can be chosen again.
    field.value = '';
  };

  #text(name: TextName): string {
    return text(name, this.locale);
  }
}
customElements.define('livelet-problem-report', ReportElement);
