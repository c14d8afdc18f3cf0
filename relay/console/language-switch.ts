import { LOCALES, type Locale } from '@livelet/core/page';
import { css, html, type TemplateResult } from 'lit';
import { LocalizedElement, localizer } from './page-context.js';
import { shared } from './styles.js';

const OWN_NAME: Readonly<Record<Locale, string>> = { en: 'English', it: 'Italiano' };

/** EN | IT, each named in its own language. */
export class LanguageSwitch extends LocalizedElement {
  override render(): TemplateResult {
    return html`<div role="group" aria-label=${this.strings.language}>
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
    ...shared,
    css`
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
customElements.define('language-switch', LanguageSwitch);
