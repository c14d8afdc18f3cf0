import { QUALITY_PRESETS, type QualityPreset } from '@livelet/core/page';
import { css, html, type TemplateResult } from 'lit';
import { LocalizedElement, localizer } from './page-context.js';
import { PICTURE_STRINGS, PRESET_STRINGS } from './picture-strings.js';
import { KEYS } from './shortcuts.js';
import { shared } from './styles.js';
import type { ToolbarAction } from './toolbar-action.js';

/** Keeping a picture, how the picture is weighed, and what it takes. */
export class PictureMenu extends LocalizedElement {
  static override readonly properties = { preset: {}, measured: { type: Boolean } };
  declare preset: QualityPreset;
  /** The measurements are shown. */
  declare measured: boolean;

  override render(): TemplateResult {
    const words = this.#words;
    return html`<button
        class="ll-quiet ll-icon-only"
        aria-label=${words.snapshot}
        aria-keyshortcuts=${KEYS.screenshot}
        title="${words.snapshot} (${KEYS.screenshot})"
        @click=${() => this.#act({ screenshot: 'plain' })}
      >
        <ll-icon name="camera"></ll-icon>
      </button>
      <button
        class="ll-quiet"
        popovertarget="menu"
        aria-haspopup="menu"
        aria-label=${words.menu}
        title=${words.menu}
      >
        <ll-icon name="settings"></ll-icon>
        <ll-icon class="small" name="chevron-down"></ll-icon>
      </button>
      <div id="menu" popover class="ll-popup" role="menu" aria-label=${words.menu} @keydown=${this.#walk}>
        <div role="group" aria-label=${words.weigh}>
          <div class="heading ll-quiet-text ll-small" aria-hidden="true">${words.weigh}</div>
          ${(Object.keys(QUALITY_PRESETS) as QualityPreset[]).map((preset, place) => this.#preset(preset, place))}
        </div>
        <hr />
        <button
          role="menuitemcheckbox"
          aria-checked=${this.measured}
          aria-keyshortcuts=${KEYS.measurements}
          @click=${() => this.#choose('measurements')}
        >
          ${this.#mark(this.measured)}${words.measurements}<kbd aria-hidden="true">${KEYS.measurements}</kbd>
        </button>
        <button role="menuitem" @click=${() => this.#choose({ screenshot: 'with-cursor' })}>
          ${this.#mark(false)}${words.withCursor}
        </button>
      </div>`;
  }

  get #words(): (typeof PICTURE_STRINGS)['en'] {
    return PICTURE_STRINGS[localizer.locale];
  }

  #preset(preset: QualityPreset, place: number): TemplateResult {
    const [name, why] = PRESET_STRINGS[preset];
    const chosen = preset === this.preset;
    return html`<button
      role="menuitemradio"
      ?autofocus=${place === 0}
      aria-checked=${chosen}
      @click=${() => this.#choose({ quality: preset })}
    >
      ${this.#mark(chosen)}${this.#words[name]}<span class="ll-quiet-text ll-small">${this.#words[why]}</span>
    </button>`;
  }

  #mark(on: boolean): TemplateResult {
    return html`<ll-icon name="check" class=${on ? '' : 'off'}></ll-icon>`;
  }

  #choose(action: ToolbarAction): void {
    this.renderRoot.querySelector<HTMLElement>('#menu')?.hidePopover();
    this.#act(action);
  }

  #act(action: ToolbarAction): void {
    this.dispatchEvent(new CustomEvent('toolbar-action', { detail: action, bubbles: true, composed: true }));
  }

  #walk(event: KeyboardEvent): void {
    const items = [...this.renderRoot.querySelectorAll<HTMLElement>('#menu button')];
    const now = items.indexOf(event.target as HTMLElement);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: now + 1,
      ArrowUp: now - 1 + items.length,
      Home: 0,
      End: items.length - 1,
    };
    const next = steps[event.key];
    if (next === undefined) return;
    event.preventDefault();
    items[next % items.length]?.focus();
  }

  static override readonly styles = [
    ...shared,
    css`
      :host {
        display: flex;
        align-items: center;
      }
      button {
        min-block-size: 32px;
      }
      button.ll-icon-only {
        inline-size: 34px;
        padding: 0;
      }
      [popovertarget] {
        gap: 2px;
        padding: 0 6px;
      }
      .small {
        font-size: 0.7em;
      }
      [popover] {
        inline-size: max-content;
        padding: 4px;
      }
      [popover] button {
        display: flex;
        align-items: center;
        justify-content: start;
        gap: 8px;
        inline-size: 100%;
        padding: 0 12px 0 8px;
        border-color: transparent;
        background: none;
        font-weight: normal;
        text-align: start;
      }
      [popover] button:focus-visible {
        outline-offset: -3px;
      }
      [popover] button:hover {
        background: var(--ll-accent-soft);
      }
      [popover] :is(kbd, span) {
        margin-inline-start: auto;
      }
      [popover] span {
        padding-inline-start: 16px;
      }
      .heading {
        padding: 4px 12px 0;
      }
      hr {
        margin: 4px 0;
        border: 0;
        border-top: 1px solid var(--ll-line);
      }
      .off {
        visibility: hidden;
      }
    `,
  ];
}
customElements.define('picture-menu', PictureMenu);
