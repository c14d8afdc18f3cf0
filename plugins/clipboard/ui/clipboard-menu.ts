import {
  type ClipboardRefusal,
  type CopiedContent,
  type JsonValue,
  type Locale,
  type PanelContext,
  type PortMessage,
} from '@livelet/core/page';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { PageToPartner, PartnerToPage } from '../src/page-protocol.js';
import { joinParts, splitParts } from '../src/parts.js';
import { LOOK_EVENT } from './look-event.js';
import { menuStyles } from './menu-styles.js';
import { pastedContent } from './page-clipboard.js';
import { SharedClipboard } from './shared-clipboard.js';
import { lastText, refusalText, type TextName, text } from './strings.js';

type State = Extract<PartnerToPage, { type: 'state' }>;

const OFF: State = { type: 'state', sends: false, takes: false, peerName: '' };

/** In the operator's toolbar: what of the clipboard is shared, and what needs a press. */
class ClipboardMenu extends LitElement {
  static override readonly properties = { locale: {}, state: { attribute: false } };
  static override readonly styles = menuStyles;
  declare locale: Locale;
  declare state: State;
  context: PanelContext<HTMLElement> | undefined;
  readonly clipboard = new SharedClipboard({
    copied: (content) => this.#post({ type: 'copied', parts: [] }, content),
    changed: () => this.requestUpdate(),
  });

  constructor() {
    super();
    this.locale = 'en';
    this.state = OFF;
  }

  override render(): TemplateResult | typeof nothing {
    const { sends, takes, lastSent, lastTaken } = this.state;
    if (!sends && !takes) return nothing;
    const { offered, hasBefore, isDenied } = this.clipboard;
    const waits = offered !== undefined || isDenied;
    return html`<button
        popovertarget="menu"
        class="tool ll-quiet ll-icon-only ${waits ? 'waits' : ''}"
        aria-label=${this.#text('clipboard')}
        title=${this.#text('clipboard')}
      >
        <ll-icon name="clipboard"></ll-icon>${waits ? html`<span class="dot" aria-hidden="true"></span>` : nothing}
      </button>
      ${offered ? this.#placeButton() : nothing}
      <div id="menu" popover class="ll-popup" role="dialog" aria-label=${this.#text('clipboard')}>
        ${sends ? this.#direction('sends', lastText(lastSent, this.locale)) : nothing}
        ${sends && hasBefore ? html`<p>${this.#text('before')}</p>` : nothing}
        ${sends && !isDenied ? html`<button @click=${this.#sendNow}>${this.#text('sendNow')}</button>` : nothing}
        ${sends && isDenied ? this.#pasteField() : nothing}
        ${takes ? this.#direction('takes', lastText(lastTaken, this.locale)) : nothing}
        ${offered ? html`<p>${this.#text('offered')}</p>` : nothing}
        ${this.#refusal(isDenied ? undefined : this.clipboard.refusal)}
      </div>`;
  }

  hear({ json, bytes }: PortMessage): void {
    const message = json as unknown as PartnerToPage;
    if (message.type === 'arrived') void this.#place(message.id, message.parts, bytes);
    else this.#follow(message);
  }

  #follow(state: State): void {
    const before = this.state;
    this.state = state;
    this.clipboard.sends = state.sends;
    if (!state.takes) this.clipboard.forgetOffered();
    if (state.sends && !before.sends) this.context?.announce(this.#text('sends'));
    if (state.takes && !before.takes) this.context?.announce(this.#text('takes'));
    const refusal = state.lastSent?.refusal ?? state.lastTaken?.refusal;
    const known = before.lastSent?.refusal ?? before.lastTaken?.refusal;
    if (refusal !== undefined && refusal !== known) this.context?.announce(refusalText(refusal, this.locale));
  }

  async #place(id: number, parts: unknown, bytes: Uint8Array | undefined): Promise<void> {
    let where: 'clipboard' | 'offered' | 'nowhere' = 'nowhere';
    try {
      if (this.state.takes) where = await this.clipboard.place(splitParts(parts, bytes));
      if (where === 'offered') this.context?.announce(this.#text('offered'));
    } catch {
      // Told by where it is: nowhere.
    }
    // Taken back while it was put there.
    if (!this.state.takes) this.clipboard.forgetOffered();
    this.#post({ type: 'placed', id, where });
  }

  #placeButton(): TemplateResult {
    const label = this.#text('placeNow');
    return html`<button class="ll-icon-only" aria-label=${label} title=${label} @click=${this.#takeOffered}>
      <ll-icon name="save"></ll-icon>
    </button>`;
  }

  #direction(name: TextName, last: string): TemplateResult {
    return html`<p class="on">${this.#text(name)}</p>
      <p class="ll-small ll-quiet-text">${last}</p>`;
  }

  #pasteField(): TemplateResult {
    return html`<p>${this.#text('denied')}</p>
      <input type="text" aria-label=${this.#text('pasteHere')} placeholder=${this.#text('pasteHere')}
        autocomplete="off" @paste=${this.#paste} @input=${clear} />`;
  }

  #refusal(refusal: ClipboardRefusal | undefined): TemplateResult | typeof nothing {
    if (refusal === undefined) return nothing;
    return html`<div role="alert">
      <p>${refusalText(refusal, this.locale)}</p>
      ${refusal === 'clipboard-format' ? html`<p>${this.#text('pasteFiles')}</p>` : nothing}
    </div>`;
  }

  #text(name: TextName): string {
    return text(name, this.locale);
  }

  readonly #takeOffered = (): void => void this.clipboard.takeOffered();
  readonly #sendNow = (): void => this.clipboard.sendNow();
  readonly #paste = (event: ClipboardEvent): void => {
    // Files were taken already, by the piece that sends files.
    if (event.defaultPrevented) return;
    event.preventDefault();
    if (event.clipboardData) void this.clipboard.send(pastedContent(event.clipboardData));
  };

  #post(message: PageToPartner, content?: CopiedContent): void {
    if (content === undefined) {
      this.context?.port.post({ json: message as unknown as JsonValue });
      return;
    }
    const { parts, bytes } = joinParts(content);
    this.context?.port.post({ json: { ...message, parts } as unknown as JsonValue, bytes });
  }
}
customElements.define('livelet-clipboard-menu', ClipboardMenu);

/** Only what is pasted is sent. */
function clear({ target }: Event): void {
  (target as HTMLInputElement).value = '';
}

export function mount(context: PanelContext<HTMLElement>): Disposable {
  const menu = new ClipboardMenu();
  menu.context = context;
  menu.locale = context.locale;
  const resources = new DisposableStack();
  resources.use(
    context.onLocale((locale) => {
      menu.locale = locale;
    }),
  );
  resources.use(context.port.onMessage((message) => menu.hear(message)));
  const look = (): void => menu.clipboard.look();
  document.addEventListener(LOOK_EVENT, look);
  resources.defer(() => document.removeEventListener(LOOK_EVENT, look));
  context.root.append(menu);
  context.dress(menu.renderRoot);
  resources.defer(() => {
    menu.clipboard.sends = false;
    menu.remove();
  });
  return resources;
}
