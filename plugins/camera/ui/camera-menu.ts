import type { PanelContext } from '@livelet/core/page';
import { css, html, nothing, type TemplateResult } from 'lit';
import { mountOwn, OwnElement } from './own-element.js';
import { type TextName, text } from './strings.js';

/** In the operator's toolbar: their own camera, once the customer allows it; before that it can be asked for there. */
class CameraMenu extends OwnElement {
  static override styles = [
    ...OwnElement.styles,
    css`
      [popover] {
        --ask-wrap: normal;
        inline-size: 280px;
      }
    `,
  ];

  /** The page's own. */
  ask: HTMLElement | undefined;

  override render(): TemplateResult {
    const { allowed, closed } = this.told;
    const label = this.#text(this.isOn ? 'onCustomer' : 'camera');
    return html`<button
        type="button"
        popovertarget="menu"
        class="ll-icon-only ${this.isOn ? 'll-open' : 'll-quiet'}"
        aria-label=${label}
        title=${label}
      >
        <ll-icon name="video"></ll-icon>
      </button>
      <div id="menu" popover class="ll-popup" role="dialog" aria-label=${this.#text('camera')}>
        <div class="stack">
          ${closed ? html`<p role="status">${this.#text('closed')}</p>` : nothing}
          ${allowed || this.isOn ? this.controls() : this.#asking()}
        </div>
      </div>`;
  }

  #asking(): TemplateResult {
    if (this.told.asked) return html`<p role="status">${this.#text('asked')}</p>`;
    return html`<p>${this.#text('notAllowed')}</p>
      ${this.ask ?? nothing}`;
  }

  #text(name: TextName): string {
    return text(name, this.locale);
  }
}
customElements.define('livelet-camera-menu', CameraMenu);

export function mount(context: PanelContext<HTMLElement>): Disposable {
  const menu = new CameraMenu();
  menu.ask = context.askControl?.('show-camera');
  return mountOwn(context, menu, { on: 'onCustomer', off: 'offCustomer' });
}
