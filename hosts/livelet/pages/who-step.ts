import { CAPABILITY_TEXT, type Capability } from '@livelet/core/page';
import { html, nothing, type TemplateResult } from 'lit';
import type { LiveletView } from '../src/page-protocol.js';
import { Countdown } from './countdown.js';
import { capitalised } from './format.js';
import { focusHeading, type PageContext, type Step } from './page-context.js';
import { MEANING } from './strings.js';

type WhoView = Extract<LiveletView, { step: 'who' }>;

/** Who is asking, what they may do, and the two answers. */
export class WhoStep implements Step {
  readonly #context: PageContext;
  readonly #view: WhoView;
  readonly #allowed: Set<Capability>;
  readonly #countdown: Countdown;
  readonly #beforeAllow: () => Promise<void>;
  #answered = false;

  /** `beforeAllow` runs inside the click on Allow, before the host hears of it. */
  constructor(context: PageContext, view: WhoView, beforeAllow: () => Promise<void>) {
    this.#context = context;
    this.#view = view;
    this.#beforeAllow = beforeAllow;
    this.#allowed = new Set(view.switches.filter(({ on }) => on).map(({ capability }) => capability));
    this.#countdown = new Countdown(view.armSeconds, document, () => {
      if (this.#countdown.remaining === 0) context.announce(context.words.allowNow);
      context.changed();
    });
    if (view.armSeconds > 0) context.announce(context.words.allowSoon(Math.ceil(view.armSeconds)));
  }

  render(): TemplateResult {
    const { words } = this.#context;
    const { helper } = this.#view;
    const { remaining } = this.#countdown;
    return html`<div class="who stack">
      <h1 tabindex="-1">${words.whoTitle(helper.name || words.noName)}</h1>
      <p>${words.whoText}</p>
      <section class="ll-notice ll-alarm warning" aria-labelledby="warning">
        <div>
          <h2 id="warning">${words.warningTitle}</h2>
          <p>${words.warningText}</p>
        </div>
      </section>
      <section class="ll-card stack" aria-labelledby="words">
        <h2 id="words">${words.wordsTitle}</h2>
        <div class="words" role="list">${this.#pairOfWords(0)}${this.#pairOfWords(2)}</div>
        <p>${words.wordsText}</p>
        <p class="quiet key">${words.fingerprint}: <span class="fingerprint">${helper.fingerprint}</span></p>
      </section>
      <fieldset class="ll-card stack">
        <legend class="ll-visually-hidden">${words.allowTitle}</legend>
        <h2 aria-hidden="true">${words.allowTitle}</h2>
        ${this.#view.switches.map(({ capability }) => this.#switch(capability))}
        <p class="quiet">${words.allowText}</p>
      </fieldset>
      <div class="answers">
        <button type="button" class="large" @click=${this.#refuse}>${words.refuse}</button>
        <button type="button" class="ll-primary large" aria-disabled=${remaining > 0 || this.#answered ? 'true' : 'false'}
          @click=${this.#allow}>
          ${remaining > 0 ? words.allowIn(remaining) : words.allow}
        </button>
      </div>
    </div>`;
  }

  focus(root: ParentNode): void {
    focusHeading(root);
  }

  [Symbol.dispose](): void {
    this.#countdown[Symbol.dispose]();
  }

  /** Two words that stay beside each other, so that there are four in a row or two and two. */
  #pairOfWords(from: number): TemplateResult {
    const pair = this.#view.words.slice(from, from + 2);
    return html`<div>${pair.map((word) => html`<span class="word" role="listitem" lang="en">${word}</span>`)}</div>`;
  }

  #switch(capability: Capability): TemplateResult {
    const { localizer } = this.#context;
    const meaning = MEANING[capability];
    return html`<div class="switch">
      <input type="checkbox" role="switch" id=${`allow-${capability}`} .checked=${this.#allowed.has(capability)}
        aria-describedby=${meaning ? `meaning-${capability}` : nothing}
        @change=${(event: Event) => this.#choose(capability, (event.currentTarget as HTMLInputElement).checked)} />
      <label for=${`allow-${capability}`}>${capitalised(localizer.text(CAPABILITY_TEXT[capability]))}</label>
      ${meaning ? html`<p id=${`meaning-${capability}`} class="quiet">${localizer.text(meaning)}</p>` : nothing}
    </div>`;
  }

  #choose(capability: Capability, on: boolean): void {
    if (on) this.#allowed.add(capability);
    else this.#allowed.delete(capability);
    this.#context.changed();
  }

  readonly #refuse = (): void => this.#context.send({ type: 'refuse' });

  readonly #allow = (): void => {
    if (this.#countdown.remaining > 0 || this.#answered) return;
    this.#answered = true;
    this.#context.changed();
    this.#beforeAllow().then(() => this.#context.send({ type: 'allow', capabilities: [...this.#allowed] }));
  };
}
