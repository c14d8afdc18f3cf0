import type { AccountShown } from '@livelet/operator/page-protocol';
import { errorText } from '@livelet/window/page';
import { css, html, nothing, type TemplateResult } from 'lit';
import { ACCOUNT_STRINGS } from './account-strings.js';
import { sendCommand } from './command.js';
import './notice-box.js';
import { LocalizedElement, localizer } from './page-context.js';
import { shared } from './styles.js';

/** In place of home while the relay doesn't let this computer in: a one-time token changes that. */
export class EnrolView extends LocalizedElement {
  static override readonly properties = { account: { attribute: false } };
  declare account: AccountShown;

  override render(): TemplateResult {
    const words = ACCOUNT_STRINGS[localizer.locale];
    const { state } = this.account;
    const isRevoked = state === 'revoked';
    const isBusy = state === 'enrolling';
    return html`${this.#problem()}
      <form aria-labelledby="title" @submit=${this.#submit}>
        <h2 id="title">${isRevoked ? words.revoked : words.notEnrolled}</h2>
        <p id="text" class="ll-quiet-text">${isRevoked ? words.revokedText : words.notEnrolledText}</p>
        <label for="token">${words.token}</label>
        <input
          id="token"
          type="text"
          required
          maxlength="128"
          autocomplete="off"
          spellcheck="false"
          aria-describedby="text"
          aria-invalid=${this.#code === undefined ? 'false' : 'true'}
        />
        <button class="ll-primary" aria-disabled=${isBusy}>
          <ll-icon name="check"></ll-icon>${isBusy ? words.enrolling : words.enrol}
        </button>
      </form>`;
  }

  get #code(): Extract<AccountShown, { state: 'not-enrolled' }>['problem'] {
    return this.account.state === 'not-enrolled' ? this.account.problem : undefined;
  }

  #problem(): TemplateResult | typeof nothing {
    if (this.#code === undefined) return nothing;
    const { what, next } = errorText(this.#code, localizer.locale);
    return html`<notice-box alarm .what=${what} .next=${next}></notice-box>`;
  }

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    const token = this.renderRoot.querySelector<HTMLInputElement>('#token')?.value.trim() ?? '';
    if (token !== '' && this.account.state !== 'enrolling') sendCommand(this, { type: 'enrol', token });
  };

  static override readonly styles = [
    ...shared,
    css`
      :host {
        display: grid;
        gap: var(--ll-space-4);
      }
      form {
        display: grid;
        justify-items: start;
        gap: 12px;
      }
      h2 {
        font-size: 2em;
        line-height: 1.2;
        letter-spacing: -0.02em;
      }
      p {
        max-width: 34em;
      }
      label {
        font-weight: var(--ll-weight-strong);
      }
      input {
        inline-size: min(34em, 100%);
        min-block-size: 48px;
        font-family: var(--ll-font-mono);
      }
      button {
        min-block-size: 48px;
        padding: 0 20px;
      }
    `,
  ];
}
customElements.define('enrol-view', EnrolView);
