import type { PanelContext } from '@livelet/core/page';
import { css, html, nothing, type TemplateResult } from 'lit';
import { mountOwn, OwnElement } from './own-element.js';
import { text } from './strings.js';

/** In the operator's toolbar: their own camera, and as long as it is on that it is. */
class CameraMenu extends OwnElement {
  static override styles = [
    ...OwnElement.styles,
    css`
      :host {
        display: inline-flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
      }
      [popover] {
        position-area: bottom span-right;
        box-sizing: border-box;
        inline-size: min(280px, 100vw - 16px);
        margin: 4px 0;
        padding: 12px;
        border: 1px solid var(--ll-line, GrayText);
        border-radius: var(--ll-radius, 8px);
        background: var(--ll-surface-raised, Canvas);
        color: var(--ll-text, CanvasText);
        box-shadow: var(--ll-shadow, none);
      }
    `,
  ];

  override render(): TemplateResult | typeof nothing {
    const { allowed, closed } = this.told;
    if (!allowed) return nothing;
    return html`<button type="button" popovertarget="menu">${text('camera', this.locale)}</button>
      ${this.isOn ? this.#mark() : nothing}
      <div id="menu" popover role="dialog" aria-label=${text('camera', this.locale)}>
        <div class="stack">
          ${closed ? html`<p role="status">${text('closed', this.locale)}</p>` : nothing} ${this.controls()}
        </div>
      </div>`;
  }

  #mark(): TemplateResult {
    return html`<span class="mark">${text('onCustomer', this.locale)}</span>
      <button type="button" @click=${() => this.say({ type: 'off' })}>${text('turnOff', this.locale)}</button>`;
  }
}
customElements.define('livelet-camera-menu', CameraMenu);

export function mount(context: PanelContext<HTMLElement>): Disposable {
  return mountOwn(context, new CameraMenu(), { on: 'onCustomer', off: 'offCustomer' });
}
