import type { JsonValue, PanelContext } from '@livelet/core/page';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { CopiedFilesShown, FilesToPage, PageToFiles } from '../src/page-protocol.js';
import { copiedFilesStyles } from './copied-files-styles.js';
import { allowFirstText, copiedFilesText, givingFailedText, othersText, text } from './strings.js';

/** Before giving counts, ms: a press that was meant for what stood there before has passed by then. */
const ARM = 1200;

/** In the customer's panel: files that they copied, and whether the helper gets them. */
class CopiedFilesElement extends LitElement {
  static override readonly properties = {
    locale: {},
    state: { attribute: false },
    armed: { state: true },
  };
  static override readonly styles = copiedFilesStyles;
  declare locale: PanelContext<HTMLElement>['locale'];
  declare state: FilesToPage;
  /** The id of what may be given by now. */
  declare armed: number | undefined;
  say: (message: PageToFiles) => void = () => undefined;
  announce: (text: string) => void = () => undefined;
  #arming: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.locale = 'en';
    this.state = { type: 'files', mayGive: false, given: false };
  }

  override render(): TemplateResult | typeof nothing {
    const { state, locale } = this;
    const { copied, mayGive, given } = state;
    if (!copied) return given ? html`<p>${text('given', locale)}</p>` : nothing;
    return html`<p>${copiedFilesText(copied, locale)} ${names(copied, locale)}${others(copied, locale)}</p>
      ${copied.isPart ? html`<p>${text('notAll', locale)}</p>` : nothing}
      ${copied.error ? html`<p role="alert">${givingFailedText(copied.error, locale)}</p>` : nothing}
      <p class="ll-small ll-quiet-text">${text('notNamed', locale)}</p>
      ${mayGive ? nothing : html`<p class="first">${allowFirstText(locale)}</p>`}
      <div class="buttons">
        <button type="button" @click=${() => this.say({ type: 'leave', id: copied.id })}>${text('leave', locale)}</button>
        ${
          mayGive
            ? html`<button
                type="button"
                class="ll-primary"
                aria-disabled=${this.armed === copied.id ? 'false' : 'true'}
                @click=${() => this.#give(copied.id)}
              >
                ${text('give', locale)}
              </button>`
            : nothing
        }
      </div>`;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#arming);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('state')) this.hidden = !this.state.copied && !this.state.given;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const { copied, mayGive, given } = this.state;
    const before = changed.get('state');
    if (before === undefined) return;
    if (given && !before.given) this.announce(text('given', this.locale));
    if (!copied) return;
    if (before.copied?.id === copied.id && before.mayGive === mayGive) return;
    clearTimeout(this.#arming);
    this.armed = undefined;
    this.#arming = setTimeout(() => {
      this.armed = copied.id;
    }, ARM);
    if (before.copied?.id === copied.id) return;
    this.announce(this.renderRoot.querySelector('p')?.innerText ?? '');
    this.#bringIntoSight();
  }

  /** It may stand where nobody looks. It has its place a frame after it has its size. */
  #bringIntoSight(): void {
    const { defaultView } = this.ownerDocument;
    defaultView?.requestAnimationFrame(() =>
      defaultView.requestAnimationFrame(() => this.scrollIntoView({ block: 'nearest' })),
    );
  }

  #give(id: number): void {
    if (this.armed !== id) return;
    this.say({ type: 'give', id });
  }
}
customElements.define('livelet-copied-files', CopiedFilesElement);

/** Each with the folder it lies in; once where that is the same for all. */
function names({ names, places }: CopiedFilesShown, locale: CopiedFilesElement['locale']): unknown {
  const alike = new Set(places).size === 1;
  return names.map((name, at) => {
    const isPlaced = !alike || at === names.length - 1;
    return html`${at === 0 ? '' : ', '}<bdi>${name}</bdi>${isPlaced ? html` (${text('inFolder', locale)} <bdi>${places[at]}</bdi>)` : nothing}`;
  });
}

function others({ files, folders, names }: CopiedFilesShown, locale: CopiedFilesElement['locale']): string {
  const count = files + folders - names.length;
  return count > 0 ? ` ${othersText(count, locale)}` : '';
}

export function mount(context: PanelContext<HTMLElement>): Disposable {
  const element = new CopiedFilesElement();
  element.locale = context.locale;
  element.hidden = true;
  element.say = (message) => context.port.post({ json: message as unknown as JsonValue });
  element.announce = (what) => context.announce(what);
  const resources = new DisposableStack();
  resources.use(
    context.onLocale((locale) => {
      element.locale = locale;
    }),
  );
  resources.use(
    context.port.onMessage(({ json }) => {
      element.state = json as unknown as FilesToPage;
    }),
  );
  context.root.append(element);
  context.dress(element.renderRoot);
  resources.defer(() => element.remove());
  return resources;
}
