import { type ErrorCode, type JsonValue, type PagePort, STAGE_SNAPSHOT_EVENT } from '@livelet/core/page';
import type {
  About,
  AccountShown,
  ConsoleState,
  HistoryEntry,
  HostToPage,
  PageToHost,
  SettingsShown,
} from '@livelet/operator/page-protocol';
import { HelpDialog, type HostConnection, saveFile } from '@livelet/window/page';
import { css, html, nothing, type TemplateResult } from 'lit';
import { ACCOUNT_STRINGS } from './account-strings.js';
import { announcement } from './announcement.js';
import './enrol-view.js';
import './history-list.js';
import './home-view.js';
import './notice-box.js';
import { receiptFileName } from './receipt-text.js';
import './receipt-view.js';
import './session-view.js';
import './settings-dialog.js';
import type { SessionView } from './session-view.js';
import type { SettingsDialog } from './settings-dialog.js';
import './shortcuts-dialog.js';
import type { ShortcutsDialog } from './shortcuts-dialog.js';
import './top-bar.js';
import './waiting-view.js';
import { LostTyping } from './lost-typing.js';
import { announcer, LocalizedElement, localizer } from './page-context.js';
import './page-note.js';
import type { PageNote } from './page-note.js';
import { isTyping, KEYS } from './shortcuts.js';
import { shared } from './styles.js';

/** The whole page: the top bar, and one view for what the console is doing. */
export class OperatorApp extends LocalizedElement {
  static override readonly properties = {
    about: { state: true },
    state: { state: true },
    lost: { state: true },
    settings: { state: true },
    account: { state: true },
    refused: { state: true },
  };
  declare about: About | undefined;
  declare state: ConsoleState | undefined;
  declare lost: boolean;
  declare settings: SettingsShown | undefined;
  declare account: AccountShown | undefined;
  /** Why the last note or export didn't work. */
  declare refused: ErrorCode | undefined;

  #history: readonly HistoryEntry[] = [];
  #connection: HostConnection | undefined;
  #port: PagePort | undefined;
  #help: HelpDialog | undefined;
  #lostTyping: LostTyping | undefined;

  constructor() {
    super();
    this.lost = false;
  }

