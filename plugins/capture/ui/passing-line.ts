import type { LocalizedText } from '@livelet/core/page';

/** How long it stays, ms. */
const SHOWN = 8000;

/** One sentence at the bottom of the stage that goes by itself; who can't see it hears it. */
export class PassingLine implements Disposable {
  readonly element = document.createElement('p');
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.element.className = 'line';
    this.element.setAttribute('role', 'status');
  }

  show(sentence: LocalizedText, locale: keyof LocalizedText): void {
    this.element.textContent = sentence[locale];
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.clear(), SHOWN);
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.element.replaceChildren();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
