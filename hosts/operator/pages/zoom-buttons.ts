import { css, html, type TemplateResult } from 'lit';
import { LocalizedElement } from './page-context.js';
import { KEYS } from './shortcuts.js';
import { shared } from './styles.js';
import type { ToolbarAction } from './toolbar-action.js';

/** How large the picture is: fitted, 1:1, larger, smaller, the whole screen. */
export class ZoomButtons extends LocalizedElement {
  static override readonly properties = { size: {} };
  /** Size of the picture, such as `83 %`; empty while there is none. */
  declare size: string;

  override render(): TemplateResult {
    const { strings } = this;
    const shown = this.size || '1:1';
    return html`<div role="group" aria-label=${strings.zoom}>
      ${this.#button('fit', strings.fit, KEYS.fit, { zoom: 'fit' })}
      ${this.#button('zoom-out', strings.zoomOut, KEYS.zoomOut, { zoom: 'out' })}
      <button
        class="ll-quiet numbers"
        aria-keyshortcuts=${KEYS.actualSize}
        aria-label="${shown} ${strings.actualSize}"
        title="${strings.actualSize} (${KEYS.actualSize})"
        @click=${() => this.#act({ zoom: 'actual' })}
      >
        ${shown}
      </button>
      ${this.#button('zoom-in', strings.zoomIn, KEYS.zoomIn, { zoom: 'in' })}
      ${this.#button('expand', strings.fullScreen, KEYS.fullScreen, 'full-screen')}
    </div>`;
  }

  #button(icon: string, label: string, key: string, action: ToolbarAction): TemplateResult {
    return html`<button
      class="ll-quiet ll-icon-only"
      aria-label=${label}
      aria-keyshortcuts=${key}
      title="${label} (${key})"
      @click=${() => this.#act(action)}
    >
      <ll-icon name=${icon}></ll-icon>
    </button>`;
  }

  #act(action: ToolbarAction): void {
    this.dispatchEvent(new CustomEvent('toolbar-action', { detail: action, bubbles: true, composed: true }));
  }

  static override readonly styles = [
    ...shared,
    css`
      div {
        display: flex;
        align-items: center;
      }
      button {
        min-block-size: 32px;
      }
      button.ll-icon-only {
        inline-size: 34px;
        padding: 0;
      }
      .numbers {
        min-width: 4.5em;
        padding: 0 4px;
        font-size: var(--ll-size-small);
      }
    `,
  ];
}
customElements.define('zoom-buttons', ZoomButtons);
