import type { JsonValue, Locale, PanelContext } from '@livelet/core/page';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { PageToPresenter, PresenterToPage, ShowState } from '../src/demo/demo-protocol.js';
import { END_TEXT, SHOW_TEXT, text } from './demo/demo-strings.js';

/** In the operator's toolbar, as long as their screen is shown or about to be: the button that ends it. */
class ShowingMark extends LitElement {
  static override readonly properties = { locale: {}, state: {} };
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
    const label = text('stop', this.locale);
    return html`<button
      type="button"
      class="ll-icon-only ll-open"
      aria-label=${label}
      title=${`${SHOW_TEXT[this.state][this.locale]}. ${label}`}
      @click=${() => this.say({ type: 'stop' })}
    >
      <ll-icon name="monitor-off"></ll-icon>
    </button>`;
  }
}
customElements.define('livelet-showing-mark', ShowingMark);

export function mount(context: PanelContext<HTMLElement>): Disposable {
  const mark = new ShowingMark();
  mark.locale = context.locale;
  mark.say = (message) => context.port.post({ json: message as unknown as JsonValue });
  const tellMark = (): void =>
    context.marks(mark.state === 'showing' ? [SHOW_TEXT.showing[mark.locale]] : []);
  const resources = new DisposableStack();
  resources.use(
    context.onLocale((locale) => {
      mark.locale = locale;
      tellMark();
    }),
  );
  resources.use(
    context.port.onMessage(({ json }) => {
      const { state, end } = json as unknown as PresenterToPage;
      const before = mark.state;
      mark.state = state;
      tellMark();
      if (state === before) return;
      if (state !== 'off') context.announce(SHOW_TEXT[state][mark.locale]);
      else if (end !== undefined) context.announce(END_TEXT[end][mark.locale]);
    }),
  );
  context.root.append(mark);
  context.dress(mark.renderRoot);
  resources.defer(() => mark.remove());
  return resources;
}
