import { errorText, IconElement } from '@livelet/window/page';
import { css, html, nothing, type TemplateResult } from 'lit';
import './audit-view.js';
import { type ConsoleError, isSignedIn, signIn, signOut } from './console-api.js';
import './history-view.js';
import './logs-view.js';
import './operators-view.js';
import './overview-view.js';
import { localizer } from './page-context.js';
import { RelayView } from './relay-view.js';
import { shared } from './styles.js';

// Else the bundler leaves the icons out.
void IconElement;

const SECTIONS = ['overview', 'operators', 'logs', 'audit', 'history'] as const;
type Section = (typeof SECTIONS)[number];
const ICON: Readonly<Record<Section, string>> = {
  overview: 'monitor',
  operators: 'user',
  logs: 'search',
  audit: 'shield',
  history: 'clock',
};

/** The whole page: sign-in by the link's secret, then one section at a time. */
export class RelayConsole extends RelayView {
  static override readonly properties = {
    ...RelayView.properties,
    section: { state: true },
    inside: { state: true },
  };
  declare section: Section;
  declare inside: boolean;

  constructor() {
    super();
    this.section = 'overview';
    this.inside = isSignedIn();
    this.addEventListener('console-problem', (event) => {
      if ((event as CustomEvent<ConsoleError>).detail.isSignedOut) this.inside = false;
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('hashchange', this.#follow);
    const fragment = location.hash.slice(1);
    if (/^[A-Za-z0-9_-]{43}$/.test(fragment)) void this.#redeem(fragment);
    else this.#follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('hashchange', this.#follow);
  }

  override render(): TemplateResult {
    const { strings } = this;
    document.title = strings.title;
    return html`<header>
        <h1><ll-icon name="shield"></ll-icon>${strings.title}</h1>
        <span class="space"></span>
        <ll-language-switch label=${this.strings.language} .localizer=${localizer}></ll-language-switch>
        ${this.inside ? html`<button class="ll-quiet small" @click=${this.#leave}>${strings.signOut}</button>` : nothing}
      </header>
      ${this.inside ? this.#desk() : html`<main class="outside">${this.#outside()}</main>`}`;
  }

  #desk(): TemplateResult {
    const { strings } = this;
    return html`<div class="desk">
      <nav aria-label=${strings.sections}>
        ${SECTIONS.map(
          (section) => html`<a href="#${section}" aria-current=${section === this.section ? 'page' : nothing}>
            <ll-icon name=${ICON[section]}></ll-icon>${this.#title(section)}
          </a>`,
        )}
      </nav>
      <main>${this.#view()}</main>
    </div>`;
  }

  #view(): TemplateResult {
    switch (this.section) {
      case 'overview':
        return html`<overview-view></overview-view>`;
      case 'operators':
        return html`<operators-view></operators-view>`;
      case 'logs':
        return html`<logs-view></logs-view>`;
      case 'audit':
        return html`<audit-view></audit-view>`;
      case 'history':
        return html`<history-view></history-view>`;
    }
  }

  #title(section: Section): string {
    return section === 'overview' ? this.strings.health : this.strings[section];
  }

  #outside(): TemplateResult {
    const { strings, busy, problem } = this;
    if (busy) return html`<p>${strings.loading}</p>`;
    const text =
      problem === undefined
        ? { what: strings.signedOut, next: strings.signedOutNext }
        : problem.isSignedOut
          ? { what: strings.linkInvalid, next: strings.linkInvalidNext }
          : errorText(problem.code, localizer.locale);
    return html`<div role="alert" class="ll-notice">
      <ll-icon name="info"></ll-icon>
      <div><strong>${text.what}</strong><p>${text.next}</p></div>
    </div>`;
  }

  async #redeem(token: string): Promise<void> {
    // The secret is used up at once: it must not stay in the address or the history.
    history.replaceState(undefined, '', '/admin/#overview');
    this.inside = false;
    await this.ask(async () => {
      await signIn(token);
      this.inside = true;
    });
  }

  readonly #leave = async (): Promise<void> => {
    await this.ask(signOut);
    this.problem = undefined;
    this.inside = false;
  };

  readonly #follow = (): void => {
    const fragment = location.hash.slice(1);
    this.section = SECTIONS.find((section) => section === fragment) ?? 'overview';
  };

  static override readonly styles = [
    ...shared,
    css`
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 var(--ll-space-1);
        min-height: 44px;
        padding: 0 var(--ll-space-1) 0 var(--ll-space-2);
        background: var(--ll-surface);
        border-bottom: 1px solid var(--ll-line);
      }
      h1 {
        display: flex;
        align-items: center;
        gap: var(--ll-space-1);
        font-size: 1.0625em;
      }
      h1 ll-icon {
        color: var(--ll-accent);
      }
      .space {
        flex: 1;
      }
      .desk {
        display: grid;
        grid-template-columns: 16em minmax(0, 1fr);
        min-height: calc(100vh - 45px);
      }
      nav {
        display: flex;
        flex-direction: column;
        gap: 2px;
        padding: var(--ll-space-2) var(--ll-space-1);
        background: var(--ll-surface);
        border-inline-end: 1px solid var(--ll-line);
      }
      nav a {
        display: flex;
        align-items: center;
        gap: var(--ll-space-1);
        min-block-size: var(--ll-control);
        padding: 6px 12px;
        border-radius: var(--ll-radius);
        color: var(--ll-text);
        text-decoration: none;
      }
      nav a:hover {
        background: var(--ll-ground);
      }
      nav a[aria-current] {
        background: var(--ll-accent-soft);
        font-weight: var(--ll-weight-strong);
      }
      main {
        padding: var(--ll-space-3);
        max-width: 90em;
      }
      .outside {
        margin: var(--ll-space-4) auto;
        max-width: 40em;
      }
      @media (max-width: 760px) {
        .desk {
          grid-template-columns: minmax(0, 1fr);
          grid-template-rows: auto 1fr;
        }
        nav {
          flex-direction: row;
          flex-wrap: wrap;
          border-inline-end: 0;
          border-block-end: 1px solid var(--ll-line);
          padding-block: var(--ll-space-1);
        }
        main {
          padding: var(--ll-space-2);
        }
      }
    `,
  ];
}
customElements.define('relay-console', RelayConsole);
