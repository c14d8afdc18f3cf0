import type { ErrorCode } from '@livelet/core/page';
import { MAX_CHOICE, type SettingsShown } from '@livelet/operator/page-protocol';
import { errorText, openBeside } from '@livelet/window/page';
import { css, html, nothing, type TemplateResult } from 'lit';
import { sendCommand } from './command.js';
import './notice-box.js';
import './recordings-settings.js';
import { announcer, LocalizedElement, localizer } from './page-context.js';
import { SETTINGS_STRINGS } from './settings-strings.js';
import { shared } from './styles.js';

/** Where chats are kept, where recordings go, which ways the console may go, and its language. */
export class SettingsDialog extends LocalizedElement {
  static override readonly properties = { settings: { attribute: false }, refused: { state: true } };
  declare settings: SettingsShown | undefined;
  /** What was wrong with the last change. */
  declare refused: ErrorCode | undefined;

  show(): void {
    this.refused = undefined;
    if (this.#dialog) openBeside(this.#dialog);
  }

  /** How a change went. */
  answered(code: ErrorCode | undefined): void {
    this.refused = code;
    // The notice says by itself what went wrong.
    if (code === undefined) announcer.announce(this.#words.saved);
    else void this.updateComplete.then(() => this.renderRoot.querySelector('notice-box')?.scrollIntoView());
  }

  override render(): TemplateResult {
    const { strings, settings } = this;
    const words = this.#words;
    return html`<dialog aria-labelledby="title" @console-command=${this.#forget}>
      <div class="head">
        <h2 id="title">${strings.settings}</h2>
        <button class="ll-quiet ll-icon-only" aria-label=${strings.close} @click=${() => this.#dialog?.close()}>
          <ll-icon name="close"></ll-icon>
        </button>
      </div>
      ${this.#refusal()}
      <section aria-labelledby="chats">
        <h3 id="chats"><ll-icon name="chat"></ll-icon>${words.chats}</h3>
        ${settings ? this.#chats(settings) : nothing}
      </section>
      <section aria-labelledby="recordings">
        <h3 id="recordings"><ll-icon name="video"></ll-icon>${words.recordings}</h3>
        ${settings ? html`<recordings-settings .recordings=${settings.recordings}></recordings-settings>` : nothing}
      </section>
      <section aria-labelledby="connection">
        <h3 id="connection"><ll-icon name="link"></ll-icon>${words.connection}</h3>
        ${settings ? this.#connection(settings) : nothing}
      </section>
      <section aria-labelledby="language">
        <h3 id="language"><ll-icon name="language"></ll-icon>${words.language}</h3>
        <ll-language-switch label=${this.strings.language} .localizer=${localizer}></ll-language-switch>
      </section>
    </dialog>`;
  }

  #refusal(): TemplateResult | typeof nothing {
    if (this.refused === undefined) return nothing;
    const { what, next } = errorText(this.refused, localizer.locale);
    return html`<notice-box alarm .what=${what} .next=${next}></notice-box>`;
  }

  #chats({ archive, waiting }: SettingsShown): TemplateResult {
    const words = this.#words;
    const { by, isChosen, canChoose, problem } = archive;
    return html`<p class="kept">${by === undefined ? words.notKept : words.keptBy(by)}</p>
      ${by === undefined ? nothing : html`<p class="ll-small ll-quiet-text">${isChosen ? words.chosen : words.own}</p>`}
      ${problem === undefined ? nothing : html`<p class="ll-notice ll-alarm" role="alert">${words.problem}</p>`}
      ${waiting.waiting === 0 ? nothing : html`<p role="status">${words.waiting(waiting.waiting)} ${this.#reason(waiting.problem)}</p>`}
      ${waiting.lost === 0 ? nothing : html`<p role="status">${words.lost(waiting.lost)}</p>`}
      ${waiting.problem === 'operator-not-enrolled' ? this.#token() : nothing}
      ${canChoose ? this.#choice(isChosen || problem !== undefined) : html`<p class="ll-small ll-quiet-text">${words.noOrganisation}</p>`}`;
  }

  #reason(problem: ErrorCode | undefined): string {
    return problem === undefined ? '' : errorText(problem, localizer.locale).what;
  }

  #choice(canReset: boolean): TemplateResult {
    const words = this.#words;
    return html`<div class="ll-row">
        <button aria-describedby="load-text" @click=${() => this.#file?.click()}>
          <ll-icon name="file"></ll-icon>${words.load}
        </button>
        ${
          canReset
            ? html`<button class="ll-quiet" @click=${() => sendCommand(this, { type: 'reset-archive' })}>
                ${words.reset}
              </button>`
            : nothing
        }
        <input type="file" accept=".json,application/json" hidden aria-label=${words.load} @change=${this.#load} />
      </div>
      <p id="load-text" class="ll-small ll-quiet-text">${words.loadText}</p>`;
  }

  #token(): TemplateResult {
    const words = this.#words;
    return html`<form class="ll-stack" @submit=${this.#sendToken}>
      <label for="token">${words.tokenLabel}</label>
      <div class="ll-row">
        <input id="token" type="text" required maxlength="128" autocomplete="off" spellcheck="false" aria-describedby="token-text" />
        <button>${words.tokenSend}</button>
      </div>
      <p id="token-text" class="ll-small ll-quiet-text">${words.tokenText}</p>
    </form>`;
  }

