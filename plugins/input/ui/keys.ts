import {
  encodeInput,
  type InputMessage,
  type KeyCode,
  type Locale,
  type PanelContext,
} from '@livelet/core/page';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { ControllerToPage } from '../src/page-protocol.js';
import { type TextName, text } from './strings.js';

/** What a page can't take from the operator's keyboard, or does not pass on. */
const CHOICES: readonly (readonly [TextName, readonly InputMessage[]])[] = [
  ['ctrlAltDelete', [{ type: 'combination', combination: 'ctrl-alt-delete' }]],
  ['altTab', chord('AltLeft', 'Tab')],
  ['altF4', chord('AltLeft', 'F4')],
  ['windowsKey', chord('MetaLeft')],
  ['printScreen', chord('PrintScreen')],
  ['capsLock', chord('CapsLock')],
];

function chord(...codes: KeyCode[]): InputMessage[] {
  const down = codes.map((code): InputMessage => ({ type: 'key', code, down: true }));
  const up = codes.toReversed().map((code): InputMessage => ({ type: 'key', code, down: false }));
  return [...down, ...up];
}

/** In the toolbar: the keys that can't be typed, and whether the typed ones go to the customer. */
class KeysMenu extends LitElement {
  static override readonly properties = {
    context: { attribute: false },
    locale: {},
    control: { type: Boolean },
    captured: { type: Boolean },
  };
  declare context: PanelContext<HTMLElement> | undefined;
  declare locale: Locale;
  declare control: boolean;
  declare captured: boolean;

  override render(): TemplateResult | typeof nothing {
    if (!this.control) return nothing;
    return html`<button
        popovertarget="menu"
        aria-haspopup="menu"
        class="ll-icon-only ${this.captured ? 'captured' : 'll-quiet'}"
        aria-label=${this.#text('keys')}
        title=${this.#text(this.captured ? 'captured' : 'keysHelp')}
      >
        <ll-icon name="keyboard"></ll-icon>
      </button>
      <div id="menu" popover class="ll-popup" role="menu" aria-label=${this.#text('keysHelp')} @keydown=${this.#walk}>
        ${CHOICES.map(
          ([name, messages], place) =>
            html`<button role="menuitem" ?autofocus=${place === 0} @click=${() => this.#press(messages)}>
              ${this.#text(name)}
            </button>`,
        )}
      </div>`;
  }

  #text(name: TextName): string {
    return text(name, this.locale);
  }

  #press(messages: readonly InputMessage[]): void {
    this.renderRoot.querySelector<HTMLElement>('#menu')?.hidePopover();
    for (const message of messages) this.context?.port.post({ json: null, bytes: encodeInput(message) });
  }

  #walk(event: KeyboardEvent): void {
    const items = [...this.renderRoot.querySelectorAll<HTMLElement>('[role=menuitem]')];
    const now = items.indexOf(event.target as HTMLElement);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: now + 1,
      ArrowUp: now - 1 + items.length,
      Home: 0,
      End: items.length - 1,
    };
    const next = steps[event.key];
    if (next === undefined) return;
    event.preventDefault();
    items[next % items.length]?.focus();
  }

  static override readonly styles = css`
    /* No words beside it: a toolbar that grows a row would move the picture from under the mouse. */
    .captured {
      border-color: var(--ll-accent);
      background: var(--ll-accent-soft);
    }
    [popover] {
      padding: 4px;
    }
    [popover] button {
      display: block;
      inline-size: 100%;
      padding: 0 12px;
      border-color: transparent;
      background: none;
      font-weight: normal;
      text-align: start;
      white-space: nowrap;
    }
    [popover] button:hover {
      background: var(--ll-accent-soft);
    }
    [popover] button:focus-visible {
      outline-offset: -3px;
    }
  `;
}
customElements.define('livelet-keys-menu', KeysMenu);

export function mount(context: PanelContext<HTMLElement>): Disposable {
  const menu = new KeysMenu();
  menu.context = context;
  menu.locale = context.locale;
  const resources = new DisposableStack();
  resources.use(
    context.onLocale((locale) => {
      menu.locale = locale;
    }),
  );
  resources.use(
    context.port.onMessage(({ json }) => {
      const message = json as unknown as ControllerToPage;
      if (message.type !== 'state') return;
      menu.control = message.control;
      menu.captured = message.captured;
    }),
  );
  context.root.append(menu);
  context.dress(menu.renderRoot);
  resources.defer(() => menu.remove());
  return resources;
}
