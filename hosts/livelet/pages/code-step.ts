import type { ErrorCode } from '@livelet/core/page';
import { html, nothing, type TemplateResult } from 'lit';
import type { LiveletView } from '../src/page-protocol.js';
import { digitsOf, grouped, missingDigits, regroup, stateOf } from './code-field.js';
import { codeStillGood, customerErrorText } from './error-words.js';
import type { PageContext, Step } from './page-context.js';

/** A 12-digit code that doesn't check may be on its way to 16 digits: wait this long for another key, ms. */
const PATIENCE = 600;

/** The customer types the code. */
export class CodeStep implements Step {
  readonly #context: PageContext;
  readonly #error: Extract<LiveletView, { step: 'code' }>['error'];
  #digits: string;
  /** What is wrong with the digits, once it is time to say so. */
  #problem: 'wrong' | 'short' | undefined;
  #timer: number | undefined;

  /** `digits`: those of the last attempt, offered again where that makes sense. */
  constructor(context: PageContext, view: Extract<LiveletView, { step: 'code' }>, digits: string) {
    this.#context = context;
    this.#error = view.error;
    this.#digits = view.error === undefined || codeStillGood(view.error) ? digits : '';
  }

  /** What is in the field. */
  get digits(): string {
    return this.#digits;
  }

  render(): TemplateResult {
    const { words } = this.#context;
    const state = stateOf(this.#digits);
    const problem = this.#problemText();
    return html`
      <h1 tabindex="-1">${words.codeTitle}</h1>
      ${this.#error === undefined || problem ? nothing : this.#errorNotice(this.#error)}
      <form class="stack" novalidate @submit=${this.#submit}>
        <p>${words.codeText}</p>
        <label for="code">${words.codeLabel}</label>
        <input id="code" class="code-field" type="text" inputmode="numeric" autocomplete="off" autocapitalize="off"
          spellcheck="false" enterkeyhint="go" maxlength="40" .value=${grouped(this.#digits)}
          aria-describedby="code-hint code-problem" aria-invalid=${problem ? 'true' : 'false'}
          @input=${this.#typed} />
        <p id="code-hint" class="quiet">
          ${state === 'complete' ? html`<span class="good">✓</span> ${words.codeReady}` : words.codeHint}
        </p>
        <p id="code-problem" class="problem" role="alert">${problem ?? nothing}</p>
        <button type="submit" class="ll-primary large">${words.next}</button>
      </form>
      <p class="reassurance">${words.codeSafe}</p>
    `;
  }

  focus(root: ParentNode): void {
    root.querySelector<HTMLElement>('#code')?.focus();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #errorNotice(error: ErrorCode): TemplateResult {
    const { what, next } = customerErrorText(error, this.#context.locale);
    return html`<div class="ll-notice ll-alarm" role="alert" data-error=${error}>
      <p><strong>${what}</strong> ${next}</p>
    </div>`;
  }

  #problemText(): string | undefined {
    const { words } = this.#context;
    if (this.#problem === 'wrong') return words.codeWrong;
    return this.#problem === 'short' ? words.codeShort(missingDigits(this.#digits)) : undefined;
  }

  readonly #typed = (event: Event): void => {
    this.#digits = regroup(event.currentTarget as HTMLInputElement);
    clearTimeout(this.#timer);
    this.#problem = undefined;
    if (stateOf(this.#digits) === 'wrong') this.#timer = setTimeout(() => this.#complain('wrong'), PATIENCE);
    this.#context.changed();
  };

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    const field = (event.currentTarget as HTMLFormElement).elements.namedItem('code') as HTMLInputElement;
    this.#digits = digitsOf(field.value);
    clearTimeout(this.#timer);
    const state = stateOf(this.#digits);
    if (state === 'complete') {
      this.#context.send({ type: 'code', code: grouped(this.#digits) });
      return;
    }
    this.#complain(state === 'wrong' ? 'wrong' : 'short');
    field.focus();
  };

  #complain(problem: 'wrong' | 'short'): void {
    this.#problem = problem;
    this.#context.changed();
  }
}
