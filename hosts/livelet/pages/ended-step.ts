import { durationText, timeOfDay } from '@livelet/core/page';
import { saveFile } from '@livelet/window/page';
import { html, nothing, type TemplateResult } from 'lit';
import type { LiveletView, ReceiptShown } from '../src/page-protocol.js';
import { Countdown } from './countdown.js';
import { customerErrorText } from './error-words.js';
import { focusHeading, type PageContext, type Step } from './page-context.js';
import {
  allowedTexts,
  chatText,
  eventText,
  gapsOf,
  interruptionTexts,
  noteTexts,
  receiptText,
  signedText,
  whenText,
} from './receipt-text.js';
import { END_WORDS } from './strings.js';

type EndView = Extract<LiveletView, { step: 'ended' | 'unusable' }>;

/** The last page: what happened, and that it is over. Needs the host for closing its window only. */
export class EndedStep implements Step {
  readonly #context: PageContext;
  readonly #view: EndView;
  readonly #countdown: Countdown | undefined;
  #programClosed = false;

  constructor(context: PageContext, view: EndView) {
    this.#context = context;
    this.#view = view;
    if (view.closesIn !== undefined) {
      this.#countdown = new Countdown(view.closesIn, document, () => context.changed());
    }
  }

  /** The host is gone: what is here stays until the person closes the page. */
  programClosed(): void {
    this.#programClosed = true;
  }

  /** Something is open over the page, or not any more. */
  reading(open: boolean): void {
    this.#countdown?.hold(open);
  }

  render(): TemplateResult {
    const { words } = this.#context;
    const view = this.#view;
    const closing = this.#countdown && !this.#programClosed;
    return html`
      <h1 tabindex="-1">${this.#title()}</h1>
      ${view.error === undefined ? nothing : this.#errorText(view.error)}
      ${view.step === 'ended' && view.receipt.startedAt === undefined ? html`<p>${words.refusedText}</p>` : nothing}
      <p class="ll-notice safe"><strong>${closing ? words.nobodyCan : words.programClosed}</strong></p>
      ${view.step === 'ended' ? this.#receipt(view) : nothing}
      <div class="answers">
        ${view.step === 'ended' ? html`<button type="button" @click=${this.#save}>${words.save}</button>` : nothing}
        ${
          view.step === 'ended' && view.signed !== undefined
            ? html`<button type="button" @click=${this.#saveSigned}>${words.saveSigned}</button>`
            : nothing
        }
        ${closing ? html`<button type="button" class="ll-primary" @click=${this.#close}>${words.close}</button>` : nothing}
      </div>
      ${closing ? html`<p class="quiet">${words.closesIn(this.#countdown?.remaining ?? 0)}</p>` : nothing}
    `;
  }

  focus(root: ParentNode): void {
    focusHeading(root);
    if (this.#view.closesIn === undefined) this.#context.send({ type: 'shown' });
  }

  [Symbol.dispose](): void {
    this.#countdown?.[Symbol.dispose]();
  }

  #title(): string {
    const { words, localizer } = this.#context;
    return this.#view.step === 'ended' ? localizer.text(END_WORDS[this.#view.cause]) : words.unusableTitle;
  }

  #errorText(error: NonNullable<EndView['error']>): TemplateResult {
    const { what, next } = customerErrorText(error, this.#context.locale);
    // That the connection was lost is the title already.
    const known = this.#view.step === 'ended' && this.#view.cause === 'interrupted';
    return html`<p data-error=${error}>${known ? nothing : what} ${next}</p>`;
  }

  #receipt({ receipt }: Extract<EndView, { step: 'ended' }>): TemplateResult {
    const { words, locale } = this.#context;
    const { helper, startedAt, endedAt, lines, chat } = receipt;
    const allowed = allowedTexts(receipt, locale);
    const interrupted = interruptionTexts(receipt, locale);
    const noted = noteTexts(receipt, locale);
    return html`<section class="ll-card stack" aria-labelledby="receipt">
      <h2 id="receipt">${words.receiptTitle}</h2>
      <dl class="facts">
        <dt>${words.helper}</dt>
        <dd>${helper.name || words.noName}<br /><span class="quiet fingerprint">${helper.fingerprint}</span></dd>
        <dt>${words.when}</dt>
        <dd>${whenText(receipt, locale)}</dd>
        ${
          startedAt === undefined
            ? nothing
            : html`<dt>${words.duration}</dt><dd>${durationText(endedAt - startedAt)}</dd>`
        }
        <dt>${words.wasAllowed}</dt>
        <dd>
          ${allowed.length > 0 ? allowed.map((text) => html`<div>${text}</div>`) : words.nothingAllowed}
        </dd>
        ${
          interrupted.length === 0
            ? nothing
            : html`<dt>${words.interruptions}</dt><dd>${interrupted.map((text) => html`<div>${text}</div>`)}</dd>`
        }
        ${
          noted.length === 0
            ? nothing
            : html`<dt>${words.done}</dt><dd>${noted.map((text) => html`<div>${text}</div>`)}</dd>`
        }
        <dt>${words.signed}</dt>
        <dd>
          ${signedText(receipt, locale)} ${gapsOf(receipt, locale).map((text) => html`<div>${text}</div>`)}
        </dd>
        ${chat === undefined ? nothing : html`<dt>${words.messages}</dt><dd>${chatText(chat, locale)}</dd>`}
      </dl>
      ${
        lines.length === 0
          ? nothing
          : html`<details>
              <summary>${words.events}</summary>
              <ol class="events">
                ${lines.map(
                  (line) =>
                    html`<li><time>${timeOfDay(line.at, locale)}</time> ${eventText(line, locale)}</li>`,
                )}
              </ol>
            </details>`
      }
    </section>`;
  }

  readonly #close = (): void => this.#context.send({ type: 'close' });

  readonly #save = (): void => {
    if (this.#view.step !== 'ended') return;
    const { receipt, cause } = this.#view;
    const text = receiptText(receipt, cause, this.#context.locale);
    saveFile(`${fileName(receipt)}.txt`, text);
  };

  readonly #saveSigned = (): void => {
    if (this.#view.step !== 'ended' || this.#view.signed === undefined) return;
    saveFile(`${fileName(this.#view.receipt)}.json`, this.#view.signed);
  };
}

function fileName({ endedAt }: ReceiptShown): string {
  return `livelet-${new Date(endedAt).toISOString().slice(0, 10)}`;
}
