import type { ConsoleState } from '@livelet/operator/page-protocol';
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { sendCommand } from './command.js';
import { announcer, LocalizedElement } from './page-context.js';
import { shared } from './styles.js';
import './ticking-time.js';

type WaitingState = Extract<ConsoleState, { view: 'getting-code' | 'waiting' | 'connecting' }>;

/** How long "Copied" stands on the button, ms. */
const COPIED_FOR = 2000;

/** The code, large, while its customer is on the way. */
export class WaitingView extends LocalizedElement {
  static override readonly properties = { state: { attribute: false }, copied: { state: true } };
  declare state: WaitingState;
  declare copied: boolean;

  constructor() {
    super();
    this.copied = false;
  }

  override render(): TemplateResult {
    const { state } = this;
    return html`<section class="ll-card" aria-busy=${state.view !== 'waiting'}>
      ${state.view === 'waiting' ? this.#code(state) : this.#busy(state)}
    </section>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const before = changed.get('state');
    if (before?.view === this.state.view) return;
    // What had the focus may be gone; the keyboard stays in this view.
    const wanted = this.state.view === 'waiting' ? '.copy' : '.cancel';
    this.renderRoot.querySelector<HTMLElement>(wanted)?.focus();
  }

  #code({ code, expiresAt, longCodes }: Extract<WaitingState, { view: 'waiting' }>): TemplateResult {
    const { strings } = this;
    return html`<h2>${strings.readCode}</h2>
      <p class="code numbers ${longCodes ? 'long' : ''}" aria-label=${strings.codeIs(code)} role="img">
        ${code.split(' ').map((group) => html`<span>${group}</span>`)}
      </p>
      <p class="ll-quiet-text">
        <ll-icon name="clock"></ll-icon>${strings.validForBefore}
        <ticking-time class="numbers" until=${expiresAt}></ticking-time>
      </p>
      <div class="buttons">
        <button class="copy ll-primary" @click=${() => this.#copy(code)}>
          <ll-icon name=${this.copied ? 'check' : 'copy'}></ll-icon>
          ${this.copied ? strings.copied : strings.copy}
        </button>
        <button @click=${() => sendCommand(this, { type: 'new-code' })}>
          <ll-icon name="refresh"></ll-icon>${strings.otherCode}
        </button>
        ${this.#cancel()}
      </div>
      ${longCodes ? html`<p class="ll-notice">${strings.longCodes}</p>` : nothing}
      <div class="steps">
        <p class="waiting"><span class="pulse" aria-hidden="true"></span>${strings.waiting}</p>
        <ol class="ll-small ll-quiet-text">
          <li>${strings.waitingStep1}</li>
          <li>${strings.waitingStep2}</li>
          <li>${strings.waitingStep3}</li>
        </ol>
      </div>`;
  }

  #busy({ view }: WaitingState): TemplateResult {
    const { strings } = this;
    const connecting = view === 'connecting';
    return html`<div class="busy">
      <span class="ring" aria-hidden="true"></span>
      <h2>${connecting ? strings.connecting : strings.gettingCode}</h2>
      ${connecting ? html`<p class="ll-quiet-text">${strings.connectingText}</p>` : nothing}
      <div class="buttons">${this.#cancel()}</div>
    </div>`;
  }

  #cancel(): TemplateResult {
    return html`<button class="cancel" @click=${() => sendCommand(this, { type: 'cancel' })}>
      ${this.strings.cancel}
    </button>`;
  }

  async #copy(code: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(code);
    } catch {
      // Refused by the browser: the button doesn't say "Copied", and the code can be selected.
      return;
    }
    this.copied = true;
    announcer.announce(this.strings.copied);
    setTimeout(() => {
      this.copied = false;
    }, COPIED_FOR);
  }

  static override readonly styles = [
    ...shared,
    css`
      section {
        display: grid;
        justify-items: center;
        gap: var(--ll-space-2);
        padding: var(--ll-space-4);
        text-align: center;
        min-height: 24em;
        align-content: center;
      }
      h2 {
        font-size: var(--ll-size-large);
      }
      p {
        display: flex;
        align-items: center;
        gap: 6px;
      }
      .code {
        gap: 0.45em;
        justify-content: center;
        flex-wrap: wrap;
        font-family: var(--ll-font-mono);
        font-size: clamp(2.25em, 7.5vw, 4.25em);
        font-weight: 600;
        line-height: 1.15;
        letter-spacing: 0.02em;
        user-select: all;
      }
      .code.long {
        font-size: clamp(1.75em, 5.5vw, 3em);
      }
      @media (max-width: 480px) {
        .code {
          display: grid;
          grid-template-columns: auto auto;
        }
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: var(--ll-space-1);
        margin-top: var(--ll-space-1);
      }
      .copy {
        min-width: 11em;
      }
      .steps {
        display: grid;
        gap: var(--ll-space-1);
        justify-items: center;
        margin-top: var(--ll-space-2);
        padding-top: var(--ll-space-3);
        border-top: 1px solid var(--ll-line);
        width: 100%;
      }
      .waiting {
        font-weight: var(--ll-weight-strong);
      }
      ol {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        column-gap: var(--ll-space-3);
        counter-reset: step;
      }
      li {
        counter-increment: step;
      }
      li::before {
        content: counter(step) '. ';
      }
      .pulse {
        width: 10px;
        height: 10px;
        border-radius: 50%;
        border: 2px solid var(--ll-accent);
      }
      .ring {
        width: 40px;
        height: 40px;
        border-radius: 50%;
        border: 3px solid var(--ll-line);
        border-top-color: var(--ll-accent);
      }
      .busy {
        display: grid;
        justify-items: center;
        gap: var(--ll-space-2);
      }
      @media (prefers-reduced-motion: no-preference) {
        .ring {
          animation: turn 1s linear infinite;
        }
      }
      @keyframes turn {
        to {
          rotate: 360deg;
        }
      }
    `,
  ];
}
customElements.define('waiting-view', WaitingView);
