import { CAPABILITY_ASK_EVENT, type PanelContext } from '@livelet/core/page';
import { css, html, nothing, type TemplateResult } from 'lit';
import { mountOwn, OwnElement } from './own-element.js';
import { type TextName, text } from './strings.js';

/** In the operator's toolbar: their own camera, once the customer allows it; before that it can be asked for there. */
class CameraMenu extends OwnElement {
  static override styles = [
    ...OwnElement.styles,
    css`
      [popover] {
        inline-size: 280px;
      }
    `,
  ];

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
      <button type="button" @click=${this.#ask}>${this.#text('ask')}</button>`;
  }

  #text(name: TextName): string {
    return text(name, this.locale);
  }

  readonly #ask = (): void => {
    this.dispatchEvent(
      new CustomEvent(CAPABILITY_ASK_EVENT, { detail: 'show-camera', bubbles: true, composed: true }),
    );
  };
}
customElements.define('livelet-camera-menu', CameraMenu);

export function mount(context: PanelContext<HTMLElement>): Disposable {
  return mountOwn(context, new CameraMenu(), { on: 'onCustomer', off: 'offCustomer' });
}
