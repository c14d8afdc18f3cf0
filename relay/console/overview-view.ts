import { css, html, type TemplateResult } from 'lit';
import { call } from './console-api.js';
import { formatCount, formatDate, formatShare } from './format.js';
import { RelayView } from './relay-view.js';
import { shared } from './styles.js';

const ENGINE_NAME = { sqlite: 'SQLite', postgresql: 'PostgreSQL' } as const;

/** `GET /overview` */
interface Overview {
  readonly checks: Readonly<Record<'store' | 'serving' | 'memory' | 'certificate', boolean>>;
  readonly sessions: number;
  readonly codes: number;
  readonly resumes: number;
  readonly memoryShare: number;
  /** Missing: a proxy in front of the relay has the certificate. */
  readonly certificateEndsAt?: number;
  readonly relayUrl: string;
  readonly region?: string;
  readonly engine: keyof typeof ENGINE_NAME;
  readonly version: string;
  readonly reports: number;
  readonly chats: number;
}

/** How the relay is, in numbers that route nowhere. */
export class OverviewView extends RelayView {
  static override readonly properties = { ...RelayView.properties, overview: { state: true } };
  declare overview: Overview | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override render(): TemplateResult {
    const { strings, overview } = this;
    return html`<div class="ll-stack">
      <div class="head">
        <h2>${strings.health}</h2>
        <button class="small" @click=${this.#load} aria-disabled=${this.busy}>
          <ll-icon name="refresh"></ll-icon>${strings.refresh}
        </button>
      </div>
      ${this.renderProblem()} ${overview ? this.#facts(overview) : html`<p>${strings.loading}</p>`}
    </div>`;
  }

  #facts(overview: Overview): TemplateResult {
    const { strings } = this;
    const { checks } = overview;
    const isReady = Object.values(checks).every(Boolean);
    return html`<p class="ll-notice ${isReady ? '' : 'll-alarm'}">
        <ll-icon name=${isReady ? 'check' : 'alert'}></ll-icon>${isReady ? strings.ready : strings.notReady}
      </p>
      <ul class="checks">
        ${(
          [
            [strings.checkStore, checks.store],
            [strings.checkServing, checks.serving],
            [strings.checkMemory, checks.memory],
            [strings.checkCertificate, checks.certificate],
          ] as const
        ).map(
          ([name, good]) => html`<li>
            <ll-icon name=${good ? 'check' : 'alert'}></ll-icon>${name}: ${good ? strings.good : strings.bad}
          </li>`,
        )}
      </ul>
      <dl>
        ${(
          [
            [strings.sessions, formatCount(overview.sessions)],
            [strings.codes, formatCount(overview.codes)],
            [strings.resumes, formatCount(overview.resumes)],
            [strings.memory, formatShare(overview.memoryShare)],
            [
              strings.certificate,
              overview.certificateEndsAt === undefined
                ? strings.atProxy
                : formatDate(overview.certificateEndsAt),
            ],
            [strings.region, overview.region ?? strings.none],
            [strings.address, overview.relayUrl],
            [strings.engine, ENGINE_NAME[overview.engine]],
            [strings.version, overview.version],
          ] as const
        ).map(([name, value]) => html`<div class="ll-card"><dt>${name}</dt><dd>${value}</dd></div>`)}
      </dl>
      <dl>
        <div class="ll-card">
          <dt>${strings.reports}</dt>
          <dd>${formatCount(overview.reports)}</dd>
          <dd class="ll-quiet-text ll-small">${strings.reportsText}</dd>
        </div>
        <div class="ll-card">
          <dt>${strings.chats}</dt>
          <dd>${formatCount(overview.chats)}</dd>
          <dd class="ll-quiet-text ll-small">${strings.chatsText}</dd>
        </div>
      </dl>`;
  }

  readonly #load = (): Promise<void> =>
    this.ask(async () => {
      this.overview = await call<Overview>('GET', '/overview');
    });

  static override readonly styles = [
    ...shared,
    css`
      .checks {
        display: flex;
        flex-wrap: wrap;
        gap: var(--ll-space-1) var(--ll-space-3);
        list-style: none;
        padding: 0;
      }
      .checks li {
        display: flex;
        align-items: center;
        gap: 6px;
      }
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(17em, 100%), 1fr));
        gap: var(--ll-space-2);
      }
      .ll-card {
        padding: var(--ll-space-2);
        min-width: 0;
      }
      dt {
        color: var(--ll-text-quiet);
        font-size: var(--ll-size-small);
      }
      dd {
        font-size: 1.125em;
        font-weight: var(--ll-weight-strong);
        font-variant-numeric: tabular-nums;
        overflow-wrap: anywhere;
      }
      dd.ll-small {
        font-size: var(--ll-size-small);
        font-weight: normal;
        margin-top: var(--ll-space-1);
      }
    `,
  ];
}
customElements.define('overview-view', OverviewView);
