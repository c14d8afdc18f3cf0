import type { About, ContributionShown } from '@livelet/operator/page-protocol';
import { css, html, nothing, type TemplateResult } from 'lit';
import './ask-button.js';
import { grantOf, isGranted, type SessionState, wasGranted } from './grants.js';
import { LocalizedElement, localizer } from './page-context.js';
import './session-details.js';
import { shared } from './styles.js';

/** The tab of this page's own. */
export const DETAILS_TAB = 'details';

/** A plugin's panel, as the name of its tab and of the slot that it is put into. */
export function tabOf({ plugin, id }: ContributionShown): string {
  return `${plugin}:${id}`;
}

/** Tabs of the plugins' panels, which the session view puts into the slots, and the details of the session. */
export class SidePanel extends LocalizedElement {
  static override readonly properties = {
    state: { attribute: false },
    about: { attribute: false },
    tab: {},
    unread: { attribute: false },
  };
  declare state: SessionState;
  declare about: About | undefined;
  /** The tab in front. */
  declare tab: string;
  /** How much waits unseen, by tab. */
  declare unread: ReadonlyMap<string, number>;

  constructor() {
    super();
    this.tab = DETAILS_TAB;
    this.unread = new Map();
  }

  get #panels(): readonly ContributionShown[] {
    return this.state.contributions.filter(({ slot }) => slot === 'side-panel');
  }

  override render(): TemplateResult {
    const panels = this.#panels;
    return html`<div class="tabs" role="tablist" aria-label=${this.strings.sidePanel} @keydown=${this.#onKey}>
        ${panels.map((panel) => this.#tab(tabOf(panel), localizer.text(panel.title), panel.icon ?? 'dot'))}
        ${this.#tab(DETAILS_TAB, this.strings.info, 'info')}
      </div>
      ${panels.map((panel) => this.#panel(panel))}
      <div
        role="tabpanel"
        id="panel-${DETAILS_TAB}"
        aria-labelledby="tab-${DETAILS_TAB}"
        ?hidden=${this.tab !== DETAILS_TAB}
        tabindex="0"
      >
        <session-details .state=${this.state} .about=${this.about}></session-details>
      </div>`;
  }

  #tab(id: string, title: string, icon: string): TemplateResult {
    const selected = this.tab === id;
    return html`<button
      role="tab"
      id="tab-${id}"
      data-tab=${id}
      aria-selected=${selected}
      aria-controls="panel-${id}"
      tabindex=${selected ? 0 : -1}
      @click=${() => this.#choose(id)}
    >
      <ll-icon name=${icon}></ll-icon>${title}${this.#badge(this.unread.get(id) ?? 0)}
    </button>`;
  }

  #badge(count: number): TemplateResult | typeof nothing {
    if (count === 0) return nothing;
    return html`<span class="badge numbers"
      >${count}<span class="ll-visually-hidden"> ${this.strings.unread}</span></span
    >`;
  }

  #panel(panel: ContributionShown): TemplateResult {
    const id = tabOf(panel);
    const { capability } = panel;
    const usable = capability === undefined || isGranted(this.state, capability);
    // What was written stays readable after it was taken back.
    const hidden = capability !== undefined && !usable && !wasGranted(this.state, capability);
    return html`<div role="tabpanel" id="panel-${id}" aria-labelledby="tab-${id}" ?hidden=${this.tab !== id}>
      ${
        usable
          ? nothing
          : html`<div class="off">
              <p class="ll-quiet-text">${this.strings.notAllowed(localizer.text(panel.title))}</p>
              <ask-button ?prominent=${hidden} .grant=${grantOf(this.state, capability)}></ask-button>
            </div>`
      }
      <div class="plugin" ?hidden=${hidden}><slot name=${id}></slot></div>
    </div>`;
  }

  #choose(id: string): void {
    this.dispatchEvent(new CustomEvent('tab-chosen', { detail: id }));
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const tabs = [...this.renderRoot.querySelectorAll<HTMLElement>('[role=tab]')];
    const now = tabs.findIndex((tab) => tab.dataset.tab === this.tab);
    const next = tabs[(now + step + tabs.length) % tabs.length];
    this.#choose(next?.dataset.tab ?? DETAILS_TAB);
    next?.focus();
  };

  static override readonly styles = [
    ...shared,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
        background: var(--ll-surface);
      }
      .tabs {
        display: flex;
        flex-wrap: wrap;
        padding: 0 var(--ll-space-1);
        border-bottom: 1px solid var(--ll-line);
      }
      [role='tab'] {
        min-block-size: 40px;
        padding: 0 12px;
        border: 0;
        border-bottom: 2px solid transparent;
        border-radius: 0;
        background: none;
        color: var(--ll-text-quiet);
        font-size: var(--ll-size-small);
      }
      [role='tab'][aria-selected='true'] {
        color: var(--ll-text);
        border-bottom-color: var(--ll-accent);
        font-weight: var(--ll-weight-strong);
      }
      :focus-visible {
        outline-offset: -3px;
      }
      .badge {
        position: relative;
        min-width: 1.6em;
        padding: 0 0.4em;
        border-radius: 1em;
        background: var(--ll-accent);
        color: var(--ll-on-accent);
        font-size: 0.85em;
        line-height: 1.6;
        text-align: center;
      }
      [role='tabpanel']:not([hidden]) {
        display: flex;
        flex-direction: column;
      }
      [role='tabpanel'] {
        flex: 1;
        min-height: 0;
        overflow: auto;
      }
      .plugin {
        flex: 1;
        min-height: 0;
      }
      ::slotted(.place) {
        height: 100%;
      }
      .off {
        display: grid;
        justify-items: center;
        gap: var(--ll-space-2);
        padding: var(--ll-space-4) var(--ll-space-2);
        text-align: center;
      }
    `,
  ];
}
customElements.define('side-panel', SidePanel);
