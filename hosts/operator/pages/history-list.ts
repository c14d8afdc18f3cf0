import type { HistoryEntry } from '@livelet/operator/page-protocol';
import { css, html, nothing, type TemplateResult } from 'lit';
import { formatDuration, formatTime } from './format.js';
import { LocalizedElement, localizer } from './page-context.js';
import { shared } from './styles.js';

/** The sessions since the program was started, latest first. */
export class HistoryList extends LocalizedElement {
  static override readonly properties = { entries: { attribute: false } };
  declare entries: readonly HistoryEntry[];

  override render(): TemplateResult {
    const { strings, entries } = this;
    return html`<h2 id="title" class="ll-small ll-quiet-text">${strings.today}</h2>
      ${
        entries.length === 0
          ? html`<p class="ll-small ll-quiet-text">${strings.noHistory}</p>`
          : html`<ol aria-labelledby="title">
              ${entries.map((entry) => this.#entry(entry))}
            </ol>`
      }`;
  }

  #entry({ startedAt, endedAt, peerName, end: { how } }: HistoryEntry): TemplateResult {
    const { strings } = this;
    const broken = how === 'interrupted' || how === 'failed';
    return html`<li>
      <time class="numbers ll-small ll-quiet-text">${formatTime(startedAt, localizer.locale)}</time>
      <span class="name">${peerName || strings.noName}</span>
      <span class="numbers ll-small ll-quiet-text">${formatDuration(endedAt - startedAt)}</span>
      ${broken ? html`<span class="broken ll-small">${strings.interruptedShort}</span>` : nothing}
    </li>`;
  }

  static override readonly styles = [
    ...shared,
    css`
      h2 {
        margin-bottom: var(--ll-space-1);
      }
      li {
        display: grid;
        grid-template-columns: auto 1fr auto;
        align-items: baseline;
        gap: 0 12px;
        padding: var(--ll-space-1) 0;
        border-bottom: 1px solid var(--ll-line);
      }
      li:last-child {
        border-bottom: 0;
      }
      .name {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .broken {
        grid-column: 2;
      }
    `,
  ];
}
customElements.define('history-list', HistoryList);
