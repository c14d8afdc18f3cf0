import { css } from 'lit';
import { LocalizedElement } from './page-context.js';
import { shared } from './styles.js';

/** Per cent of both that the panel has at least and at most. */
const [LEAST, MOST] = [20, 70];
/** What an arrow key adds, per cent. */
const STEP = 4;

/**
 * Between the stage and the side panel, whichever lie beside or above each other: moves by pointer and arrow keys; a
 * double click gives the panel its usual size back. What was chosen holds as long as the page.
 */
export class PanelDivider extends LocalizedElement {
  #observer: ResizeObserver | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.role = 'separator';
    this.tabIndex = 0;
    this.ariaValueMin = String(LEAST);
    this.ariaValueMax = String(MOST);
    this.#observer = new ResizeObserver(() => this.#tell());
    if (this.parentElement) this.#observer.observe(this.parentElement);
    if (this.#panel) this.#observer.observe(this.#panel);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
  }

  constructor() {
    super();
    this.addEventListener('keydown', (event) => this.#key(event));
    this.addEventListener('pointerdown', (event) => {
      if (event.button === 0) this.setPointerCapture(event.pointerId);
    });
    this.addEventListener('pointermove', (event) => this.#drag(event));
    this.addEventListener('dblclick', () => this.#choose(undefined));
  }

  protected override updated(): void {
    this.ariaLabel = this.strings.panelSize;
    this.title = this.strings.panelSize;
  }

  get #panel(): Element | null {
    return this.nextElementSibling;
  }

  /** The panel lies below the stage. */
  get #isBelow(): boolean {
    return this.parentElement !== null && getComputedStyle(this.parentElement).flexDirection === 'column';
  }

  /** Per cent. */
  get #size(): number {
    const [all, panel] = [this.parentElement, this.#panel].map((element) => element?.getBoundingClientRect());
    if (!all || !panel) return 0;
    return Math.round(100 * (this.#isBelow ? panel.height / all.height : panel.width / all.width));
  }

  #tell(): void {
    const [orientation, size] = [this.#isBelow ? 'horizontal' : 'vertical', String(this.#size)];
    // Written anew, it would be told anew.
    if (orientation !== this.ariaOrientation) this.ariaOrientation = orientation;
    if (size !== this.ariaValueNow) this.ariaValueNow = size;
  }

  /** @param size per cent; undefined: the usual one */
  #choose(size: number | undefined): void {
    const name = this.#isBelow ? '--panel-height' : '--panel-width';
    const { style } = document.documentElement;
    if (size === undefined) style.removeProperty(name);
    else style.setProperty(name, `${Math.min(MOST, Math.max(LEAST, size))}%`);
  }

  #drag(event: PointerEvent): void {
    const all = this.parentElement?.getBoundingClientRect();
    if (!all || !this.hasPointerCapture(event.pointerId)) return;
    this.#choose(
      100 *
        (this.#isBelow ? (all.bottom - event.clientY) / all.height : (all.right - event.clientX) / all.width),
    );
  }

  #key(event: KeyboardEvent): void {
    const [less, more] = this.#isBelow ? ['ArrowDown', 'ArrowUp'] : ['ArrowRight', 'ArrowLeft'];
    if (event.key === less) this.#choose(this.#size - STEP);
    else if (event.key === more) this.#choose(this.#size + STEP);
    else if (event.key === 'Home') this.#choose(LEAST);
    else if (event.key === 'End') this.#choose(MOST);
    else return;
    event.preventDefault();
  }

  static override readonly styles = [
    ...shared,
    css`
      :host {
        position: relative;
        flex: none;
        inline-size: 9px;
        background: var(--ll-surface);
        border-inline-start: 1px solid var(--ll-line);
        cursor: col-resize;
        touch-action: none;
      }
      :host([aria-orientation='horizontal']) {
        inline-size: auto;
        block-size: 9px;
        border-inline-start: 0;
        border-block-start: 1px solid var(--ll-line);
        cursor: row-resize;
      }
      :host(:focus-visible) {
        z-index: 1;
        outline: 3px solid var(--ll-focus);
      }
      :host::after {
        content: '';
        position: absolute;
        inset: 0;
        margin: auto;
        inline-size: 3px;
        block-size: 32px;
        border-radius: 2px;
        background: var(--ll-line-strong);
      }
      :host([aria-orientation='horizontal'])::after {
        inline-size: 32px;
        block-size: 3px;
      }
    `,
  ];
}
customElements.define('panel-divider', PanelDivider);
