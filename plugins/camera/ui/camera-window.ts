import type { Locale, PanelContext } from '@livelet/core/page';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { HostToTheir, TheirState } from '../src/page-protocol.js';
import { CameraPicture } from './camera-picture.js';
import { cameraStyles } from './camera-styles.js';
import { THEIR_TEXT, text } from './strings.js';

const CORNERS = ['end-start', 'start-start', 'start-end', 'end-end'] as const;

/** In the operator's toolbar that they see the customer's camera; what it shows in a small window above the page. */
class CameraWindow extends LitElement {
  static override readonly properties = {
    locale: {},
    state: {},
    hiding: { state: true },
    corner: { state: true },
  };
  static override readonly styles = [
    cameraStyles,
    css`
      :host {
        display: inline-flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
      }
      .window {
        box-sizing: border-box;
        position: fixed;
        inset: auto;
        inline-size: min(260px, 100vw - 32px);
        margin: 0;
        padding: 8px;
        border: 1px solid var(--ll-line, GrayText);
        border-radius: var(--ll-radius, 8px);
        background: var(--ll-surface-raised, Canvas);
        color: var(--ll-text, CanvasText);
        box-shadow: var(--ll-shadow, none);
      }
      .window:popover-open {
        display: grid;
        gap: 8px;
      }
      .end-end {
        inset: auto 16px 16px auto;
      }
      .end-start {
        inset: auto auto 16px 16px;
      }
      .start-start {
        inset: 72px auto auto 16px;
      }
      .start-end {
        inset: 72px 16px auto auto;
      }
    `,
  ];
  declare locale: Locale;
  declare state: TheirState;
  declare hiding: boolean;
  declare corner: number;
  picture: CameraPicture | undefined;

  constructor() {
    super();
    this.locale = 'en';
    this.state = 'none';
    this.hiding = false;
    this.corner = 0;
  }

  override render(): TemplateResult | typeof nothing {
    const { state, hiding, locale } = this;
    if (state === 'none') return nothing;
    return html`<span class=${state === 'shown' ? 'mark' : ''}>${THEIR_TEXT[state][locale]}</span>
      ${
        state === 'shown' && hiding
          ? html`<button type="button" @click=${() => this.#hide(false)}>${text('show', locale)}</button>`
          : nothing
      }
      ${
        state === 'shown'
          ? html`<div class="window ${CORNERS[this.corner]}" popover="manual" role="group"
              aria-label=${text('pictureCustomer', locale)}>
              ${this.picture?.canvas}
              <div class="row">
                <button type="button" @click=${() => this.#hide(true)}>${text('hide', locale)}</button>
                <button type="button" @click=${this.#move}>${text('move', locale)}</button>
              </div>
            </div>`
          : nothing
      }`;
  }

  protected override updated(): void {
    const shown = this.renderRoot.querySelector<HTMLElement>('.window');
    if (shown && !shown.matches(':popover-open') && !this.hiding) shown.showPopover();
    if (shown?.matches(':popover-open') && this.hiding) shown.hidePopover();
    if (this.picture) this.picture.canvas.ariaLabel = text('pictureCustomer', this.locale);
  }

  readonly #move = (): void => {
    this.corner = (this.corner + 1) % CORNERS.length;
  };

  #hide(hiding: boolean): void {
    this.hiding = hiding;
    // The button is gone from under the keyboard: it goes on with the other one.
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>(hiding ? 'button' : '.window button')?.focus(),
    );
  }
}
customElements.define('livelet-camera-window', CameraWindow);

export function mount(context: PanelContext<HTMLElement>): Disposable {
  const { port } = context;
  const element = new CameraWindow();
  element.locale = context.locale;
  const resources = new DisposableStack();
  const picture = resources.use(new CameraPicture(document, port));
  element.picture = picture;
  resources.use(
    context.onLocale((locale) => {
      element.locale = locale;
    }),
  );
  resources.use(
    port.onMessage(({ json, bytes }) => {
      const message = json as unknown as HostToTheir;
      if (message.type === 'frame') {
        if (bytes) picture.take(message, bytes);
        return;
      }
      const before = element.state;
      element.state = message.state;
      if (message.state !== 'shown') picture.clear();
      if (message.state !== before && message.state !== 'none') {
        context.announce(THEIR_TEXT[message.state][element.locale]);
      }
    }),
  );
  context.root.append(element);
  resources.defer(() => element.remove());
  return resources;
}
