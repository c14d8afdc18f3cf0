import type { JsonValue, Locale, PanelContext } from '@livelet/core/page';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { PageToPresenter, PresenterToPage, ShowState } from '../src/demo/demo-protocol.js';
import { END_TEXT, SHOW_TEXT, text } from './demo/demo-strings.js';
import { demoStyles } from './demo/demo-styles.js';

/** In the operator's toolbar, as long as their screen is shown: that it is, and the button that ends it. */
class ShowingMark extends LitElement {
  static override readonly properties = { locale: {}, state: {} };
  static override readonly styles = [
    demoStyles,
    css`
      .shown {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 8px;
      }
      .mark {
        white-space: nowrap;
      }
    `,
  ];
  declare locale: Locale;
  declare state: ShowState;
  say: (message: PageToPresenter) => void = () => undefined;

  constructor() {
    super();
    this.locale = 'en';
    this.state = 'off';
  }

  override render(): TemplateResult | typeof nothing {
    if (this.state === 'off') return nothing;
    return html`<div class="shown">
      <span class="mark">${SHOW_TEXT[this.state][this.locale]}</span>
      <button type="button" @click=${() => this.say({ type: 'stop' })}>${text('stop', this.locale)}</button>
    </div>`;
  }
}
customElements.define('livelet-showing-mark', ShowingMark);

export function mount(context: PanelContext<HTMLElement>): Disposable {
  const mark = new ShowingMark();
  mark.locale = context.locale;
  mark.say = (message) => context.port.post({ json: message as unknown as JsonValue });
  const resources = new DisposableStack();
  resources.use(
    context.onLocale((locale) => {
      mark.locale = locale;
    }),
  );
  resources.use(
    context.port.onMessage(({ json }) => {
      const { state, end } = json as unknown as PresenterToPage;
      const before = mark.state;
      mark.state = state;
      if (state === before) return;
      if (state !== 'off') context.announce(SHOW_TEXT[state][mark.locale]);
      else if (end !== undefined) context.announce(END_TEXT[end][mark.locale]);
    }),
  );
  context.root.append(mark);
  resources.defer(() => mark.remove());
  return resources;
}
