import { type ErrorCode, timeOfDay, timerText } from '@livelet/core/page';
import {
  type AccountShown,
  type HistoryEntry,
  MAX_NOTE,
  type SessionShown,
} from '@livelet/operator/page-protocol';
import { errorText } from '@livelet/window/page';
import { css, html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { ACCOUNT_STRINGS } from './account-strings.js';
import { sendCommand } from './command.js';
import { LocalizedElement, localizer } from './page-context.js';
import { shared } from './styles.js';

/** The sessions of today, latest first: as the relay remembers them, or what this program saw while it can't ask. */
export class HistoryList extends LocalizedElement {
  static override readonly properties = {
    account: { attribute: false },
    entries: { attribute: false },
    refused: { attribute: false },
  };
  declare account: AccountShown | undefined;
  /** What this program saw itself since it was started. */
  declare entries: readonly HistoryEntry[];
  /** Why the last note or export didn't work. */
  declare refused: ErrorCode | undefined;

  override render(): TemplateResult {
    const words = this.#words;
    const { account, entries } = this;
    const isOffline = account?.state === 'offline';
    const sessions = account?.sessions ?? [];
    const isEmpty = sessions.length === 0 && (!isOffline || entries.length === 0);
    return html`<h2 id="title" class="ll-small ll-quiet-text">${words.today}</h2>
      ${isOffline ? this.#offline() : nothing} ${this.#refusal()}
      ${
        isEmpty
          ? html`<p class="ll-small ll-quiet-text">${words.noSessions}</p>`
          : html`<ol aria-labelledby="title">
              ${
                sessions.length > 0
                  ? repeat(
                      sessions,
                      ({ id }) => id,
                      (session) => this.#session(session),
                    )
                  : entries.map((entry) => this.#entry(entry))
              }
            </ol>`
      }
      ${account?.state === 'enrolled' ? this.#save() : nothing}`;
  }

  get #words(): (typeof ACCOUNT_STRINGS)['en'] {
    return ACCOUNT_STRINGS[localizer.locale];
  }

  #session({
    id,
    started,
    running,
    durationMs,
    customer,
    withoutReceipt,
    note,
  }: SessionShown): TemplateResult {
    const words = this.#words;
    const time = timeOfDay(started, localizer.locale);
    const unfinished = running ? words.running : words.endUnknown;
    const length = durationMs === undefined ? unfinished : timerText(durationMs);
    return html`<li>
      <time class="numbers ll-small ll-quiet-text">${time}</time>
      <span class="name">${customer || this.strings.noName}</span>
      <span class="numbers ll-small ll-quiet-text">${length}</span>
      ${withoutReceipt ? html`<span class="broken ll-small">${words.withoutReceipt}</span>` : nothing}
      <input
        class="note ll-small"
        type="text"
        maxlength=${MAX_NOTE}
        placeholder=${words.note}
        aria-label=${words.noteFor(time)}
        ?readonly=${this.account?.state === 'offline'}
        .value=${note}
        @change=${(event: Event) => this.#write(id, event)}
      />
    </li>`;
  }

  #entry({ startedAt, endedAt, peerName, end: { how } }: HistoryEntry): TemplateResult {
    const { strings } = this;
    const broken = how === 'interrupted' || how === 'failed';
    return html`<li>
      <time class="numbers ll-small ll-quiet-text">${timeOfDay(startedAt, localizer.locale)}</time>
      <span class="name">${peerName || strings.noName}</span>
      <span class="numbers ll-small ll-quiet-text">${timerText(endedAt - startedAt)}</span>
      ${broken ? html`<span class="broken ll-small">${strings.interruptedShort}</span>` : nothing}
    </li>`;
  }

  #offline(): TemplateResult {
    const words = this.#words;
    return html`<p class="ll-small" role="status">${words.offline}</p>
      <button class="retry" @click=${() => sendCommand(this, { type: 'refresh-account' })}>
        <ll-icon name="refresh"></ll-icon>${words.retry}
      </button>`;
  }

  #refusal(): TemplateResult | typeof nothing {
    if (this.refused === undefined) return nothing;
    const { what, next } = errorText(this.refused, localizer.locale);
    return html`<p class="ll-small ll-notice ll-alarm" role="alert">${what} ${next}</p>`;
  }

  #save(): TemplateResult {
    const words = this.#words;
    const button = (format: 'csv' | 'json'): TemplateResult => {
      const name = format.toUpperCase();
      return html`<button
        aria-label=${words.saveAsFile(name)}
        @click=${() => sendCommand(this, { type: 'export', format })}
      >
        <ll-icon name="save"></ll-icon>${name}
      </button>`;
    };
    return html`<p class="save ll-small ll-quiet-text">${words.saveAs}</p>
      <div class="ll-row">${button('csv')}${button('json')}</div>`;
  }

  #write(session: string, event: Event): void {
    const note = (event.target as HTMLInputElement).value;
    sendCommand(this, { type: 'note', session, note });
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
      .broken,
      .note {
        grid-column: 2 / -1;
      }
      .note {
        min-inline-size: 0;
        min-block-size: 32px;
        border-color: transparent;
        background: transparent;
      }
      .note:hover,
      .note:focus {
        border-color: var(--ll-line-strong);
        background: var(--ll-surface);
      }
      .retry {
        margin: var(--ll-space-1) 0;
      }
      .save {
        margin: var(--ll-space-2) 0 var(--ll-space-half);
      }
    `,
  ];
}
customElements.define('history-list', HistoryList);
