import { html, nothing, type TemplateResult } from 'lit';
import { call } from './console-api.js';
import './data-table.js';
import type { Column } from './data-table.js';
import { formatCount, formatDateTime } from './format.js';
import { RelayView } from './relay-view.js';
import { shared } from './styles.js';

/** `POST /connection-log` */
interface Entry {
  readonly time: number;
  readonly event: string;
  readonly session?: string;
  readonly source?: string;
  readonly transport?: string;
  readonly tls?: string;
  readonly reason?: string;
  readonly operatorToCustomer?: number;
  readonly customerToOperator?: number;
}

/** The connection log, for a reason that is typed each time. */
export class LogsView extends RelayView {
  static override readonly properties = { ...RelayView.properties, entries: { state: true } };
  declare entries: readonly Entry[] | undefined;

  override render(): TemplateResult {
    const { strings, entries } = this;
    return html`<div class="ll-stack">
      <h2>${strings.logs}</h2>
      <p class="ll-quiet-text">${strings.logsText}</p>
      <form @submit=${this.#read}>
        <label class="wide">${strings.reason}<input name="reason" required minlength="3" maxlength="200" autocomplete="off" /></label>
        <button class="ll-primary" aria-disabled=${this.busy}>${strings.read}</button>
      </form>
      ${this.renderProblem()}
      ${
        entries === undefined
          ? nothing
          : html`<p class="ll-small ll-quiet-text">${strings.shownOf(formatCount(entries.length))}</p>
              <data-table
                .caption=${strings.logs}
                .empty=${strings.noEntries}
                .columns=${this.#columns()}
                .rows=${entries}
              ></data-table>`
      }
    </div>`;
  }

  #columns(): readonly Column<Entry>[] {
    const { strings } = this;
    return [
      { title: strings.time, cell: ({ time }) => formatDateTime(time) },
      { title: strings.event, cell: ({ event }) => event },
      { title: strings.session, cell: ({ session }) => html`<span class="mono">${session ?? ''}</span>` },
      { title: strings.source, cell: ({ source }) => html`<span class="mono">${source ?? ''}</span>` },
      { title: strings.transport, cell: ({ transport }) => transport ?? '' },
      { title: strings.tls, cell: ({ tls }) => tls ?? '' },
      { title: strings.closeReason, cell: ({ reason }) => reason ?? '' },
      {
        title: strings.bytes,
        numeric: true,
        cell: ({ operatorToCustomer: out, customerToOperator: back }) =>
          out === undefined ? '' : `${formatCount(out)} / ${formatCount(back ?? 0)}`,
      },
    ];
  }

  readonly #read = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const reason = String(new FormData(form).get('reason')).trim();
    void this.ask(async () => {
      const { entries } = await call<{ entries: readonly Entry[] }>('POST', '/connection-log', { reason });
      this.entries = entries;
      // The next reading has a reason of its own.
      form.reset();
    });
  };

  static override readonly styles = shared;
}
customElements.define('logs-view', LogsView);
