import { html, nothing, type TemplateResult } from 'lit';
import { call } from './console-api.js';
import './data-table.js';
import type { Column } from './data-table.js';
import { formatCount, formatDateTime } from './format.js';
import { announcer } from './page-context.js';
import { RelayView } from './relay-view.js';
import { shared } from './styles.js';

/** `GET /audit` */
interface Entry {
  readonly seq: number;
  readonly time: number;
  readonly actor: string;
  readonly action: string;
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

/** `GET /operators`, as far as it is of use here. */
interface People {
  readonly operators: readonly { readonly id: string; readonly name: string }[];
}

/** `GET /audit/verify` */
type Verdict =
  | { readonly intact: true; readonly head: { readonly seq: number } }
  | { readonly intact: false; readonly seq: number };

/** What admins did, and whether the log of it is whole. */
export class AuditView extends RelayView {
  static override readonly properties = {
    ...RelayView.properties,
    entries: { state: true },
    verdict: { state: true },
    older: { state: true },
    names: { state: true },
  };
  declare entries: readonly Entry[] | undefined;
  declare verdict: Verdict | undefined;
  /** There may be entries before those shown. */
  declare older: boolean;
  /** Of operators, by id. */
  declare names: ReadonlyMap<string, string>;

  constructor() {
    super();
    this.names = new Map();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.ask(async () => {
      const { operators } = await call<People>('GET', '/operators');
      this.names = new Map(operators.map(({ id, name }) => [id, name]));
      await this.#load();
    });
  }

  override render(): TemplateResult {
    const { strings, entries } = this;
    return html`<div class="ll-stack">
      <div class="head">
        <h2>${strings.audit}</h2>
        <button @click=${this.#verify} aria-disabled=${this.busy}>
          <ll-icon name="shield"></ll-icon>${strings.verify}
        </button>
      </div>
      ${this.renderProblem()} ${this.#verdict()}
      ${
        entries === undefined
          ? html`<p>${strings.loading}</p>`
          : html`<data-table
              .caption=${strings.audit}
              .empty=${strings.noEntries}
              .columns=${this.#columns()}
              .rows=${entries}
            ></data-table>`
      }
      ${this.older ? html`<div><button @click=${this.#more}>${strings.older}</button></div>` : nothing}
    </div>`;
  }

  #verdict(): TemplateResult | typeof nothing {
    const { verdict, strings } = this;
    if (verdict === undefined) return nothing;
    const { intact } = verdict;
    return html`<div class="ll-notice ${intact ? '' : 'll-alarm'}">
      <ll-icon name=${intact ? 'check' : 'alert'}></ll-icon>
      <div>
        <strong>${intact ? strings.chainGood : strings.chainBad}</strong>
        <p>${verdictText(verdict, strings)}</p>
      </div>
    </div>`;
  }

  #columns(): readonly Column<Entry>[] {
    const { strings } = this;
    return [
      { title: strings.number, numeric: true, cell: ({ seq }) => String(seq) },
      { title: strings.time, cell: ({ time }) => formatDateTime(time) },
      { title: strings.actor, cell: ({ actor }) => this.names.get(actor) ?? actor },
      { title: strings.action, cell: ({ action }) => action },
      {
        title: strings.details,
        cell: ({ details }) =>
          Object.entries(details)
            .filter(([, value]) => value !== '')
            .map(([name, value]) => `${name}: ${value}`)
            .join(', '),
      },
    ];
  }

  readonly #verify = (): Promise<void> =>
    this.ask(async () => {
      const verdict = await call<Verdict>('GET', '/audit/verify');
      this.verdict = verdict;
      const { strings } = this;
      announcer.announce(
        `${verdict.intact ? strings.chainGood : strings.chainBad}. ${verdictText(verdict, strings)}`,
      );
    });

  readonly #more = (): Promise<void> => this.ask(() => this.#load(this.entries?.at(-1)?.seq));

  async #load(before?: number): Promise<void> {
    const query = before === undefined ? '' : `?before=${before}`;
    const { entries } = await call<{ entries: readonly Entry[] }>('GET', `/audit${query}`);
    this.entries = before === undefined ? entries : [...(this.entries ?? []), ...entries];
    this.older = entries.length > 0 && (entries.at(-1)?.seq ?? 1) > 1;
  }

  static override readonly styles = shared;
}
customElements.define('audit-view', AuditView);

function verdictText(verdict: Verdict, strings: AuditView['strings']): string {
  return verdict.intact
    ? strings.chainGoodText(formatCount(verdict.head.seq))
    : strings.chainBadText(formatCount(verdict.seq));
}
