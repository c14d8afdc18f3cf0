import { MAX_FOLDER, type RecordingsShown } from '@livelet/operator/page-protocol';
import { css, html, nothing, type TemplateResult } from 'lit';
import { sendCommand } from './command.js';
import { LocalizedElement, localizer } from './page-context.js';
import { SETTINGS_STRINGS } from './settings-strings.js';
import { shared } from './styles.js';

/** Which folder recordings go to, and another one in its place. */
export class RecordingsSettings extends LocalizedElement {
  static override readonly properties = { recordings: { attribute: false } };
  declare recordings: RecordingsShown;

  override render(): TemplateResult {
    const words = SETTINGS_STRINGS[localizer.locale];
    const { folder, isFixed } = this.recordings;
    return html`<p>${words.recordingsIn} ${folder === undefined ? words.amongVideos : html`<bdi>${folder}</bdi>`}</p>
      ${isFixed ? html`<p class="ll-small ll-quiet-text">${words.recordingsFixed}</p>` : this.#change()}`;
  }

  #change(): TemplateResult {
    const words = SETTINGS_STRINGS[localizer.locale];
    const { folder, canBrowse } = this.recordings;
    return html`<form class="ll-stack" @submit=${this.#choose}>
      <label for="folder">${words.recordingsLabel}</label>
      <div class="ll-row">
        <input
          id="folder"
          type="text"
          required
          maxlength=${MAX_FOLDER}
          autocomplete="off"
          spellcheck="false"
          aria-describedby="folder-text"
        />
        <button>${words.recordingsSet}</button>
        ${
          canBrowse
            ? html`<button type="button" @click=${() => sendCommand(this, { type: 'browse-recordings' })}>
                ${words.recordingsBrowse}
              </button>`
            : nothing
        }
        ${
          folder === undefined
            ? nothing
            : html`<button type="button" class="ll-quiet" @click=${() => sendCommand(this, { type: 'reset-recordings' })}>
                ${words.recordingsReset}
              </button>`
        }
      </div>
      <p id="folder-text" class="ll-small ll-quiet-text">${words.recordingsText}</p>
    </form>`;
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    const before = changed.get('recordings') as RecordingsShown | undefined;
    // What was entered has become the folder.
    if (before && before.folder !== this.recordings.folder) this.renderRoot.querySelector('form')?.reset();
  }

  readonly #choose = (event: Event): void => {
    event.preventDefault();
    const folder = this.renderRoot.querySelector('input')?.value.trim() ?? '';
    sendCommand(this, { type: 'choose-recordings', folder });
  };

  static override readonly styles = [
    ...shared,
    css`
      :host {
        display: grid;
        gap: 12px;
      }
      bdi {
        overflow-wrap: anywhere;
      }
      form {
        gap: var(--ll-space-half);
      }
      .ll-row {
        flex-wrap: wrap;
      }
      input {
        flex: 1 1 12em;
        min-inline-size: 0;
      }
    `,
  ];
}
customElements.define('recordings-settings', RecordingsSettings);
