import type { About, ContributionShown } from '@livelet/operator/page-protocol';
import '@livelet/window/page/components.js';
import { css, html, nothing, type TemplateResult } from 'lit';
import './ask-button.js';
import { grantOf, isGranted, isReconnecting, type SessionState, wasGranted } from './grants.js';
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
    return html`<wa-tab-group
      role="group"
      without-scroll-controls
      aria-label=${this.strings.sidePanel}
      active=${this.tab}
      @wa-tab-show=${this.#onShow}
    >
      ${panels.map((panel) => this.#tab(tabOf(panel), localizer.text(panel.title), panel.icon ?? 'dot'))}
      ${this.#tab(DETAILS_TAB, this.strings.info, 'info')}
      ${panels.map((panel) => this.#panel(panel))}
      <wa-tab-panel name=${DETAILS_TAB} tabindex="0">
        <session-details .state=${this.state} .about=${this.about}></session-details>
      </wa-tab-panel>
    </wa-tab-group>`;
  }

  #tab(id: string, title: string, icon: string): TemplateResult {
    return html`<wa-tab panel=${id}>
      <ll-icon name=${icon}></ll-icon><span>${title}</span>${this.#badge(this.unread.get(id) ?? 0)}
    </wa-tab>`;
  }

  #badge(count: number): TemplateResult | typeof nothing {
    if (count === 0) return nothing;
    return html`<span class="badge numbers"
      >${count}<span class="ll-visually-hidden"> ${this.strings.unread}</span></span
    >`;
  }

  #panel(panel: ContributionShown): TemplateResult {
    const id = tabOf(panel);
    const { capability, asks = [] } = panel;
    const askable = asks.filter((each) => !isGranted(this.state, each));
    const usable = capability === undefined || isGranted(this.state, capability);
    // What was written stays readable after it was taken back.
    const hidden = capability !== undefined && !usable && !wasGranted(this.state, capability);
    return html`<wa-tab-panel name=${id}>
      <h2 class="ll-visually-hidden">${localizer.text(panel.title)}</h2>
      ${
        usable
          ? nothing
          : html`<div class="off">
              <p class="ll-quiet-text">${this.strings.notAllowed(localizer.text(panel.title))}</p>
              <ask-button
                ?prominent=${hidden}
                ?away=${isReconnecting(this.state)}
                .grant=${grantOf(this.state, capability)}
              ></ask-button>
            </div>`
      }
      ${
        askable.length === 0
          ? nothing
          : html`<div class="asks">
              ${askable.map(
                (each) =>
                  html`<ask-button
                    named
                    ?away=${isReconnecting(this.state)}
                    .grant=${grantOf(this.state, each)}
                  ></ask-button>`,
              )}
            </div>`
      }
      <div class="plugin" ?hidden=${hidden}><slot name=${id}></slot></div>
    </wa-tab-panel>`;
  }

  readonly #onShow = ({ detail }: Event & { readonly detail: { readonly name: string } }): void => {
    this.dispatchEvent(new CustomEvent('tab-chosen', { detail: detail.name }));
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
      wa-tab-group {
        --track-color: var(--ll-line);
        flex: 1;
        min-height: 0;
      }
      wa-tab-group::part(tab-group) {
        height: 100%;
      }
      wa-tab-group::part(tabs) {
        padding: 0 var(--ll-space-1);
      }
      wa-tab-group::part(body) {
        flex: 1;
        min-height: 0;
      }
      /* The word under its icon: all of them fit beside each other, and none moves when another is in front. */
      wa-tab {
        --wa-focus-ring-offset: 0px;
        position: relative;
        flex: 1 1 auto;
        font-size: 0.75em;
        line-height: 1.2;
      }
      wa-tab > ll-icon {
        font-size: 1.25em;
      }
      wa-tab::part(tab) {
        flex-direction: column;
        justify-content: flex-start;
        gap: 2px;
        min-block-size: 52px;
        inline-size: 100%;
        padding: 8px 4px 4px;
        text-align: center;
        white-space: normal;
      }
      wa-tab[active] {
        color: var(--ll-accent);
      }
      /* The tab has a ring of its own. */
      wa-tab:focus-visible {
        outline: none;
      }
      :focus-visible {
        outline-offset: -3px;
      }
      .badge {
        position: absolute;
        inset: 2px auto auto calc(50% + 6px);
        min-width: 1.6em;
        padding: 0 0.4em;
        border-radius: 1em;
        background: var(--ll-accent);
        color: var(--ll-on-accent);
        line-height: 1.6;
        text-align: center;
      }
      wa-tab-panel[active] {
        display: flex;
        flex-direction: column;
        height: 100%;
        overflow: auto;
      }
      wa-tab-panel::part(base) {
        display: contents;
      }
      .plugin {
        flex: 1;
        min-height: 0;
      }
      ::slotted(.place) {
        height: 100%;
      }
      .asks {
        --ask-wrap: normal;
        display: flex;
        flex-wrap: wrap;
        gap: var(--ll-space-1);
        padding: var(--ll-space-2) var(--ll-space-2) 0;
      }
      .off {
        --ask-wrap: normal;
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
