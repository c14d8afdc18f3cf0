import { css, html, type TemplateResult } from 'lit';
import { sendCommand } from './command.js';
import { LocalizedElement } from './page-context.js';
import { shared } from './styles.js';

/** Asks once before the session is ended: a new one needs the customer to type a new code. No key typed on ends it. */
export class EndDialog extends LocalizedElement {
  static override readonly properties = { peerName: {} };
  declare peerName: string;

  override render(): TemplateResult {
    const { strings } = this;
    return html`<dialog aria-labelledby="title" aria-describedby="text">
      <h2 id="title">${strings.endTitle(this.peerName || strings.noName)}</h2>
      <p id="text" class="ll-quiet-text">${strings.endText}</p>
      <div class="buttons">
        <button autofocus @click=${() => this.#dialog?.close()}>${strings.keepOn}</button>
        <button class="ll-stop" @click=${this.#end}>${strings.endNow}</button>
      </div>
    </dialog>`;
  }

  show(): void {
    if (!this.#dialog?.open) this.#dialog?.showModal();
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog');
  }

  readonly #end = (): void => {
    this.#dialog?.close();
    sendCommand(this, { type: 'end' });
  };

  static override readonly styles = [
    ...shared,
    css`
      h2 {
        font-size: var(--ll-size-large);
        margin-bottom: var(--ll-space-1);
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        justify-content: end;
        gap: var(--ll-space-1);
        margin-top: var(--ll-space-3);
      }
    `,
  ];
}
customElements.define('end-dialog', EndDialog);
