import { css, html, nothing, type TemplateResult } from 'lit';
import { LocalizedElement } from './page-context.js';
import { shared } from './styles.js';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => TemplateResult | string;
  /** Numbers stand under each other. */
  readonly numeric?: boolean;
}

/** Rows under named columns; where they don't fit, the table scrolls by itself, also with the keyboard. */
export class DataTable<Row> extends LocalizedElement {
  static override readonly properties = {
    caption: {},
    empty: {},
    columns: { attribute: false },
    rows: { attribute: false },
  };
  declare caption: string;
  /** Said when there are no rows. */
  declare empty: string;
  declare columns: readonly Column<Row>[];
  declare rows: readonly Row[];

  override render(): TemplateResult {
    const { caption, columns, rows, empty } = this;
    if (rows.length === 0) return html`<p class="ll-quiet-text">${empty}</p>`;
    return html`<div class="scroll" role="region" aria-label=${caption} tabindex="0">
      <table>
        <caption class="ll-visually-hidden">${caption}</caption>
        <thead>
          <tr>${columns.map(({ title, numeric }) => html`<th scope="col" class=${numeric ? 'numeric' : nothing}>${title}</th>`)}</tr>
        </thead>
        <tbody>
          ${rows.map((row) => html`<tr>${columns.map(({ cell, numeric }) => html`<td class=${numeric ? 'numeric' : nothing}>${cell(row)}</td>`)}</tr>`)}
        </tbody>
      </table>
    </div>`;
  }

  static override readonly styles = [
    ...shared,
    css`
      :host {
        min-width: 0;
      }
      .scroll {
        position: relative;
        overflow-x: auto;
        border: 1px solid var(--ll-line);
        border-radius: var(--ll-radius);
        background: var(--ll-surface);
      }
      table {
        inline-size: 100%;
        border-collapse: collapse;
        font-size: var(--ll-size-small);
      }
      th,
      td {
        padding: var(--ll-space-1) 12px;
        text-align: start;
        vertical-align: middle;
      }
      th {
        color: var(--ll-text-quiet);
        font-weight: var(--ll-weight-strong);
        white-space: nowrap;
        border-block-end: 1px solid var(--ll-line);
      }
      tr + tr td {
        border-block-start: 1px solid var(--ll-line);
      }
      td {
        min-width: 4em;
        max-width: 28em;
      }
      td .ll-row {
        flex-wrap: nowrap;
      }
      /* Four groups of four on each of two lines. */
      .fingerprint {
        display: inline-block;
        inline-size: 20ch;
      }
      .numeric {
        text-align: end;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
    `,
  ];
}
customElements.define('data-table', DataTable);
