import type { QualityPreset } from '@livelet/core/page';
import type { ContributionShown } from '@livelet/operator/page-protocol';
import { css, html, nothing, type TemplateResult } from 'lit';
import './ask-button.js';
import { showHelp } from './command.js';
import {
  grantOf,
  isGranted,
  isReconnecting,
  type Mode,
  modeOf,
  ranOut,
  type SessionState,
} from './grants.js';
import { LocalizedElement, localizer } from './page-context.js';
import './picture-menu.js';
import type { QualityMeter } from './quality-meter.js';
import './quality-meter.js';
import { KEYS } from './shortcuts.js';
import { shared } from './styles.js';
import './ticking-time.js';
import type { ToolbarAction } from './toolbar-action.js';
import './zoom-buttons.js';

/** Seeing is allowed, and there may yet be nothing to see. */
type ToldMode = Mode | 'no-picture';

const MODE_ICON: Readonly<Record<ToldMode, string>> = {
  reconnecting: 'clock',
  deciding: 'clock',
  'not-asked': 'eye-off',
  asking: 'clock',
  denied: 'eye-off',
  paused: 'pause',
  viewing: 'eye',
  controlling: 'control',
  'no-picture': 'eye-off',
};

/** Who, since when, how good the connection is, what may be done, the plugins' tools, the picture's size, End. */
export class SessionToolbar extends LocalizedElement {
  static override readonly properties = {
    state: { attribute: false },
    help: { attribute: false },
    panelOpen: { type: Boolean },
    hasPicture: { type: Boolean },
    zoomLabel: {},
    unread: { type: Number },
    preset: {},
    measured: { type: Boolean },
  };
  declare state: SessionState;
  /** The plugins' pieces that are there without a session too. */
  declare help: readonly ContributionShown[] | undefined;
  declare panelOpen: boolean;
  declare hasPicture: boolean;
  /** Size of the picture, such as `83 %`; empty while there is none. */
  declare zoomLabel: string;
  /** What waits unseen in a panel that is closed. */
  declare unread: number;
  declare preset: QualityPreset;
  /** The measurements are shown. */
  declare measured: boolean;

  #askHadFocus = false;

  get quality(): QualityMeter | null {
    return this.renderRoot.querySelector<QualityMeter>('quality-meter');
  }

  override render(): TemplateResult {
    const { strings, state } = this;
    const mode = modeOf(state);
    const told: ToldMode =
      !this.hasPicture && isGranted(state, 'view') && !isReconnecting(state) ? 'no-picture' : mode;
    return html`<header>
      <div class="lead">
        <div class="who">
          <h1 title=${state.peer.name}>${state.peer.name || strings.noName}</h1>
          <span class="role ll-quiet-text ll-small">${strings.customer}</span>
          <ticking-time
            class="numbers ll-quiet-text"
            title=${strings.duration}
            since=${state.startedAt}
          ></ticking-time>
          <quality-meter></quality-meter>
        </div>
        <p class="mode" data-mode=${told} tabindex="-1">
          <ll-icon name=${MODE_ICON[told]}></ll-icon>${this.#modeText(told)}
        </p>
      </div>
      <div class="middle" ?data-kept=${told === 'no-picture'}>
        ${this.#ask(mode)}
        <slot name="tools"></slot>
        ${
          told === 'viewing' || told === 'controlling'
            ? html`<zoom-buttons .size=${this.zoomLabel}></zoom-buttons
              ><picture-menu .preset=${this.preset} .measured=${this.measured}></picture-menu>`
            : nothing
        }
      </div>
      <div class="right">
        ${this.help?.map(
          ({ title, icon = 'help' }) => html`<button
            class="ll-quiet ll-icon-only"
            aria-label=${localizer.text(title)}
            title=${localizer.text(title)}
            @click=${() => showHelp(this)}
          >
            <ll-icon name=${icon}></ll-icon>
          </button>`,
        )}
        <button
          class="ll-quiet ll-icon-only"
          aria-pressed=${this.panelOpen}
          aria-label=${this.unread > 0 ? `${strings.sidePanel}: ${this.unread} ${strings.unread}` : strings.sidePanel}
          aria-keyshortcuts=${KEYS.panel}
          title="${strings.sidePanel} (${KEYS.panel})"
          @click=${() => this.#act('panel')}
        >
          <ll-icon name=${this.unread > 0 ? 'chat' : 'info'}></ll-icon>
          ${this.unread > 0 ? html`<span class="badge numbers">${this.unread}</span>` : nothing}
        </button>
        <button
          class="ll-stop"
          aria-keyshortcuts=${KEYS.end}
          aria-disabled=${state.ending}
          title="${strings.endNow} (${KEYS.end})"
          @click=${() => this.#act('end')}
        >
          ${state.ending ? strings.ending : strings.end}
        </button>
      </div>
    </header>`;
  }

  protected override willUpdate(): void {
    const focused = this.shadowRoot?.activeElement;
    this.#askHadFocus = focused?.localName === 'ask-button';
  }

