import { MAX_OWN_NOTES } from '@livelet/core/page';
import { defineStrings } from '@livelet/window/page';
import { css, html, type TemplateResult } from 'lit';
import { sendCommand } from './command.js';
import { LocalizedElement, localizer } from './page-context.js';
import { shared } from './styles.js';

/** Every string about the operator's own notes. */
export const OWN_NOTES_STRINGS = defineStrings({
  en: {
    title: 'Your notes',
    where: 'They stay on this computer, with the receipt. The customer doesn’t see them.',
  },
  it: {
    title: 'Le tue note',
    where: 'Restano su questo computer, con la ricevuta. Il cliente non le vede.',
  },
});

/** A field for what the operator notes for themselves. From its first showing on, what stands in it is what counts. */
export class OwnNotes extends LocalizedElement {
  static override readonly properties = { notes: {} };
  /** What the host knows. */
  declare notes: string | undefined;

  override render(): TemplateResult {
    const words = OWN_NOTES_STRINGS[localizer.locale];
    return html`<label for="notes">${words.title}</label>
      <textarea
        id="notes"
        rows="4"
        maxlength=${MAX_OWN_NOTES}
        aria-describedby="where"
        @input=${this.#onInput}
      ></textarea>
      <p id="where" class="ll-small ll-quiet-text">${words.where}</p>`;
  }

  /** Each letter is told at once: a session can end at any moment. */
  readonly #onInput = (event: Event): void => {
    sendCommand(this, { type: 'own-notes', text: (event.target as HTMLTextAreaElement).value });
  };

  protected override firstUpdated(): void {
    const field = this.renderRoot.querySelector('textarea');
    if (field) field.value = this.notes ?? '';
  }

  static override readonly styles = [
    ...shared,
    css`
      :host {
        display: grid;
        gap: var(--ll-space-1);
      }
      label {
        font-weight: var(--ll-weight-strong);
      }
      textarea {
        inline-size: 100%;
        box-sizing: border-box;
        resize: vertical;
        font: inherit;
      }
    `,
  ];
}
customElements.define('own-notes', OwnNotes);
