import { gapTexts, timerText } from '@livelet/core/page';
import type { ReceiptShown } from '@livelet/operator/page-protocol';
import { css, html, nothing, type TemplateResult } from 'lit';
import { sendCommand } from './command.js';
import './event-list.js';
import { formatBytes, formatDateTime } from './format.js';
import './notice-box.js';
import { errorText, saveFile } from '@livelet/window/page';
import './own-notes.js';
import { announcer, LocalizedElement, localizer } from './page-context.js';
import { SIGNED } from './receipt-strings.js';
import {
  endText,
  interruptionTexts,
  noteTexts,
  receiptFileName,
  receiptText,
  signedText,
} from './receipt-text.js';
import { KEYS } from './shortcuts.js';
import { shared } from './styles.js';

/** After the end: who, how long, what was asked, allowed, denied and taken back; to copy or to save. */
export class ReceiptView extends LocalizedElement {
  static override readonly properties = { receipt: { attribute: false }, notes: {}, copied: { state: true } };
  declare receipt: ReceiptShown;
  declare notes: string | undefined;
  declare copied: boolean | undefined;

  override render(): TemplateResult {
    const { strings, receipt } = this;
    const { locale } = localizer;
    const { peer, startedAt, endedAt } = receipt;
    const broken = this.#broken();
    const row = (name: string, value: string, mono = false): TemplateResult =>
      html`<div>
        <dt class="ll-quiet-text">${name}</dt>
        <dd class=${mono ? 'mono' : ''}>${value}</dd>
      </div>`;
    return html`<section class="ll-card" aria-labelledby="title">
        <header>
          <h2 id="title" tabindex="-1">${strings.endedTitle(peer.name || strings.noName)}</h2>
          ${broken === undefined ? html`<p class="ll-quiet-text">${endText(receipt, locale)}</p>` : nothing}
        </header>
        ${broken}
        <dl class="ll-small">
          ${row(strings.receiptWho, peer.name || strings.noName)} ${row(strings.receiptOperator, receipt.operator)}
          ${row(strings.receiptStarted, formatDateTime(startedAt, locale))}
          ${row(strings.receiptDuration, timerText(endedAt - startedAt))}
          ${row(strings.receiptTraffic, formatBytes(receipt.bytesSent + receipt.bytesReceived, locale))}
          ${interruptionTexts(receipt, locale).map((text) => row(strings.receiptInterrupted, text))}
          ${row(strings.words, receipt.sasWords.join(' '))} ${row(strings.fingerprint, peer.fingerprint, true)}
          ${row(localizer.text(SIGNED), [signedText(receipt, locale), ...gapTexts(receipt.gaps, locale)].join('. '))}
        </dl>
        <h3>${strings.events}</h3>
        <event-list .events=${receipt.events}></event-list>
        ${this.#notes()}
        <own-notes .notes=${this.notes}></own-notes>
        <div class="buttons">
          <button @click=${() => this.#copy()}>
            <ll-icon name=${this.copied ? 'check' : 'copy'}></ll-icon>
            ${this.copied ? strings.copied : strings.copyReceipt}
          </button>
          <button @click=${() => this.#save()}><ll-icon name="save"></ll-icon>${strings.saveReceipt}</button>
          <button @click=${() => sendCommand(this, { type: 'signed-receipt' })}>
            <ll-icon name="save"></ll-icon>${strings.saveSigned}
          </button>
          <span class="space"></span>
          <button @click=${() => sendCommand(this, { type: 'home' })}>${strings.done}</button>
          <button
            class="ll-primary"
            aria-keyshortcuts=${KEYS.newSession}
            @click=${() => sendCommand(this, { type: 'new-code' })}
          >
            ${strings.newSession} <kbd aria-hidden="true">${KEYS.newSession}</kbd>
          </button>
        </div>
      </section>`;
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('#title')?.focus();
  }

  #notes(): TemplateResult | typeof nothing {
    const notes = noteTexts(this.receipt, localizer.locale);
    if (notes.length === 0) return nothing;
    return html`<h3>${this.strings.receiptDone}</h3>
      <ul class="ll-small">
        ${notes.map((note) => html`<li>${note}</li>`)}
      </ul>`;
  }

  /** What broke the session, where that is known: it says more than how it ended. */
  #broken(): TemplateResult | undefined {
    const { how, error } = this.receipt.end;
    if ((how !== 'failed' && how !== 'interrupted') || error === undefined) return undefined;
    const { what, next } = errorText(error, localizer.locale);
    return html`<notice-box ?alarm=${how === 'failed'} .what=${what} .next=${next}></notice-box>`;
  }

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(receiptText(this.receipt, localizer.locale));
      this.copied = true;
      announcer.announce(this.strings.copied);
    } catch {
      // Refused by the browser: the button doesn't say "Copied", and the receipt can be saved.
    }
  }

  #save(): void {
    saveFile(receiptFileName(this.receipt, 'txt'), receiptText(this.receipt, localizer.locale));
  }

  static override readonly styles = [
    ...shared,
    css`
      section {
        display: grid;
        gap: var(--ll-space-2);
        padding: var(--ll-space-4);
      }
      h2 {
        font-size: var(--ll-size-title);
        letter-spacing: -0.015em;
      }
      h2:focus {
        outline: none;
      }
      dl {
        display: grid;
        gap: 6px;
        padding: var(--ll-space-2) 0;
        border-block: 1px solid var(--ll-line);
      }
      dl div {
        display: grid;
        grid-template-columns: 11.5em 1fr;
        gap: var(--ll-space-1);
      }
      li {
        overflow-wrap: anywhere;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: var(--ll-space-1);
        margin-top: var(--ll-space-1);
      }
      .space {
        flex: 1;
      }
      @media (max-width: 700px) {
        dl div {
          grid-template-columns: 1fr;
          gap: 0;
        }
        section {
          padding: var(--ll-space-2);
        }
      }
    `,
  ];
}
customElements.define('receipt-view', ReceiptView);