  #connection({ proxy, proxyProblem, allowedRegions }: SettingsShown): TemplateResult {
    const words = this.#words;
    const shownProxy = proxyProblem === undefined ? (proxy ?? words.noProxy) : this.#reason(proxyProblem);
    return html`<dl>
      <div>
        <dt>${words.proxy}</dt>
        <dd>${shownProxy}<p class="ll-small ll-quiet-text">${words.proxyText}</p></dd>
      </div>
      <div>
        <dt>${words.regions}</dt>
        <dd>
          ${allowedRegions.length === 0 ? words.anywhere : allowedRegions.join(', ')}
          <p class="ll-small ll-quiet-text">${words.regionsText}</p>
        </dd>
      </div>
    </dl>`;
  }

  get #words(): (typeof SETTINGS_STRINGS)['en'] {
    return SETTINGS_STRINGS[localizer.locale];
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog');
  }

  get #file(): HTMLInputElement | null {
    return this.renderRoot.querySelector<HTMLInputElement>('input[type="file"]');
  }

  /** The next change is on its way. */
  readonly #forget = (): void => {
    this.refused = undefined;
  };

  readonly #load = async (event: Event): Promise<void> => {
    const field = event.target as HTMLInputElement;
    const [file] = field.files ?? [];
    if (file === undefined) return;
    const choice = await file.slice(0, MAX_CHOICE + 1).text();
    // The same file can be chosen again.
    field.value = '';
    if (choice.length > MAX_CHOICE) this.answered('archive-choice-refused');
    else sendCommand(this, { type: 'choose-archive', choice });
  };

  readonly #sendToken = (event: Event): void => {
    event.preventDefault();
    const field = this.renderRoot.querySelector<HTMLInputElement>('#token');
    if (field === null) return;
    sendCommand(this, { type: 'enrol-at-archive', token: field.value });
    field.value = '';
  };

  static override readonly styles = [
    ...shared,
    css`
      dialog {
        inline-size: min(40em, calc(100vw - 32px));
      }
      .head {
        display: flex;
        align-items: center;
        justify-content: space-between;
      }
      h2 {
        font-size: var(--ll-size-large);
      }
      h3 {
        display: flex;
        align-items: center;
        gap: var(--ll-space-1);
      }
      h3 ll-icon {
        color: var(--ll-accent);
      }
      section {
        display: grid;
        justify-items: start;
        gap: 12px;
        padding: var(--ll-space-2) 0;
        border-top: 1px solid var(--ll-line);
      }
      section:first-of-type {
        border-top: 0;
      }
      form {
        gap: var(--ll-space-half);
      }
      dl {
        display: grid;
        gap: 12px;
      }
      dl div {
        display: grid;
        grid-template-columns: 10em 1fr;
        gap: var(--ll-space-half) var(--ll-space-2);
      }
      dt {
        color: var(--ll-text-quiet);
      }
      @media (max-width: 480px) {
        dl div {
          grid-template-columns: 1fr;
        }
      }
    `,
  ];
}
customElements.define('settings-dialog', SettingsDialog);
