import { timerText } from '@livelet/core/page';
import { durationAttribute } from './format.js';

/**
 * `<ticking-time since="...">` or `until="..."` (ms since 1970): a duration that changes its own text once a second
 * and nothing else of the page. Silent for screen readers: what matters is announced when it happens.
 */
export class TickingTime extends HTMLElement {
  static readonly observedAttributes = ['since', 'until'];

  readonly #text = document.createElement('time');
  #timer: ReturnType<typeof setTimeout> | undefined;

  connectedCallback(): void {
    this.append(this.#text);
    this.#tick();
  }

  disconnectedCallback(): void {
    clearTimeout(this.#timer);
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.#tick();
  }

  #tick(): void {
    clearTimeout(this.#timer);
    const since = Number(this.getAttribute('since') ?? Number.NaN);
    const until = Number(this.getAttribute('until') ?? Number.NaN);
    const now = Date.now();
    // What remains is rounded up, so that it reaches 0:00 only when it is over.
    const ms = Number.isNaN(until) ? now - since : Math.ceil((until - now) / 1000) * 1000;
    this.#text.textContent = timerText(ms);
    this.#text.dateTime = durationAttribute(ms);
    const untilNext = Number.isNaN(until) ? 1000 - ((now - since) % 1000) : (until - now) % 1000;
    if (Number.isNaN(until) || now < until) this.#timer = setTimeout(() => this.#tick(), untilNext + 5);
  }
}
customElements.define('ticking-time', TickingTime);
