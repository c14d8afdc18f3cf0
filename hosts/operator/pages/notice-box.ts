import { css, html, type TemplateResult } from 'lit';
import { LocalizedElement } from './page-context.js';
import { shared } from './styles.js';

/** What happened, and what to do next. `alarm` for what must not be overlooked. */
export class NoticeBox extends LocalizedElement {
  static override readonly properties = { what: {}, next: {}, alarm: { type: Boolean, reflect: true } };
  declare what: string;
  declare next: string;
  declare alarm: boolean;

  override render(): TemplateResult {
    return html`<div role="alert" class="ll-notice ${this.alarm ? 'll-alarm' : ''}">
      <ll-icon name=${this.alarm ? 'alert' : 'info'}></ll-icon>
      <div>
        <p class="what">${this.what}</p>
        <p>${this.next}</p>
        <slot></slot>
      </div>
    </div>`;
  }

  static override readonly styles = [
    ...shared,
    css`
      .ll-notice {
        gap: 12px;
        padding: 12px var(--ll-space-2);
      }
      ll-icon {
        flex: none;
        margin-top: 3px;
      }
      .what {
        font-weight: var(--ll-weight-strong);
      }
    `,
  ];
}
customElements.define('notice-box', NoticeBox);
