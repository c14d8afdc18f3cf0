import { css, html, nothing, type TemplateResult } from 'lit';
import { LocalizedElement } from './page-context.js';
import './quality-meter.js';
import type { QualityMeter } from './quality-meter.js';
import { shared } from './styles.js';

/**
 * Under the toolbar: which devices and screens are open, that it is recorded, and how good the connection is. Always
 * there: a line that came with what is opened would move the picture from under the mouse.
 */
export class StatusLine extends LocalizedElement {
  static override readonly properties = { marks: { attribute: false } };
  declare marks: readonly string[];

  get quality(): QualityMeter | null {
    return this.renderRoot.querySelector<QualityMeter>('quality-meter');
  }

  override render(): TemplateResult {
    return html`${
      this.marks.length === 0
        ? nothing
        : html`<ul class="ll-marks" aria-label=${this.strings.openNow}>
            ${this.marks.map((mark) => html`<li>${mark}</li>`)}
          </ul>`
    }<quality-meter></quality-meter>`;
  }

  static override readonly styles = [
    ...shared,
    css`
      :host {
        display: flex;
        justify-content: flex-end;
        align-items: center;
        gap: var(--ll-space-2);
        min-height: 27px;
        padding: 2px var(--ll-space-2);
        border-bottom: 1px solid var(--ll-line);
        background: var(--ll-surface);
      }
      ul {
        flex: 1;
      }
    `,
  ];
}
customElements.define('status-line', StatusLine);
