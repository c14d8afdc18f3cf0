import type { ConsoleState } from '@livelet/operator/page-protocol';
import { errorText } from '@livelet/window/page';
import { css, html, nothing, type TemplateResult } from 'lit';
import { sendCommand } from './command.js';
import './notice-box.js';
import { LocalizedElement, localizer } from './page-context.js';
import { KEYS } from './shortcuts.js';
import { shared } from './styles.js';

type HomeState = Extract<ConsoleState, { view: 'home' }>;

/** Nothing is going on: start a session, or see what went wrong with the last attempt. */
export class HomeView extends LocalizedElement {
  static override readonly properties = { state: { attribute: false } };
  declare state: HomeState;

  override render(): TemplateResult {
    const { strings } = this;
    return html`${this.#notice()}
      <section aria-labelledby="title">
        <h2 id="title">${strings.homeTitle}</h2>
        <p class="ll-quiet-text">${strings.homeText}</p>
        <button
          class="ll-primary"
          aria-keyshortcuts=${KEYS.newSession}
          @click=${() => sendCommand(this, { type: 'new-code' })}
        >
          <ll-icon name=${this.state.notice ? 'refresh' : 'plus'}></ll-icon>${this.#startLabel()}
          <kbd aria-hidden="true">${KEYS.newSession}</kbd>
        </button>
        ${this.state.longCodes ? html`<p class="ll-small">${strings.longCodes}</p>` : nothing}
      </section>
      <ol class="steps ll-small">
        <li><ll-icon name="phone"></ll-icon>${strings.step1}</li>
        <li><ll-icon name="check"></ll-icon>${strings.step2}</li>
        <li><ll-icon name="lock"></ll-icon>${strings.step3}</li>
      </ol>`;
  }

  #startLabel(): string {
    const { notice } = this.state;
    if (notice?.kind === 'code-expired') return this.strings.getNewCode;
    return notice ? this.strings.tryAgain : this.strings.newSession;
  }

  #notice(): TemplateResult | typeof nothing {
    const { notice } = this.state;
    if (!notice) return nothing;
    const text =
      notice.kind === 'failed'
        ? errorText(notice.code, localizer.locale)
        : { what: this.strings.codeExpired, next: this.strings.codeExpiredNext };
    return html`<notice-box
      ?alarm=${notice.kind === 'failed'}
      .what=${text.what}
      .next=${text.next}
    ></notice-box>`;
  }

  static override readonly styles = [
    ...shared,
    css`
      :host {
        display: grid;
        gap: var(--ll-space-4);
      }
      section {
        display: grid;
        justify-items: start;
        gap: 12px;
      }
      h2 {
        font-size: 2em;
        line-height: 1.2;
        letter-spacing: -0.02em;
      }
      section p {
        max-width: 34em;
      }
      button {
        margin-top: 12px;
        min-block-size: 48px;
        padding: 0 20px;
      }
      .steps {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(13em, 1fr));
        gap: var(--ll-space-2) var(--ll-space-3);
        padding-top: var(--ll-space-3);
        border-top: 1px solid var(--ll-line);
        color: var(--ll-text-quiet);
      }
      .steps li {
        display: flex;
        gap: 12px;
      }
      .steps ll-icon {
        margin-top: 2px;
        color: var(--ll-accent);
      }
    `,
  ];
}
customElements.define('home-view', HomeView);
