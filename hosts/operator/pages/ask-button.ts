import type { Capability } from '@livelet/core/page';
import type { GrantShown } from '@livelet/operator/page-protocol';
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { sendCommand } from './command.js';
import { askableIn, ranOut } from './grants.js';
import { LocalizedElement, localizer } from './page-context.js';
import { CAPABILITY_ASK, GRANT_STATE } from './strings.js';
import { shared } from './styles.js';

/** Asks the customer for one capability, and says how far that is. */
export class AskButton extends LocalizedElement {
  static override readonly properties = {
    grant: { attribute: false },
    key: {},
    prominent: { type: Boolean },
    named: { type: Boolean },
    away: { type: Boolean },
  };
  declare grant: GrantShown;
  /** The shortcut that does the same. */
  declare key: string | undefined;
  declare prominent: boolean;
  /** It stands beside others: it says what it is for, also while nothing can be asked. */
  declare named: boolean;
  /** The customer can't hear it now. */
  declare away: boolean;

  #pause: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#pause);
  }

  override render(): TemplateResult {
    const { capability, state } = this.grant;
    const wait = askableIn(this.grant, Date.now());
    const why = this.#why;
    return html`${why === undefined ? nothing : html`<p id="why" class="ll-small">${why}</p>`}<button
      class=${this.prominent && wait === 0 ? 'll-primary' : ''}
      aria-disabled=${wait !== 0 || this.away}
      aria-describedby=${why === undefined ? nothing : 'why'}
      aria-keyshortcuts=${this.key ?? nothing}
      @click=${() => this.ask()}
    >
      <ll-icon name=${iconOf(capability, state)}></ll-icon>${this.#label(wait)}
      ${wait === 0 && this.key ? html`<kbd aria-hidden="true">${this.key}</kbd>` : nothing}
    </button>`;
  }

  protected override updated(_changed: PropertyValues<this>): void {
    clearTimeout(this.#pause);
    const wait = askableIn(this.grant, Date.now());
    if (wait === undefined || wait === 0) return;
    this.#pause = setTimeout(() => this.requestUpdate(), wait % 1000 || 1000);
  }

  override focus(): void {
    this.renderRoot.querySelector('button')?.focus();
  }

  /** Asks, if there is anything to ask for now. */
  ask(): void {
    if (this.away || askableIn(this.grant, Date.now()) !== 0) return;
    sendCommand(this, { type: 'ask', capability: this.grant.capability });
  }

  /** What became of the last question; there is no room for it in the toolbar. */
  get #why(): string | undefined {
    const { state } = this.grant;
    if (this.key !== undefined) return undefined;
    if (state === 'denied') return this.strings.refusedByCustomer;
    if (ranOut(this.grant)) return this.strings.timeOver;
    return state === 'revoked' ? this.strings.revokedByCustomer : undefined;
  }

  #label(wait: number | undefined): string {
    const { capability, state } = this.grant;
    const what = localizer.text(CAPABILITY_ASK[capability]);
    if (wait === undefined) {
      const where = localizer.text(GRANT_STATE[state]);
      return this.named ? `${what}: ${where}` : where;
    }
    if (wait === 0) return what;
    const seconds = String(Math.ceil(wait / 1000));
    return this.named ? this.strings.againIn(what, seconds) : this.strings.askAgainIn(seconds);
  }

  static override readonly styles = [
    ...shared,
    css`
      :host {
        display: inline-block;
        max-width: 100%;
      }
      button {
        min-block-size: var(--ask-height, 36px);
        padding: 0 12px;
        max-width: 100%;
        white-space: var(--ask-wrap, nowrap);
      }
      p {
        margin-block-end: 4px;
      }
      kbd {
        display: var(--ask-key, inline-block);
      }
    `,
  ];
}
customElements.define('ask-button', AskButton);

const ICON_OF: Readonly<Record<Capability, string>> = {
  view: 'eye',
  control: 'control',
  chat: 'chat',
  hear: 'microphone',
  'hear-computer': 'volume',
  speak: 'volume',
  camera: 'video',
  'show-camera': 'video',
  'show-screen': 'monitor',
  'send-files': 'file',
  'take-files': 'file',
  'send-clipboard': 'clipboard',
  'take-clipboard': 'clipboard',
  record: 'dot',
};

export function iconOf(capability: Capability, state: GrantShown['state'] = 'none'): string {
  if (state === 'granted') return 'check';
  return state === 'asked' ? 'clock' : ICON_OF[capability];
}
