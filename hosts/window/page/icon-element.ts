import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { unsafeSVG } from 'lit/directives/unsafe-svg.js';
import { ICONS, isIconName } from './icons.js';

/** `<ll-icon name="stop">`: as large as the text, in its colour. Says nothing to screen readers without `label`. */
export class IconElement extends LitElement {
  static override properties = {
    name: { type: String },
    label: { type: String },
  };

  static override styles = css`
    :host { display: inline-flex; flex: none; }
    svg { inline-size: 1.25em; block-size: 1.25em; }
  `;

  declare name: string;
  declare label: string;

  constructor() {
    super();
    this.name = '';
    this.label = '';
  }

  override render(): TemplateResult {
    const drawing = isIconName(this.name) ? ICONS[this.name] : ICONS.dot;
    return html`<svg
      viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"
      stroke-linejoin="round" role=${this.label ? 'img' : 'presentation'}
      aria-label=${this.label || nothing} aria-hidden=${this.label ? 'false' : 'true'}
    >${unsafeSVG(drawing)}</svg>`;
  }
}

customElements.define('ll-icon', IconElement);

declare global {
  interface HTMLElementTagNameMap {
    'll-icon': IconElement;
  }
}
