import type { JsonValue, Locale, PanelContext } from '@livelet/core/page';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { HostToOwn, OwnToHost } from '../src/page-protocol.js';
import { cameraStyles } from './camera-styles.js';
import { ownStream } from './own-stream.js';
import { LENS_TEXT, type TextName, text } from './strings.js';

export const NO_CAMERA: HostToOwn = {
  state: 'off',
  allowed: false,
  asked: false,
  peerName: '',
  device: '',
  devices: [],
  closed: false,
};

/** What both people rule their own camera with. */
export abstract class OwnElement extends LitElement {
  static override readonly properties = { locale: {}, told: { attribute: false } };
  static override styles = [cameraStyles];
  declare locale: Locale;
  declare told: HostToOwn;
  say: (message: OwnToHost) => void = () => undefined;

  constructor() {
    super();
    this.locale = 'en';
    this.told = NO_CAMERA;
  }

  protected get isOn(): boolean {
    return this.told.state === 'on';
  }

  /** The button that opens or closes it, what it sees, and which one it is. */
  protected controls(): TemplateResult {
    const { state, devices } = this.told;
    const isWanted = state === 'on' || state === 'opening' || state === 'waiting';
    return html`${state === 'on' || state === 'off' ? nothing : html`<p role="status">${LENS_TEXT[state][this.locale]}</p>`}
      ${this.isOn ? html`<video .muted=${true} autoplay playsinline aria-label=${text('preview', this.locale)}></video>` : nothing}
      ${devices.length > 1 ? this.#choice() : nothing}
      <button type="button" class="switch" @click=${() => this.say({ type: isWanted ? 'off' : 'on' })}>
        ${text(isWanted ? 'turnOff' : 'turnOn', this.locale)}
      </button>`;
  }

  protected override updated(): void {
    const video = this.renderRoot.querySelector('video');
    if (!video || (video.srcObject as MediaStream | null)?.active) return;
    video.srcObject = ownStream() ?? null;
    // One in the small window doesn't begin by itself. Paused by the browser it begins with the next change.
    video.play().catch(() => undefined);
  }

  #choice(): TemplateResult {
    const { device, devices } = this.told;
    const choose = ({ currentTarget }: Event): void =>
      this.say({ type: 'device', device: (currentTarget as HTMLSelectElement).value });
    return html`<label
      >${text('which', this.locale)}
      <select @change=${choose}>
        ${devices.map(
          ({ id, label }, index) => html`<option value=${id} ?selected=${id === device}>
            ${label || `${text('unnamed', this.locale)} ${index + 1}`}
          </option>`,
        )}
      </select></label
    >`;
  }
}

/** Joins the element with its half, and tells people who can't see it when the camera opens or closes. */
export function mountOwn(
  context: PanelContext<HTMLElement>,
  element: OwnElement,
  words: { readonly on: TextName; readonly off: TextName },
): Disposable {
  element.locale = context.locale;
  element.say = (message) => context.port.post({ json: message as unknown as JsonValue });
  const mark = (): void =>
    context.marks(element.told.state === 'on' ? [text('ownMark', element.locale)] : []);
  const resources = new DisposableStack();
  resources.use(
    context.onLocale((locale) => {
      element.locale = locale;
      mark();
    }),
  );
  resources.use(
    context.port.onMessage(({ json }) => {
      const before = element.told.state;
      element.told = json as unknown as HostToOwn;
      const { state } = element.told;
      if (state === before) return;
      mark();
      if (state === 'on') context.announce(text(words.on, element.locale));
      else if (before === 'on') context.announce(text(words.off, element.locale));
    }),
  );
  context.root.append(element);
  context.dress(element.renderRoot);
  resources.defer(() => element.remove());
  return resources;
}
