import { css, html, type TemplateResult } from 'lit';
import { announcer, LocalizedElement } from './page-context.js';
import { shared } from './styles.js';

/** How long a sentence stays, ms. */
const SHOWN = 8000;

/** Shows a sentence for a while over whatever the page shows, a stage that fills the screen too. */
export function showNote(from: HTMLElement, sentence: string): void {
  from.dispatchEvent(new CustomEvent('show-note', { detail: sentence, bubbles: true, composed: true }));
}

/** One sentence, over all of the page. */
export class PageNote extends LocalizedElement {
  #timer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.popover = 'manual';
    this.role = 'status';
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  /** Said once, however often it is shown while it stands there. */
  show(sentence: string): void {
    const isShown = this.matches(':popover-open');
    if (!isShown || this.textContent !== sentence) {
      this.textContent = sentence;
      announcer.announce(sentence);
      // What came later lies over it.
      if (isShown) this.hidePopover();
      this.showPopover();
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.hide(), SHOWN);
  }

  hide(): void {
    clearTimeout(this.#timer);
    this.hidePopover();
  }

  override render(): TemplateResult {
    return html`<slot></slot>`;
  }

  static override readonly styles = [
    ...shared,
    css`
      :host {
        position: fixed;
        inset: auto 0 var(--ll-space-4);
        width: fit-content;
        max-width: min(36em, 100vw - 32px);
        margin: 0 auto;
        padding: 10px var(--ll-space-2);
        background: var(--ll-surface-raised);
        color: var(--ll-text);
        border: 1px solid var(--ll-line);
        border-radius: var(--ll-radius);
        box-shadow: var(--ll-shadow);
        pointer-events: none;
      }
      :host(:not(:popover-open)) {
        display: none;
      }
    `,
  ];
}
customElements.define('page-note', PageNote);
