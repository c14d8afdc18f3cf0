import type { Locale, PanelContext } from '@livelet/core/page';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { HostToTheir, TheirState } from '../src/page-protocol.js';
import { CameraPicture } from './camera-picture.js';
import { cameraStyles } from './camera-styles.js';
import { THEIR_TEXT, text } from './strings.js';

const CORNERS = ['end-start', 'start-start', 'start-end', 'end-end'] as const;

/** What the customer's camera shows, in a small window above the page; in the operator's toolbar its switch. */
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
      /* As large as the stage: what is written and what ends the session stands beside it, at every width. */
      .over {
        position: fixed;
        position-area: none;
        inset: var(--ll-stage-inset, 0);
        inline-size: auto;
        block-size: auto;
        margin: 0;
        padding: 8px;
        border: 0;
        background: none;
        overflow: hidden;
        pointer-events: none;
      }
      .over:popover-open {
        display: grid;
        grid-template: minmax(0, 1fr) / minmax(0, 1fr);
      }
      .window {
        display: flex;
        flex-direction: column;
        inline-size: clamp(150px, 40%, 260px);
        max-inline-size: 100%;
        max-block-size: 100%;
        padding: 4px;
        pointer-events: auto;
      }
      .window canvas {
        min-block-size: 0;
        object-fit: contain;
      }
      .head {
        display: flex;
        align-items: center;
      }
      .head p {
        flex: 1;
        padding-inline-start: 4px;
        font-size: var(--ll-size-small);
      }
      .head button {
        min-block-size: 28px;
        inline-size: 28px;
      }
      .end-end {
        place-self: end end;
      }
      .end-start {
        place-self: end start;
      }
      .start-start {
        place-self: start start;
      }
      .start-end {
        place-self: start end;
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
    const isShown = state === 'shown';
    return html`${this.#toggle(isShown && !hiding)}
      ${
        isShown
          ? html`<div class="over" popover="manual">
              <div class="window ll-popup ${CORNERS[this.corner]}" role="group" aria-label=${text('pictureCustomer', locale)}>
                <div class="head">
                  <p>${text('pictureCustomer', locale)}</p>
                  ${this.#control('move', text('move', locale), this.#move)}
                  ${this.#control('minus', text('hide', locale), () => this.#hide(true))}
                </div>
                ${this.picture?.canvas}
              </div>
            </div>`
          : nothing
      }`;
  }

  /** While the camera is off it can't be pressed, and says so. */
  #toggle(pressed: boolean): TemplateResult {
    const { state, locale } = this;
    const isOff = state === 'waiting';
    const label = isOff ? THEIR_TEXT.waiting[locale] : text('theirs', locale);
    return html`<button type="button" class="ll-quiet ll-icon-only toggle" aria-disabled=${isOff}
      aria-pressed=${isOff ? nothing : pressed} aria-label=${label} title=${label}
      @click=${() => this.#hide(pressed)}><ll-icon name="user"></ll-icon></button>`;
  }

  #control(icon: string, label: string, act: () => void): TemplateResult {
    return html`<button type="button" class="ll-quiet ll-icon-only" aria-label=${label} title=${label}
      @click=${act}><ll-icon name=${icon}></ll-icon></button>`;
  }

  protected override updated(): void {
    const shown = this.renderRoot.querySelector<HTMLElement>('.over');
    if (shown && !shown.matches(':popover-open') && !this.hiding) shown.showPopover();
    if (shown?.matches(':popover-open') && this.hiding) shown.hidePopover();
    if (this.picture) this.picture.canvas.ariaLabel = text('pictureCustomer', this.locale);
  }

  readonly #move = (): void => {
    this.corner = (this.corner + 1) % CORNERS.length;
  };

  #hide(hiding: boolean): void {
    if (this.state !== 'shown') return;
    this.hiding = hiding;
    // What hid it is gone from under the keyboard: it goes on where it is shown again.
    if (hiding) this.renderRoot.querySelector<HTMLElement>('.toggle')?.focus();
  }
}
customElements.define('livelet-camera-window', CameraWindow);

export function mount(context: PanelContext<HTMLElement>): Disposable {
  const { port } = context;
  const element = new CameraWindow();
  element.locale = context.locale;
  const mark = (): void =>
    context.marks(element.state === 'shown' ? [text('theirsMark', element.locale)] : []);
  const resources = new DisposableStack();
  const picture = resources.use(new CameraPicture(document, port));
  element.picture = picture;
  resources.use(
    context.onLocale((locale) => {
      element.locale = locale;
      mark();
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
      mark();
      if (message.state !== 'shown') picture.clear();
      if (message.state !== before && message.state !== 'none') {
        context.announce(THEIR_TEXT[message.state][element.locale]);
      }
    }),
  );
  context.root.append(element);
  context.dress(element.renderRoot);
  resources.defer(() => element.remove());
  return resources;
}
