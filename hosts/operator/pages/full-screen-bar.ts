import { css, html, type TemplateResult } from 'lit';
import { focused } from './focused.js';
import { LocalizedElement } from './page-context.js';
import { KEYS } from './shortcuts.js';
import { shared } from './styles.js';
import type { ToolbarAction } from './toolbar-action.js';

/** How near the upper edge the pointer has to come, CSS pixels. */
const EDGE = 4;

/**
 * The way out of a stage that fills the screen, put into it after the picture. In sight at first, while the pointer is at
 * the upper edge, while it has the keyboard, and once the picture has let go of the keyboard.
 */
export class FullScreenBar extends LocalizedElement {
  static override readonly properties = { shown: { type: Boolean, reflect: true } };
  declare shown: boolean;
  #listening: AbortController | undefined;
  /** What had the keyboard before. */
  #before: HTMLElement | undefined;

  /** What has the keyboard now gets it back: the browser may have taken it when it tells that the stage fills the screen. */
  keepFocus(): void {
    this.#before = focused();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.hidden = true;
    const stage = this.parentElement;
    if (!stage) return;
    this.#listening = new AbortController();
    const options = { signal: this.#listening.signal, capture: true };
    document.addEventListener('fullscreenchange', () => this.#follow(stage), options);
    stage.addEventListener('pointermove', (event) => this.#near(event), options);
    stage.addEventListener('focusin', ({ target }) => this.#show(target === this), options);
    stage.addEventListener('focusout', ({ relatedTarget }) => this.#left(relatedTarget), options);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listening?.abort();
  }

  override render(): TemplateResult {
    const { strings } = this;
    return html`<div role="group" aria-label=${strings.fullScreen}>
      <button aria-keyshortcuts=${KEYS.fullScreen} @click=${() => this.#act('full-screen')}>
        ${strings.leaveFullScreen} <kbd aria-hidden="true">${KEYS.fullScreen}</kbd>
      </button>
      <button class="ll-stop" aria-keyshortcuts=${KEYS.end} @click=${() => this.#act('end')}>
        ${strings.end} <kbd aria-hidden="true">${KEYS.end}</kbd>
      </button>
    </div>`;
  }

  #follow(stage: HTMLElement): void {
    const fills = stage.matches(':fullscreen');
    if (fills === !this.hidden) return;
    const hadKeyboard = this.matches(':focus-within');
    this.hidden = !fills;
    this.#show(fills);
    if (fills) this.renderRoot.querySelector('button')?.focus();
    else if (hadKeyboard || focused() === undefined) this.#before?.focus();
  }

  #near({ clientY }: PointerEvent): void {
    if (!this.hidden) this.#show(clientY <= (this.shown ? this.getBoundingClientRect().bottom : EDGE));
  }

  /** The picture let go of the keyboard, and nothing else has it; a window without the focus keeps it for later. */
  #left(to: EventTarget | null): void {
    if (!this.hidden && to === null && document.hasFocus()) this.#show(true);
  }

  #show(shown: boolean): void {
    this.shown = shown;
  }

  #act(action: ToolbarAction): void {
    this.dispatchEvent(new CustomEvent('toolbar-action', { detail: action }));
  }

  static override readonly styles = [
    ...shared,
    css`
      :host {
        position: absolute;
        inset: 0 0 auto;
        z-index: 2;
        inline-size: fit-content;
        margin-inline: auto;
      }
      div {
        display: flex;
        gap: var(--ll-space-1);
        padding: var(--ll-space-1);
        border-radius: 0 0 var(--ll-radius) var(--ll-radius);
        background: var(--ll-surface-raised);
        box-shadow: var(--ll-shadow);
      }
      /* Still there for the keyboard, and for who can't see it. */
      :host(:not([shown])) div:not(:has(:focus-visible)) {
        opacity: 0;
        pointer-events: none;
      }
      .ll-stop kbd {
        color: inherit;
        background: none;
        border-color: currentColor;
      }
    `,
  ];
}
customElements.define('full-screen-bar', FullScreenBar);
