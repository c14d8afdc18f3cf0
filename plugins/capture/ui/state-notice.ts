import type { ErrorCode, Locale } from '@livelet/core/page';
import type { ViewState } from '../src/viewer/page-protocol.js';
import { FAILURE_TEXT, STATE_TEXT, TEXT } from './strings.js';

/** Says why there is no picture, and offers to try again where that can help. */
export class StateNotice {
  readonly element = document.createElement('div');
  readonly #again: () => void;
  #locale: Locale = 'en';
  #state: ViewState = 'waiting';
  #error: ErrorCode | undefined;

  constructor(again: () => void) {
    this.#again = again;
    this.element.className = 'notice';
    this.element.setAttribute('role', 'status');
  }

  setLocale(locale: Locale): void {
    this.#locale = locale;
    this.#render();
  }

  show(state: ViewState, error: ErrorCode | undefined): void {
    this.#state = state;
    this.#error = error;
    this.#render();
  }

  #render(): void {
    this.element.replaceChildren();
    if (this.#state === 'viewing' || this.#state === 'resuming') return;
    const text = document.createElement('p');
    text.textContent = STATE_TEXT[this.#state][this.#locale];
    this.element.append(text);
    if (this.#state !== 'failed') return;
    const why = FAILURE_TEXT[this.#error ?? ''];
    if (why) text.textContent = why[this.#locale];
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = TEXT.again[this.#locale];
    button.addEventListener('click', this.#again);
    this.element.append(button);
  }
}
