import { openBeside } from '@livelet/window/page';
import { css, html, type TemplateResult } from 'lit';
import { LocalizedElement, localizer } from './page-context.js';
import { PICTURE_STRINGS } from './picture-strings.js';
import { KEYS } from './shortcuts.js';
import { shared } from './styles.js';

/** Every shortcut of the console with what it does. */
export class ShortcutsDialog extends LocalizedElement {
  override render(): TemplateResult {
    const { strings } = this;
    const picture = PICTURE_STRINGS[localizer.locale];
    const rows: readonly (readonly [string, string])[] = [
      [KEYS.newSession, strings.newSession],
      [KEYS.settings, strings.settings],
      [KEYS.view, strings.keyAskView],
      [KEYS.control, strings.keyAskControl],
      [KEYS.chat, strings.keyAskChat],
      [KEYS.panel, strings.keyPanel],
      [KEYS.fit, strings.fit],
      [KEYS.actualSize, strings.actualSize],
      [`${KEYS.zoomIn} ${KEYS.zoomOut}`, strings.zoom],
      [KEYS.fullScreen, strings.fullScreen],
      [KEYS.screenshot, picture.snapshot],
      [KEYS.measurements, picture.measurements],
      [KEYS.end, strings.endNow],
      [KEYS.shortcuts, strings.shortcuts],
    ];
    return html`<dialog aria-labelledby="title">
      <div class="head">
        <h2 id="title">${strings.shortcuts}</h2>
        <button class="ll-quiet ll-icon-only" aria-label=${strings.close} @click=${() => this.#dialog?.close()}>
          <ll-icon name="close"></ll-icon>
        </button>
      </div>
      <p class="ll-quiet-text ll-small">${strings.shortcutsText}</p>
      <dl>
        ${rows.map(
          ([keys, what]) =>
            html`<div>
              <dt>${what}</dt>
              <dd>${keys.split(' ').map((key) => html`<kbd>${key}</kbd> `)}</dd>
            </div>`,
        )}
      </dl>
    </dialog>`;
  }

  show(): void {
    const dialog = this.#dialog;
    if (!dialog || dialog.open) return;
    // Over a stage that fills the screen there is no beside.
    if (document.fullscreenElement) dialog.showModal();
    else openBeside(dialog);
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog');
  }

  static override readonly styles = [
    ...shared,
    css`
      .head {
        display: flex;
        align-items: center;
        justify-content: space-between;
      }
      h2 {
        font-size: var(--ll-size-large);
      }
      dl {
        margin-top: var(--ll-space-2);
      }
      dl div {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: var(--ll-space-2);
        min-height: 36px;
        border-bottom: 1px solid var(--ll-line);
      }
      dl div:last-child {
        border-bottom: 0;
      }
      kbd {
        font-size: 0.875em;
      }
    `,
  ];
}
customElements.define('shortcuts-dialog', ShortcutsDialog);
