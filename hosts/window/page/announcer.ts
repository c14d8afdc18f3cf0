/** How long what was told can still be found on the page, ms: later it is no news, and may be in another language. */
const KEPT = 15_000;

/**
 * Tells people who can't see the page what just happened, once. Puts one quiet live region into `root`.
 * `announce` is what a PanelContext needs.
 */
export class Announcer implements Disposable {
  readonly #region: HTMLElement;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(root: HTMLElement = document.body) {
    this.#region = root.ownerDocument.createElement('div');
    this.#region.className = 'll-visually-hidden';
    this.#region.setAttribute('role', 'status');
    this.#region.setAttribute('aria-live', 'polite');
    root.append(this.#region);
  }

  /** Bound, so that it can be handed on. The same text twice is told twice. */
  readonly announce = (text: string): void => {
    const line = this.#region.ownerDocument.createElement('p');
    line.textContent = text;
    // A new element makes screen readers read a repeated text again.
    this.#region.replaceChildren(line);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.clear(), KEPT);
  };

  /** What was told is no longer so. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#region.replaceChildren();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#region.remove();
  }
}
