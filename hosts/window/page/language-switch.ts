import { LOCALES, type Locale } from '@livelet/core/page';
import { css, html, LitElement, type TemplateResult } from 'lit';
import type { Localizer } from './localizer.js';
import { baseStyles } from './theme/theme.js';

const OWN_NAME: Readonly<Record<Locale, string>> = { en: 'English', it: 'Italiano' };

/** `<ll-language-switch label="Language" .localizer=${localizer}>`: EN | IT, each named in its own language. */
export class LanguageSwitch extends LitElement {
  static override properties = {
    label: { type: String },
    localizer: { attribute: false },
  };

  declare label: string;
  declare localizer: Localizer;
  #language: Disposable | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#language = this.localizer.onChange(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#language?.[Symbol.dispose]();
  }

  override render(): TemplateResult {
    const { localizer } = this;
    return html`<div role="group" aria-label=${this.label}>
      ${LOCALES.map(
        (locale) =>
          html`<button
            class="ll-quiet"
            lang=${locale}
            aria-pressed=${localizer.locale === locale}
            title=${OWN_NAME[locale]}
            @click=${() => localizer.setLocale(locale)}
          >
            ${locale.toUpperCase()}<span class="ll-visually-hidden"> ${OWN_NAME[locale]}</span>
          </button>`,
      )}
    </div>`;
  }

  static override readonly styles = [
    baseStyles,
    css`
      :host {
        display: block;
      }
      div {
        display: flex;
      }
      button {
        min-block-size: 32px;
        padding: 0 10px;
        font-size: var(--ll-size-small);
        position: relative;
        gap: 0;
      }
    `,
  ];
}
customElements.define('ll-language-switch', LanguageSwitch);

declare global {
  interface HTMLElementTagNameMap {
    'll-language-switch': LanguageSwitch;
  }
}