  protected override updated(): void {
    // The question is answered and its button gone: the keyboard stays where it was.
    if (!this.#askHadFocus || this.renderRoot.querySelector('ask-button')) return;
    this.renderRoot.querySelector<HTMLElement>('.mode')?.focus();
  }

  #ask(mode: Mode): TemplateResult | typeof nothing {
    // Before there is a picture, the question stands where the picture will be.
    if (mode !== 'viewing') return nothing;
    return html`<ask-button .grant=${grantOf(this.state, 'control')} key=${KEYS.control}></ask-button>`;
  }

  #modeText(mode: ToldMode): string {
    const { strings } = this;
    const name = this.state.peer.name || strings.noName;
    const texts: Readonly<Record<ToldMode, string>> = {
      reconnecting: strings.modeReconnecting,
      deciding: strings.modeDeciding,
      'not-asked': strings.viewOff,
      asking: strings.modeAsking,
      denied: strings.modeDenied,
      paused: ranOut(grantOf(this.state, 'view')) ? strings.viewOver : strings.viewPaused(name),
      viewing: strings.modeViewing,
      controlling: strings.modeControlling,
      'no-picture': strings.modeNoPicture,
    };
    return texts[mode];
  }

  #act(action: ToolbarAction): void {
    this.dispatchEvent(new CustomEvent('toolbar-action', { detail: action, bubbles: true, composed: true }));
  }

  static override readonly styles = [
    ...shared,
    css`
      :host {
        --ask-height: 32px;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px var(--ll-space-2);
        padding: 6px var(--ll-space-2);
        background: var(--ll-surface);
        border-bottom: 1px solid var(--ll-line);
      }
      .lead,
      .middle,
      .right {
        display: flex;
        align-items: center;
        gap: var(--ll-space-1);
        min-width: 0;
      }
      .lead {
        flex: 0 1 auto;
      }
      /* Two lines, as high as one of buttons. */
      .who {
        display: grid;
        grid-template-columns: auto auto 1fr;
        align-items: baseline;
        column-gap: var(--ll-space-1);
        min-width: 0;
        line-height: 1.25;
      }
      quality-meter {
        grid-column: 1 / -1;
      }
      .middle {
        flex: 1 0 0;
        flex-wrap: wrap;
        gap: 6px;
        min-height: 34px;
      }
      ask-button {
        display: flex;
      }
      /* Held at the end: what the question says, and for how long, moves none of the tools. */
      slot {
        display: flex;
        flex: 1 1 auto;
        justify-content: flex-end;
      }
      .lead .mode {
        margin-inline-start: var(--ll-space-1);
      }
      button {
        min-block-size: 32px;
        padding: 0 12px;
      }
      button.ll-icon-only {
        inline-size: 34px;
        padding: 0;
      }
      h1 {
        font-size: 1em;
        font-weight: var(--ll-weight-strong);
        max-width: 14em;
        min-width: 3em;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .mode {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        min-height: 28px;
        padding: 0 10px;
        border: 1px solid var(--ll-line);
        border-radius: 14px;
        font-size: var(--ll-size-small);
        font-weight: 500;
        white-space: nowrap;
      }
      .mode[data-mode='viewing'],
      .mode[data-mode='controlling'] {
        border-color: var(--ll-accent);
        background: var(--ll-accent-soft);
      }
      .mode[data-mode='controlling'] {
        background: var(--ll-accent);
        color: var(--ll-on-accent);
      }
      .mode[data-mode='reconnecting'],
      .mode[data-mode='paused'],
      .mode[data-mode='asking'],
      .mode[data-mode='no-picture'],
      .mode[data-mode='deciding'] {
        border-style: dashed;
        border-color: var(--ll-line-strong);
      }
      .right button {
        position: relative;
      }
      .badge {
        position: absolute;
        inset: -4px -4px auto auto;
        min-width: 1.5em;
        border-radius: 1em;
        background: var(--ll-accent);
        color: var(--ll-on-accent);
        font-size: 0.75em;
        line-height: 1.5;
      }
      @media (max-width: 1500px) {
        /* Long names give way before the tools take a second line. */
        h1 {
          max-width: clamp(5em, 100vw - 1160px, 10em);
        }
        .role {
          display: none;
        }
        .who {
          grid-template-columns: auto 1fr;
        }
        ask-button {
          --ask-key: none;
        }
      }
      @media (max-width: 1100px) {
        .lead {
          flex: 1;
        }
        h1 {
          max-width: 14em;
        }
        .middle {
          order: 1;
          flex-basis: 100%;
        }
        slot {
          justify-content: flex-start;
        }
        .middle:not([data-kept], :has(ask-button, zoom-buttons)) {
          display: none;
        }
      }
      @media (max-width: 700px) {
        .lead {
          flex-wrap: wrap;
        }
        .who h1 {
          grid-column: 1 / -1;
        }
        quality-meter {
          grid-column: auto;
        }
        .lead .mode {
          margin-inline-start: 0;
        }
      }
    `,
  ];
}
customElements.define('session-toolbar', SessionToolbar);
