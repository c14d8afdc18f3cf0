import { type JsonValue, type Locale, type PanelContext, timerText } from '@livelet/core/page';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { MenuToRecorder, RecorderPhase, RecorderToMenu } from '../src/page-protocol.js';
import { menuStyles } from './menu-styles.js';
import { pageSounds } from './sound-run.js';
import { endText, type TextName, text } from './strings.js';

/** How long the button says that a recording ended by itself, once that was put away, ms. */
const UNREAD_KEPT = 60_000;

const IDLE: RecorderToMenu = {
  phase: 'idle',
  grant: 'none',
  sound: false,
  soundAllowed: false,
  recordedMs: 0,
  folder: '',
  canShow: false,
};

/** What is said once when a recording gets there. */
const ANNOUNCED: Readonly<Partial<Record<RecorderPhase, TextName>>> = {
  recording: 'began',
  paused: 'paused',
  waiting: 'waiting',
};

/** What is in sight as long as a recording is there. */
const MARKED: Readonly<Partial<Record<RecorderPhase, TextName>>> = {
  recording: 'ownMark',
  paused: 'markPaused',
  waiting: 'markPaused',
};

/** In the operator's toolbar: whether it records, and all that can be done about it. */
export class RecordMenu extends LitElement {
  static override readonly properties = {
    locale: {},
    state: { attribute: false },
    sound: { state: true },
    hasSound: { state: true },
    unread: { state: true },
  };
  static override readonly styles = menuStyles;
  declare locale: Locale;
  declare state: RecorderToMenu;
  /** What the person chose. */
  declare sound: boolean;
  declare hasSound: boolean;
  /** It ended by itself, and nobody has looked since. */
  declare unread: boolean;
  context: PanelContext<HTMLElement> | undefined;
  /** The page's own. */
  ask: HTMLElement | undefined;
  #heardAt = 0;
  /** The keyboard is in the popup. */
  #focused = false;
  #read: ReturnType<typeof setTimeout> | undefined;
  #second: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.locale = 'en';
    this.state = IDLE;
    this.sound = true;
    this.hasSound = false;
    this.unread = false;
  }

  hear(state: RecorderToMenu): void {
    const { phase, last } = this.state;
    this.#heardAt = performance.now();
    this.state = state;
    this.tellMarks();
    const name = ANNOUNCED[state.phase];
    if (name !== undefined && phase !== state.phase) this.context?.announce(text(name, this.locale));
    if (state.last === undefined) this.unread = false;
    else if (last === undefined) {
      this.context?.announce(this.#lastText().join(' '));
      if (state.last.error !== undefined) void this.#show();
    }
  }

  tellMarks(): void {
    const mark = MARKED[this.state.phase];
    this.context?.marks(mark === undefined ? [] : [this.#text(mark)]);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#read);
    clearInterval(this.#second);
  }

  override render(): TemplateResult {
    const { phase } = this.state;
    const runs = phase === 'recording';
    const exists = runs || phase === 'paused' || phase === 'waiting';
    return html`<button
        popovertarget="menu"
        class=${runs ? 'll-stop' : exists || this.unread ? 'stands' : 'll-quiet ll-icon-only'}
        aria-label=${exists || this.unread ? nothing : this.#text('record')}
        title=${this.#text(exists ? 'recording' : 'record')}
        @click=${this.#look}
      >
        <span class="dot" aria-hidden="true"></span>
        ${exists ? html`${this.#text('rec')} <span class="time">${timerText(this.#recordedMs)}</span>` : nothing}
        ${this.unread ? this.#text('ended') : nothing}
      </button>
      <div
        id="menu"
        popover
        tabindex="-1"
        class="ll-popup"
        role="dialog"
        aria-label=${this.#text('recording')}
        @toggle=${this.#toggled}
      >
        ${this.#menu()}
      </div>`;
  }

  protected override willUpdate(_changed: PropertyValues<this>): void {
    this.#focused = this.#popup?.contains((this.renderRoot as ShadowRoot).activeElement) ?? false;
  }

  protected override updated(_changed: PropertyValues<this>): void {
    this.#keepFocus();
    clearInterval(this.#second);
    if (this.state.phase !== 'recording') return;
    this.#second = setInterval(() => this.requestUpdate(), 1000);
  }

  /** What was pressed is gone, and with it its place for the keyboard: the next thing to press has it. */
  #keepFocus(): void {
    const popup = this.#popup;
    const now = (this.renderRoot as ShadowRoot).activeElement;
    if (!this.#focused || (now !== null && now !== popup)) return;
    (popup?.querySelector<HTMLElement>('input:enabled, button') ?? popup)?.focus();
  }

  get #popup(): HTMLElement | null {
    return this.renderRoot.querySelector('#menu');
  }

  /** Nobody asked for its end: why, and where the film is, is in sight until it is put away. */
  async #show(): Promise<void> {
    this.unread = true;
    await this.updateComplete;
    const popup = this.#popup;
    if (popup?.isConnected && !popup.matches(':popover-open')) popup.showPopover();
  }

  #menu(): TemplateResult {
    switch (this.state.phase) {
      case 'starting':
        return html`<p role="status">${this.#text('starting')}</p>${this.#button('stop', { type: 'stop' })}`;
      case 'recording':
        return html`<p>${this.#text('began')}</p>${this.#file()}
          ${this.#button('pause', { type: 'pause' })}${this.#button('stop', { type: 'stop' })}`;
      case 'paused':
        return html`<p>${this.#text('paused')}</p>${this.#file()}
          ${this.#button('resume', { type: 'resume' })}${this.#button('stop', { type: 'stop' })}`;
      case 'waiting':
        return html`<p>${this.#text('waiting')}</p>${this.#file()}${this.#button('stop', { type: 'stop' })}`;
      case 'finishing':
        return html`<p role="status">${this.#text('finishing')}</p>`;
      case 'idle':
        return html`${this.#last()}${this.state.grant === 'granted' ? this.#beginning() : this.#asking()}`;
    }
  }

  #beginning(): TemplateResult {
    const { folder, soundAllowed } = this.state;
    return html`${this.hasSound ? this.#soundChoice(soundAllowed) : nothing}
      ${this.#button('begin', { type: 'start', sound: this.sound && this.hasSound && soundAllowed })}
      <p class="ll-small ll-quiet-text">${this.#text('onlyHere')} <bdi>${folder}</bdi></p>`;
  }

  #soundChoice(allowed: boolean): TemplateResult {
    return html`<label
        ><input
          type="checkbox"
          ?disabled=${!allowed}
          .checked=${this.sound && allowed}
          aria-describedby="which-sound"
          @change=${this.#chooseSound}
        />${this.#text('withSound')}</label
      >
      <p id="which-sound" class="ll-small ll-quiet-text">${this.#text(allowed ? 'whichSound' : 'noSound')}</p>`;
  }

  #asking(): TemplateResult {
    if (this.state.grant === 'asked') return html`<p role="status">${this.#text('asked')}</p>`;
    return html`<p>${this.#text('notAllowed')}</p>
      ${this.ask ?? nothing}`;
  }

  #file(): TemplateResult | typeof nothing {
    const { path } = this.state;
    return path === undefined
      ? nothing
      : html`<p class="ll-small ll-quiet-text">${this.#text('writing')} <bdi>${path}</bdi></p>`;
  }

  #last(): TemplateResult | typeof nothing {
    const { last, canShow } = this.state;
    if (last === undefined) return nothing;
    // It is announced, whether the menu is open or not.
    return html`<div class="last">
        ${this.#lastText().map((line) => html`<p><bdi>${line}</bdi></p>`)}
        ${last.path !== undefined && canShow ? this.#button('showFolder', { type: 'show' }) : nothing}
      </div>`;
  }

  #lastText(): readonly string[] {
    const { last } = this.state;
    if (last === undefined) return [];
    const why = last.error === undefined ? [] : [endText(last.ranOut ? 'ranOut' : last.error, this.locale)];
    if (last.path === undefined) return [...why, this.#text('nothing')];
    return [...why, this.#text(last.error === undefined ? 'kept' : 'keptOpen'), last.path];
  }

  #button(name: TextName, message: MenuToRecorder): TemplateResult {
    return html`<button @click=${() => this.#say(message)}>${this.#text(name)}</button>`;
  }

  get #recordedMs(): number {
    const { phase, recordedMs } = this.state;
    return phase === 'recording' ? recordedMs + performance.now() - this.#heardAt : recordedMs;
  }

  #text(name: TextName): string {
    return text(name, this.locale);
  }

  #say(message: MenuToRecorder): void {
    this.context?.port.post({ json: message as unknown as JsonValue });
  }

  readonly #look = (): void => {
    this.hasSound = pageSounds().length > 0;
    this.unread = false;
  };
  /** It was in sight, and is still said for a while. */
  readonly #toggled = ({ newState }: ToggleEvent): void => {
    clearTimeout(this.#read);
    if (newState !== 'closed' || !this.unread) return;
    this.#read = setTimeout(() => {
      this.unread = false;
    }, UNREAD_KEPT);
  };
  readonly #chooseSound = ({ target }: Event): void => {
    this.sound = (target as HTMLInputElement).checked;
  };
}
customElements.define('livelet-record-menu', RecordMenu);

export function mount(context: PanelContext<HTMLElement>): Disposable {
  const menu = new RecordMenu();
  menu.context = context;
  menu.ask = context.askControl?.('record');
  menu.locale = context.locale;
  const resources = new DisposableStack();
  resources.use(
    context.onLocale((locale) => {
      menu.locale = locale;
      menu.tellMarks();
    }),
  );
  resources.use(context.port.onMessage(({ json }) => menu.hear(json as unknown as RecorderToMenu)));
  context.root.append(menu);
  context.dress(menu.renderRoot);
  resources.defer(() => menu.remove());
  return resources;
}
