import { LitElement } from 'lit';
import type { Localizer } from './localizer.js';

/** An element that is drawn anew when the page's language changes. */
export abstract class LocalizedElement extends LitElement {
  #language: Disposable | undefined;

  /** The page's language. */
  protected abstract get localizer(): Localizer;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#language = this.localizer.onChange(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#language?.[Symbol.dispose]();
  }
}
