import { timeOfDay } from '@livelet/core/page';
import type { About } from '@livelet/operator/page-protocol';
import { css, html, nothing, type TemplateResult } from 'lit';
import './ask-button.js';
import { iconOf } from './ask-button.js';
import { showShortcuts } from './command.js';
import './event-list.js';
import { grantOf, isReconnecting, neededCapabilities, type SessionState } from './grants.js';
import './own-notes.js';
import { LocalizedElement, localizer } from './page-context.js';
import { KEYS } from './shortcuts.js';
import { CAPABILITY_NAME, GRANT_STATE, ROUTE_KIND, ROUTE_REASON } from './strings.js';
import { shared } from './styles.js';

/** What may be done and since when, who is there, and the words to compare: the Details tab. */
export class SessionDetails extends LocalizedElement {
  static override readonly properties = { state: { attribute: false }, about: { attribute: false } };
  declare state: SessionState;
  declare about: About | undefined;

  override render(): TemplateResult {
    const { strings, state, about } = this;
    return html`<section aria-labelledby="may">
        <h2 id="may">${strings.permissions}</h2>
        <ul class="permissions">
          ${neededCapabilities(state).map((capability) => {
            const grant = grantOf(state, capability);
            return html`<li>
              <ll-icon name=${iconOf(capability)}></ll-icon>
              <span class="name">${localizer.text(CAPABILITY_NAME[capability])}</span>
              ${
                grant.state === 'granted'
                  ? html`<span class="granted"><ll-icon name="check"></ll-icon>${this.#granted(grant.until)}</span>`
                  : html`<ask-button ?away=${isReconnecting(state)} .grant=${grant}></ask-button>`
              }
            </li>`;
          })}
        </ul>
      </section>
      <section aria-labelledby="words">
        <h2 id="words">${strings.words}</h2>
        <ol class="words">
          ${state.sasWords.map((word) => html`<li>${word}</li>`)}
        </ol>
      </section>
      <own-notes .notes=${state.ownNotes}></own-notes>
      <section aria-labelledby="events">
        <h2 id="events">${strings.events}</h2>
        <event-list .events=${state.events}></event-list>
      </section>
      <section aria-labelledby="way">
        <h2 id="way">${strings.way}</h2>
        <dl class="ll-small">
          <dt class="ll-quiet-text">${strings.wayKind}</dt>
          <dd>${localizer.text(ROUTE_KIND[state.way.kind])}</dd>
          ${this.#fact(strings.wayProxy, state.way.proxy)}
          <dt class="ll-quiet-text">${strings.wayWhy}</dt>
          <dd>${localizer.text(ROUTE_REASON[state.way.why])}</dd>
          <dt class="ll-quiet-text">${strings.wayResumes}</dt>
          <dd class="numbers">${state.way.resumes}</dd>
          ${this.#fact(strings.region, about?.region)}
        </dl>
      </section>
      <section aria-labelledby="keys">
        <h2 id="keys">${strings.keys}</h2>
        <dl class="ll-small">
          <dt class="ll-quiet-text">${state.peer.name || strings.noName}</dt>
          <dd class="mono">${state.peer.fingerprint}</dd>
          ${
            about === undefined
              ? nothing
              : html`<dt class="ll-quiet-text">${about.operatorName}</dt>
              <dd class="mono">${about.fingerprint}</dd>`
          }
        </dl>
      </section>
      <footer>
        <ll-language-switch label=${this.strings.language} .localizer=${localizer}></ll-language-switch>
        <button @click=${() => showShortcuts(this)}>
          <ll-icon name="keyboard"></ll-icon>${strings.shortcuts}<kbd aria-hidden="true">${KEYS.shortcuts}</kbd>
        </button>
      </footer>`;
  }

  #fact(name: string, value: string | undefined): TemplateResult | typeof nothing {
    if (value === undefined) return nothing;
    return html`<dt class="ll-quiet-text">${name}</dt>
      <dd>${value}</dd>`;
  }

  #granted(until: number | undefined): string {
    const granted = localizer.text(GRANT_STATE.granted);
    return until === undefined
      ? granted
      : `${granted} ${this.strings.until(timeOfDay(until, localizer.locale))}`;
  }

  static override readonly styles = [
    ...shared,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        align-content: start;
        gap: var(--ll-space-3);
        padding: var(--ll-space-2);
        --ask-height: 32px;
        --ask-wrap: normal;
      }
      section {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--ll-space-1);
      }
      .permissions li {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px var(--ll-space-1);
        min-height: 44px;
        padding: 6px 0;
        border-bottom: 1px solid var(--ll-line);
      }
      .permissions li:last-child {
        border-bottom: 0;
      }
      .name {
        flex: 1 0 auto;
      }
      .granted {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        font-weight: 500;
      }
      .words {
        grid-template-columns: 1fr 1fr;
      }
      .words li {
        padding: var(--ll-space-1);
      }
      footer {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: var(--ll-space-1);
        padding-top: var(--ll-space-2);
        border-top: 1px solid var(--ll-line);
      }
      footer button {
        min-block-size: 32px;
        padding: 0 12px;
        font-size: var(--ll-size-small);
      }
      dd {
        margin-bottom: var(--ll-space-1);
      }
    `,
  ];
}
customElements.define('session-details', SessionDetails);
