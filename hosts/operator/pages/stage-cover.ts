import { css, html, nothing, type TemplateResult } from 'lit';
import './ask-button.js';
import './ticking-time.js';
import { grantOf, type Mode, modeOf, ranOut, type SessionState } from './grants.js';
import { LocalizedElement } from './page-context.js';
import { KEYS } from './shortcuts.js';
import { shared } from './styles.js';

/** What stands where the picture will be: the four words while the customer decides, then why there is none. */
export class StageCover extends LocalizedElement {
  static override readonly properties = { state: { attribute: false } };
  declare state: SessionState;

  override render(): TemplateResult {
    const mode = modeOf(this.state);
    return html`<div class="ll-card">
      ${this.#content(mode)}
    </div>`;
  }

  #content(mode: Mode): TemplateResult {
    const { connection } = this.state;
    if (connection.state === 'reconnecting') return this.#reconnecting(connection.since, connection.until);
    return mode === 'deciding' ? this.#compare() : this.#reason(mode);
  }

  #reconnecting(since: number, until: number): TemplateResult {
    const { strings } = this;
    return html`<h2>${strings.reconnecting}</h2>
      <p class="ll-quiet-text">${strings.reconnectingText}</p>
      <dl class="times">
        <dt class="ll-quiet-text">${strings.reconnectingSince}</dt>
        <dd class="numbers"><ticking-time since=${since}></ticking-time></dd>
        <dt class="ll-quiet-text">${strings.reconnectingUntil}</dt>
        <dd class="numbers"><ticking-time until=${until}></ticking-time></dd>
      </dl>`;
  }

  #compare(): TemplateResult {
    const { strings, state } = this;
    const name = state.peer.name || strings.noName;
    return html`<h2>${strings.compareWords}</h2>
      <ol class="words">
        ${state.sasWords.map((word) => html`<li>${word}</li>`)}
      </ol>
      <p class="ll-quiet-text">${strings.compareWordsText}</p>
      <p class="waiting"><ll-icon name="clock"></ll-icon>${strings.waitingForAnswer(name)}</p>
      <dl class="ll-small">
        <dt class="ll-quiet-text">${strings.fingerprint}</dt>
        <dd class="mono">${state.peer.fingerprint}</dd>
      </dl>`;
  }

  #reason(mode: Mode): TemplateResult {
    const { strings, state } = this;
    const name = state.peer.name || strings.noName;
    const [icon, title, text] = {
      asking: ['clock', strings.viewAsked, strings.viewAskedText(name)],
      denied: ['eye-off', strings.viewDenied(name), strings.askAgainText],
      paused: ranOut(grantOf(state, 'view'))
        ? ['clock', strings.viewOver, strings.viewPausedText]
        : ['pause', strings.viewPaused(name), strings.viewPausedText],
      other: ['eye-off', strings.viewOff, strings.viewOffText(name)],
    }[mode === 'asking' || mode === 'denied' || mode === 'paused' ? mode : 'other'] as [
      string,
      string,
      string,
    ];
    return html`<ll-icon class="sign" name=${icon}></ll-icon>
      <h2>${title}</h2>
      <p class="ll-quiet-text">${text}</p>
      ${
        mode === 'asking'
          ? nothing
          : html`<ask-button prominent .grant=${grantOf(state, 'view')} key=${KEYS.view}></ask-button>`
      }`;
  }

  static override readonly styles = [
    ...shared,
    css`
      :host {
        display: grid;
        place-items: center;
        padding: var(--ll-space-2);
        overflow: auto;
      }
      .ll-card {
        display: grid;
        gap: var(--ll-space-2);
        justify-items: center;
        width: min(36em, 100%);
        padding: var(--ll-space-4);
        text-align: center;
        box-shadow: var(--ll-shadow);
      }
      h2 {
        font-size: var(--ll-size-large);
      }
      .words {
        width: 100%;
        font-size: 1.125em;
      }
      .waiting {
        display: flex;
        align-items: center;
        gap: var(--ll-space-1);
        font-weight: var(--ll-weight-strong);
      }
      .sign {
        font-size: 1.75em;
        color: var(--ll-text-quiet);
      }
      dl {
        display: grid;
        gap: 2px;
        width: 100%;
        padding-top: var(--ll-space-2);
        border-top: 1px solid var(--ll-line);
      }
      .times {
        grid-template-columns: 1fr auto;
        gap: var(--ll-space-half) var(--ll-space-2);
        text-align: start;
      }
    `,
  ];
}
customElements.define('stage-cover', StageCover);
