import { timeOfDay } from '@livelet/core/page';
import type { ConsentEvent } from '@livelet/operator/page-protocol';
import { css, html, nothing, type TemplateResult } from 'lit';
import { iconOf } from './ask-button.js';
import { LocalizedElement, localizer } from './page-context.js';
import { CAPABILITY_NAME, GRANT_STATE } from './strings.js';
import { shared } from './styles.js';

/** What was asked, allowed, denied and taken back, in order, each with its time. */
export class EventList extends LocalizedElement {
  static override readonly properties = { events: { attribute: false } };
  declare events: readonly ConsentEvent[];

  override render(): TemplateResult {
    if (this.events.length === 0) return html`<p class="ll-quiet-text ll-small">${this.strings.noEvents}</p>`;
    return html`<ol class="ll-small">
      ${this.events.map((event) => this.#event(event))}
    </ol>`;
  }

  #event({ at, capability, what, until }: ConsentEvent): TemplateResult {
    const { locale } = localizer;
    return html`<li>
      <time class="numbers ll-quiet-text">${timeOfDay(at, locale, true)}</time>
      <ll-icon name=${iconOf(capability)}></ll-icon>
      <span class="what">${localizer.text(CAPABILITY_NAME[capability])}</span>
      <span class="state" data-state=${what}
        >${localizer.text(GRANT_STATE[what])}${until === undefined ? nothing : html` ${this.strings.until(timeOfDay(until, locale))}`}</span
      >
    </li>`;
  }

  static override readonly styles = [
    ...shared,
    css`
      li {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 var(--ll-space-1);
        padding: 4px 0;
      }
      .what {
        flex: 1;
      }
      .state {
        margin-inline-start: auto;
      }
      .state[data-state='granted'] {
        font-weight: var(--ll-weight-strong);
      }
    `,
  ];
}
customElements.define('event-list', EventList);
