import type { PanelContext } from '@livelet/core/page';
import { css, html, type TemplateResult } from 'lit';
import { mountOwn, OwnElement } from './own-element.js';
import { text } from './strings.js';

/** In the customer's panel, as long as the helper may see their camera: whether it is on, which one, and its switch. */
class OwnCamera extends OwnElement {
  static override styles = [
    ...OwnElement.styles,
    css`
      :host {
        display: block;
        padding-block: 8px;
      }
    `,
  ];

  override render(): TemplateResult {
    return html`<div class="stack">
      <p class=${this.isOn ? 'll-mark' : ''}>${text(this.isOn ? 'onHelper' : 'offHelper', this.locale)}</p>
      ${this.controls()}
    </div>`;
  }
}
// The panel may be a window of its own, whose elements are this page's.
customElements.define('livelet-own-camera', OwnCamera);

export function mount(context: PanelContext<HTMLElement>): Disposable {
  return mountOwn(context, new OwnCamera(), { on: 'onHelper', off: 'offHelper' });
}
