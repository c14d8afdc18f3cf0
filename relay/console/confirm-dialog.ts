import { css, html, nothing, type TemplateResult } from 'lit';
import { LocalizedElement } from './page-context.js';
import { shared } from './styles.js';

interface Question {
  readonly title: string;
  readonly text: string;
  /** On the button that does it. */
  readonly action: string;
  readonly confirmed: () => void;
}

/** Asks once before something that can't be taken back. */
export class ConfirmDialog extends LocalizedElement {
  static override readonly properties = { question: { state: true } };
  declare question: Question | undefined;

  override render(): TemplateResult {
    const { question, strings } = this;
    return html`<dialog aria-labelledby="title" aria-describedby="text">
      ${
        question === undefined
          ? nothing
          : html`<div class="ll-stack">
              <h2 id="title">${question.title}</h2>
              <p id="text">${question.text}</p>
              <div class="ll-row end">
                <button autofocus @click=${this.#close}>${strings.cancel}</button>
                <button class="ll-primary" @click=${this.#confirm}>${question.action}</button>
              </div>
            </div>`
      }
    </dialog>`;
  }

  show(question: Question): void {
    this.question = question;
    void this.updateComplete.then(() => this.#dialog?.showModal());
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog');
  }

  readonly #close = (): void => this.#dialog?.close();

  readonly #confirm = (): void => {
    this.#close();
    this.question?.confirmed();
  };

  static override readonly styles = [
    ...shared,
    css`
      .end {
        justify-content: end;
      }
    `,
  ];
}
customElements.define('confirm-dialog', ConfirmDialog);
