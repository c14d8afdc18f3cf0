import { Announcer, Localizer } from '@livelet/window/page';
import { LitElement } from 'lit';
import { STRINGS } from './strings.js';

/** One of each for the page: its language and its voice. */
export const localizer = new Localizer();
export const announcer = new Announcer();

/** An element that speaks the page's language and follows its switch. */
export class LocalizedElement extends LitElement {
  #language: Disposable | undefined;

  get strings(): (typeof STRINGS)['en'] {
    return STRINGS[localizer.locale];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#language = localizer.onChange(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#language?.[Symbol.dispose]();
  }
}
