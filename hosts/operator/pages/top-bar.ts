import type { About } from '@livelet/operator/page-protocol';
import { css, html, nothing, type TemplateResult } from 'lit';
import { showHelp, showSettings, showShortcuts } from './command.js';
import { LocalizedElement, localizer } from './page-context.js';
import { KEYS } from './shortcuts.js';
import { shared } from './styles.js';

/** Which relay, who is working here, the language, the shortcuts. Not there in a session. */
export class TopBar extends LocalizedElement {
  static override readonly properties = { about: { attribute: false } };
  declare about: About | undefined;

  override render(): TemplateResult {
    const { strings, about } = this;
    return html`<header>
      <h1><ll-icon name="shield"></ll-icon>Livelet</h1>
      ${about ? this.#relay(about) : nothing}
      <span class="space"></span>
      ${about ? html`<p class="who ll-small">${about.operatorName}</p>` : nothing}
      <ll-language-switch label=${this.strings.language} .localizer=${localizer}></ll-language-switch>
      <button
        class="ll-quiet ll-icon-only"
        aria-label=${strings.settings}
        title="${strings.settings} (${KEYS.settings})"
        aria-keyshortcuts=${KEYS.settings}
        @click=${() => showSettings(this)}
      >
        <ll-icon name="settings"></ll-icon>
      </button>
      <button
        class="ll-quiet ll-icon-only"
        aria-label=${strings.shortcuts}
        title="${strings.shortcuts} (${KEYS.shortcuts})"
        aria-keyshortcuts=${KEYS.shortcuts}
        @click=${() => showShortcuts(this)}
      >
        <ll-icon name="keyboard"></ll-icon>
      </button>
      ${about?.help.map(
        ({ title, icon = 'help' }) => html`<button
          class="ll-quiet ll-icon-only"
          aria-label=${localizer.text(title)}
          title=${localizer.text(title)}
          @click=${() => showHelp(this)}
        >
          <ll-icon name=${icon}></ll-icon>
        </button>`,
      )}
    </header>`;
  }

  #relay({ relay, region }: About): TemplateResult {
    return html`<p class="relay ll-small" title="${this.strings.relay} · ${this.strings.sealed}">
      <ll-icon name="lock"></ll-icon><span>${relay}${region === undefined ? '' : ` · ${region}`}</span>
    </p>`;
  }

  static override readonly styles = [
    ...shared,
    css`
      header {
        display: flex;
        align-items: center;
        gap: var(--ll-space-2);
        min-height: 44px;
        padding: 0 var(--ll-space-2);
        background: var(--ll-surface);
        border-bottom: 1px solid var(--ll-line);
      }
      h1 {
        display: flex;
        align-items: center;
        gap: var(--ll-space-1);
        font-size: 1.0625em;
        letter-spacing: -0.01em;
      }
      h1 ll-icon {
        color: var(--ll-accent);
      }
      .relay {
        display: flex;
        align-items: center;
        gap: 6px;
        color: var(--ll-text-quiet);
        min-width: 0;
      }
      .relay span {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .space {
        flex: 1;
      }
      .who {
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
        max-width: 16em;
      }
      button {
        min-block-size: 32px;
        inline-size: 36px;
        padding: 0;
        font-size: var(--ll-size-small);
      }
      @media (max-width: 480px) {
        .who {
          display: none;
        }
      }
    `,
  ];
}
customElements.define('top-bar', TopBar);
