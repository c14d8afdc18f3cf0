import { css, html, type TemplateResult } from 'lit';
import { LocalizedElement } from './page-context.js';
import { shared } from './styles.js';

/**
 * Over the top edge of the stage, while there is anything to say: which devices and screens are open, that it is
 * recorded. It takes no room, so that the picture never moves from under the mouse, and steps aside for the mouse.
 */
export class StatusLine extends LocalizedElement {
  static override readonly properties = { marks: { attribute: false } };
  declare marks: readonly string[];

  #stage: HTMLElement | null = null;

  override render(): TemplateResult {
    return html`<ul class="ll-marks" aria-label=${this.strings.openNow}>
      ${this.marks.map((mark) => html`<li>${mark}</li>`)}
    </ul>`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stage = this.parentElement;
    this.#stage?.addEventListener('pointermove', this.#stepAside);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stage?.removeEventListener('pointermove', this.#stepAside);
  }

  protected override willUpdate(): void {
    this.hidden = this.marks.length === 0;
  }

  readonly #stepAside = ({ clientX, clientY }: PointerEvent): void => {
    const { left, right, top, bottom } = this.getBoundingClientRect();
    const isUnder = clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
    this.classList.toggle('aside', isUnder);
  };

  static override readonly styles = [
    ...shared,
    css`
      :host {
        position: absolute;
        z-index: 2;
        inset: var(--ll-space-1) auto auto var(--ll-space-1);
        max-width: calc(100% - 2 * var(--ll-space-1));
        padding: 2px 10px;
        /* What is under it can be pressed all the same. */
        pointer-events: none;
        background: var(--ll-surface-raised);
        border: 1px solid var(--ll-line);
        border-radius: var(--ll-radius);
      }
      :host([hidden]) {
        display: none;
      }
      :host(.aside) {
        opacity: 0.1;
      }
    `,
  ];
}
customElements.define('status-line', StatusLine);
