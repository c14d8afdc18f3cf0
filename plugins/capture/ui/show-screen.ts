import type { DisplayInfo, JsonValue, Locale, PanelContext } from '@livelet/core/page';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { PageToPresenter, PresenterToPage } from '../src/demo/demo-protocol.js';
import { END_TEXT, SHOW_TEXT, text } from './demo/demo-strings.js';

const OFF: PresenterToPage = { state: 'off', peerName: '', displays: [] };

/** In the operator's side panel: what of their screen to show, and whether it is shown. */
class ShowScreen extends LitElement {
  static override readonly properties = { locale: {}, told: { attribute: false } };
  static override readonly styles = css`
    .panel {
      display: grid;
      justify-items: start;
      gap: 12px;
      padding: var(--ll-space-2);
    }
    fieldset {
      display: grid;
      gap: 8px;
    }
    legend {
      padding: 0 0 8px;
      font-weight: var(--ll-weight-strong);
    }
    label {
      display: flex;
      align-items: center;
      gap: 8px;
      min-block-size: 32px;
    }
    input {
      margin: 0;
    }
  `;
  declare locale: Locale;
  declare told: PresenterToPage;
  say: (message: PageToPresenter) => void = () => undefined;
  /** Absent until the person chose: the first there is. */
  #what: number | 'picker' | undefined;

  constructor() {
    super();
    this.locale = 'en';
    this.told = OFF;
  }

  override render(): TemplateResult {
    const { state } = this.told;
    return html`<div class="panel">
      ${state === 'off' ? this.#choice() : this.#shown(state)}
      <p class="ll-small ll-quiet-text">${text('note', this.locale)}</p>
    </div>`;
  }

  protected override updated(changed: Map<string, unknown>): void {
    const before = changed.get('told') as PresenterToPage | undefined;
    const isOff = this.told.state === 'off';
    if (!before || (before.state === 'off') === isOff || !this.#hadFocus) return;
    // The button is gone from under the keyboard: it goes on with the other one.
    this.#hadFocus = false;
    this.renderRoot.querySelector<HTMLElement>('button')?.focus();
  }

  #hadFocus = false;

  protected override willUpdate(): void {
    this.#hadFocus = this.shadowRoot?.activeElement?.localName === 'button';
  }

  #choice(): TemplateResult {
    const { displays, end } = this.told;
    const chosen = this.#chosen;
    return html`${end === undefined ? nothing : html`<p>${END_TEXT[end][this.locale]}</p>`}
      <fieldset>
        <legend>${text('what', this.locale)}</legend>
        ${displays.map((display) => this.#option(display.id, this.#label(display), display.id === chosen))}
        ${this.#option('picker', text('picker', this.locale), chosen === 'picker')}
      </fieldset>
      <button type="button" @click=${() => this.say({ type: 'show', what: this.#chosen })}>
        ${text('show', this.locale)}
      </button>`;
  }

  #shown(state: Exclude<PresenterToPage['state'], 'off'>): TemplateResult {
    return html`<p class=${state === 'showing' ? 'll-mark' : ''}>${SHOW_TEXT[state][this.locale]}</p>
      <button type="button" @click=${() => this.say({ type: 'stop' })}>${text('stop', this.locale)}</button>`;
  }

  #option(what: number | 'picker', label: string, checked: boolean): TemplateResult {
    const choose = (): void => {
      this.#what = what;
      this.requestUpdate();
    };
    return html`<label
      ><input type="radio" name="what" value=${what} .checked=${checked} @change=${choose} />${label}</label
    >`;
  }

  get #chosen(): number | 'picker' {
    const { displays } = this.told;
    const isThere = this.#what === 'picker' || displays.some(({ id }) => id === this.#what);
    return this.#what !== undefined && isThere ? this.#what : (displays[0]?.id ?? 'picker');
  }

  #label({ id, name, width, height }: DisplayInfo): string {
    const monitor = name || `${text('monitor', this.locale)} ${id}`;
    return `${id === 0 ? text('all', this.locale) : monitor} · ${width} × ${height}`;
  }
}
customElements.define('livelet-show-screen', ShowScreen);

export function mount(context: PanelContext<HTMLElement>): Disposable {
  const panel = new ShowScreen();
  panel.locale = context.locale;
  panel.say = (message) => context.port.post({ json: message as unknown as JsonValue });
  const resources = new DisposableStack();
  resources.use(
    context.onLocale((locale) => {
      panel.locale = locale;
    }),
  );
  resources.use(
    context.port.onMessage(({ json }) => {
      panel.told = json as unknown as PresenterToPage;
    }),
  );
  context.root.append(panel);
  context.dress(panel.renderRoot);
  resources.defer(() => panel.remove());
  return resources;
}
