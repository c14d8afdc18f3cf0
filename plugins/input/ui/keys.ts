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

/** In the toolbar: the keys that can't be typed, and where the typed ones go. */
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
    return html`<button popovertarget="menu" aria-haspopup="menu" title=${this.#text('keysHelp')}>
        ${this.#text('keys')}
      </button>
      <div id="menu" popover role="menu" aria-label=${this.#text('keysHelp')} @keydown=${this.#walk}>
        ${CHOICES.map(
          ([name, messages]) =>
            html`<button role="menuitem" @click=${() => this.#press(messages)}>${this.#text(name)}</button>`,
        )}
      </div>
      ${this.captured ? html`<span class="captured">${this.#text('captured')}</span>` : nothing}`;
  }

  #text(name: TextName): string {
    return text(name, this.locale);
  }

  #press(messages: readonly InputMessage[]): void {
    this.renderRoot.querySelector<HTMLElement>('#menu')?.hidePopover();
    for (const message of messages) this.context?.port.post({ json: null, bytes: encodeInput(message) });
  }

  #walk(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const items = [...this.renderRoot.querySelectorAll<HTMLElement>('[role=menuitem]')];
    const now = items.indexOf(event.target as HTMLElement);
    items[(now + step + items.length) % items.length]?.focus();
  }

  static override readonly styles = css`
    :host {
      display: inline-flex;
      align-items: center;
      gap: 8px;
    }
    button {
      font: inherit;
      color: inherit;
      min-block-size: var(--ll-control, 36px);
      padding: 0 12px;
      border: 1px solid transparent;
      border-radius: var(--ll-radius, 8px);
      background: transparent;
      cursor: pointer;
    }
    button:hover {
      background: var(--ll-accent-soft, ButtonFace);
    }
    :focus-visible {
      outline: 3px solid var(--ll-focus, Highlight);
      outline-offset: 2px;
    }
    [popover] {
      position-area: bottom span-right;
      margin: 4px 0;
      padding: 4px;
      border: 1px solid var(--ll-line, GrayText);
      border-radius: var(--ll-radius, 8px);
      background: var(--ll-surface-raised, Canvas);
      color: var(--ll-text, CanvasText);
      box-shadow: var(--ll-shadow, none);
    }
    [popover] button {
      display: block;
      inline-size: 100%;
      text-align: start;
    }
    .captured {
      font-size: var(--ll-size-small, 0.875em);
      color: var(--ll-text-quiet, CanvasText);
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
  resources.defer(() => menu.remove());
  return resources;
}