  /** Follows the host from now on. */
  connect(connection: HostConnection): void {
    this.#connection = connection;
    this.#help = new HelpDialog({ connection, localizer, announce: announcer.announce });
    // What the session shows is asked of the stage, which is elsewhere in the page.
    this.#help.element.addEventListener(STAGE_SNAPSHOT_EVENT, (event) => {
      this.#sessionView?.tellStage(STAGE_SNAPSHOT_EVENT, (event as CustomEvent<unknown>).detail);
    });
    this.#port = connection.port('page');
    this.#port.onMessage(({ json }) => this.#receive(json as unknown as HostToPage));
    connection.onLost(() => {
      this.lost = true;
      announcer.announce(this.strings.programGone);
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.#onKey);
    this.#lostTyping = new LostTyping(() => this.#note?.show(this.strings.typedOn));
    this.addEventListener('console-command', this.#onCommand);
    this.addEventListener('show-shortcuts', this.#onShortcuts);
    this.addEventListener('show-settings', this.#onSettings);
    this.addEventListener('show-help', this.#onHelp);
    this.addEventListener('show-note', this.#onNote);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#onKey);
    this.#lostTyping?.[Symbol.dispose]();
    this.removeEventListener('console-command', this.#onCommand);
    this.removeEventListener('show-shortcuts', this.#onShortcuts);
    this.removeEventListener('show-settings', this.#onSettings);
    this.removeEventListener('show-help', this.#onHelp);
    this.removeEventListener('show-note', this.#onNote);
  }

  override render(): TemplateResult {
    return html`${this.#body()}<shortcuts-dialog></shortcuts-dialog>
      <settings-dialog .settings=${this.settings}></settings-dialog>${this.#help?.element ?? nothing}<page-note></page-note>`;
  }

  #body(): TemplateResult {
    if (this.lost) return html`${this.#bar()}<main>${this.#gone()}</main>`;
    // In a session the customer's screen is the page, and everything else steps back.
    if (this.state?.view === 'session') return html`<main class="session">${this.#view()}</main>`;
    return html`${this.#bar()}
      <div class="desk">
        <aside>
          <history-list
            .account=${this.account}
            .entries=${this.#history}
            .refused=${this.refused}
          ></history-list>
          ${
            this.#connection?.unsandboxed
              ? html`<p class="ll-small ll-quiet-text">${this.strings.unsandboxed}</p>`
              : nothing
          }
        </aside>
        <main><div class="column">${this.#view()}</div></main>
      </div>`;
  }

  #bar(): TemplateResult {
    return html`<top-bar .about=${this.about}></top-bar>`;
  }

  #view(): TemplateResult | typeof nothing {
    const { state } = this;
    switch (state?.view) {
      case undefined:
        return nothing;
      case 'home':
        return isOutside(this.account)
          ? html`<enrol-view .account=${this.account}></enrol-view>`
          : html`<home-view .state=${state}></home-view>`;
      case 'getting-code':
      case 'waiting':
      case 'connecting':
        return html`<waiting-view .state=${state}></waiting-view>`;
      case 'session':
        return html`<session-view .state=${state} .about=${this.about} .connection=${this.#connection}></session-view>`;
      case 'ended':
        return html`<receipt-view .receipt=${state.receipt} .notes=${state.ownNotes}></receipt-view>`;
    }
  }

  #gone(): TemplateResult {
    const { programGone, programGoneNext } = this.strings;
    return html`<notice-box class="alone" alarm .what=${programGone} .next=${programGoneNext}></notice-box>`;
  }

  get #settings(): SettingsDialog | null {
    return this.renderRoot.querySelector<SettingsDialog>('settings-dialog');
  }

  get #shortcuts(): ShortcutsDialog | null {
    return this.renderRoot.querySelector<ShortcutsDialog>('shortcuts-dialog');
  }

  get #note(): PageNote | null {
    return this.renderRoot.querySelector<PageNote>('page-note');
  }

  #receive(message: HostToPage): void {
    switch (message.type) {
      case 'about':
        this.about = message.about;
        if (message.about.locale) localizer.setLocale(message.about.locale);
        return;
      case 'state': {
        const said = announcement(this.state, message.state, this.strings);
        if (said !== undefined) announcer.announce(said);
        this.#history = message.history;
        this.state = message.state;
        document.title = titleOf(message.state);
        return;
      }
      case 'quality':
        this.#sessionView?.showQuality(message.quality);
        return;
      case 'account':
        this.#showAccount(message.account);
        return;
      case 'account-refused':
        this.refused = message.code;
        return;
      case 'exported':
        saveFile(`livelet-sessions.${message.format}`, message.text);
        return;
      case 'signed-receipt':
        if (this.state?.view === 'ended') saveFile(receiptFileName(this.state.receipt, 'json'), message.json);
        return;
      case 'settings':
        this.settings = message.settings;
        return;
      case 'settings-answer':
        this.#settings?.answered(message.code);
        return;
      case 'refused':
        this.#sessionView?.showRefusal(message.code);
    }
  }

  #showAccount(account: AccountShown): void {
    const before = this.account;
    const words = ACCOUNT_STRINGS[localizer.locale];
    this.refused = undefined;
    this.account = account;
    if (hasOtherNote(before, account)) announcer.announce(words.noteSaved);
    if (before?.state === account.state) return;
    if (account.state === 'not-enrolled') announcer.announce(words.notEnrolled);
    else if (account.state === 'revoked') announcer.announce(words.revoked);
    else if (account.state === 'enrolled' && isOutside(before)) announcer.announce(words.enrolled);
  }

  get #sessionView(): SessionView | null {
    return this.renderRoot.querySelector<SessionView>('session-view');
  }

  readonly #onCommand = (event: Event): void => this.#command((event as CustomEvent<PageToHost>).detail);

  readonly #onSettings = (): void => this.#settings?.show();

  readonly #onHelp = (): void => {
    const [piece] = this.about?.help ?? [];
    if (piece) this.#help?.show(piece);
  };

  readonly #onShortcuts = (): void => this.#shortcuts?.show();

  readonly #onNote = (event: Event): void => this.#note?.show((event as CustomEvent<string>).detail);

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || isTyping(event)) return;
    if (event.key === KEYS.shortcuts) this.#shortcuts?.show();
    else if (event.key === KEYS.settings && this.state?.view !== 'session') this.#settings?.show();
    else if (event.key.toUpperCase() === KEYS.newSession && canStart(this.state) && !isOutside(this.account))
      this.#command({ type: 'new-code' });
    else if (!this.#sessionView?.takeKey(event)) return;
    event.preventDefault();
  };

  #command(command: PageToHost): void {
    this.#port?.post({ json: command as unknown as JsonValue });
  }

  static override readonly styles = [
    ...shared,
    css`
      :host {
        display: flex;
        flex-direction: column;
        height: 100dvh;
      }
      .desk {
        flex: 1;
        display: flex;
        min-height: 0;
      }
      aside {
        width: clamp(220px, 22vw, 320px);
        padding: var(--ll-space-3) var(--ll-space-2);
        overflow: auto;
        border-right: 1px solid var(--ll-line);
        display: flex;
        flex-direction: column;
        justify-content: space-between;
        gap: var(--ll-space-2);
      }
      main {
        flex: 1;
        min-width: 0;
        min-height: 0;
        overflow: auto;
      }
      main.session {
        overflow: hidden;
      }
      .column,
      .alone {
        max-width: 52em;
        margin: 0 auto;
        padding: clamp(24px, 9vh, 128px) var(--ll-space-4) var(--ll-space-4);
      }
      @media (max-width: 760px) {
        .desk {
          flex-direction: column;
          overflow: auto;
        }
        .desk main {
          flex: none;
          overflow: visible;
        }
        aside {
          order: 1;
          flex: 1 0 auto;
          width: auto;
          border-right: 0;
          border-top: 1px solid var(--ll-line);
        }
        .column,
        .alone {
          padding: var(--ll-space-3) var(--ll-space-2);
        }
      }
    `,
  ];
}
customElements.define('operator-app', OperatorApp);

/** The relay doesn't let this computer in. */
function isOutside(account: AccountShown | undefined): account is AccountShown {
  return account?.state === 'not-enrolled' || account?.state === 'enrolling' || account?.state === 'revoked';
}

function hasOtherNote(before: AccountShown | undefined, after: AccountShown): boolean {
  const notes = new Map(before?.sessions.map(({ id, note }) => [id, note]));
  return after.sessions.some(({ id, note }) => (notes.get(id) ?? note) !== note);
}

function canStart(state: ConsoleState | undefined): boolean {
  return state?.view === 'home' || state?.view === 'ended';
}

function titleOf(state: ConsoleState): string {
  if (state.view === 'session') return `${state.peer.name} – Livelet`;
  return 'Livelet';
}
