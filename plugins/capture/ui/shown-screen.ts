import { type JsonValue, type PanelContext, STAGE_ZOOM_EVENT, type ZoomStep } from '@livelet/core/page';
import type { StageToViewer, StateTold, ViewState } from '../src/viewer/page-protocol.js';
import { PICTURE, text } from './demo/demo-strings.js';
import { Stage } from './stage.js';

const STYLES = `
:host { display: block; }
.shown { display: grid; gap: 8px; padding-block: var(--ll-space-2); }
.head { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }
.head p { flex: 1 1 12em; font-weight: var(--ll-weight-strong); }
.head p:focus { outline: none; }
.view { block-size: min(75vh, 62vw); min-block-size: 160px; background: var(--ll-stage); }
/* Larger than it fits in: as much of it at once as leaves room for what stops it. */
.head:has([aria-pressed='true']) + .view { block-size: max(60vh, min(75vh, 62vw)); }
@media (max-width: 600px) {
  /* Beyond the column of the text, less than a scroll bar. */
  .shown { inline-size: calc(100vw - 16px); margin-inline: calc(50% - 50vw + 8px); }
  .head { padding-inline: var(--ll-space-1); }
  .head p { flex-basis: 100%; }
  .head button { flex: 1 1 auto; padding-inline: 4px; font-size: var(--ll-size-small); }
}
.whole { position: fixed; z-index: 1; inset: 0; inline-size: auto; margin: 0; grid-template-rows: auto 1fr; padding: 8px; background: var(--ll-ground); }
.whole .head + .view { block-size: auto; min-block-size: 0; }
`;

/** In the customer's page: the helper's screen, as long as it is shown, with the button that closes it. */
export function mount(context: PanelContext<HTMLElement>): Disposable {
  return new ShownScreen(context);
}

class ShownScreen implements Disposable {
  readonly #context: PanelContext<HTMLElement>;
  readonly #shadow: ShadowRoot;
  readonly #shown = document.createElement('div');
  readonly #head = document.createElement('div');
  readonly #title = document.createElement('p');
  readonly #larger = document.createElement('button');
  readonly #whole = document.createElement('button');
  readonly #close = document.createElement('button');
  readonly #view = document.createElement('div');
  readonly #resources = new DisposableStack();
  #state: ViewState = 'waiting';

  constructor(context: PanelContext<HTMLElement>) {
    this.#context = context;
    const host = document.createElement('div');
    this.#shadow = host.attachShadow({ mode: 'open' });
    context.dress(this.#shadow, STYLES);
    this.#title.tabIndex = -1;
    this.#head.className = 'head';
    this.#head.append(this.#title, this.#larger, this.#whole, this.#close);
    this.#shown.className = 'shown';
    this.#view.className = 'view';
    this.#shown.append(this.#head, this.#view);
    this.#shadow.append(this.#shown);
    context.root.append(host);
    this.#resources.defer(() => host.remove());
    for (const button of [this.#larger, this.#whole, this.#close]) button.type = 'button';
    this.#larger.ariaPressed = 'false';
    this.#larger.addEventListener('click', () => this.#zoom(this.#larger.ariaPressed !== 'true'));
    this.#whole.addEventListener('click', () => void this.#fillScreen());
    const follow = (): void => this.#relabel();
    document.addEventListener('fullscreenchange', follow);
    this.#resources.defer(() => document.removeEventListener('fullscreenchange', follow));
    this.#close.addEventListener('click', () => this.#say({ type: 'close' }));
    const place = document.createElement('div');
    place.style.blockSize = '100%';
    this.#view.append(place);
    this.#resources.use(new Stage(within(context, place), PICTURE));
    this.#resources.use(context.onLocale(() => this.#relabel()));
    this.#resources.use(
      context.port.onMessage(({ json, bytes }) => {
        if (bytes === undefined) this.#follow((json as unknown as StateTold).state);
      }),
    );
    this.#relabel();
    this.#follow(this.#state);
  }

  [Symbol.dispose](): void {
    void this.#leaveFullScreen();
    this.#resources.dispose();
  }

  #follow(state: ViewState): void {
    const before = this.#state;
    this.#state = state;
    const isThere = state === 'viewing';
    if (isThere !== (before === 'viewing')) {
      this.#context.announce(text(isThere ? 'watching' : 'closed', this.#context.locale));
    }
    // The button is gone from under the keyboard: it goes on where the text is.
    const focused = !isThere && this.#head.contains(this.#shadow.activeElement);
    this.#shown.hidden = !isThere && !focused;
    for (const part of [this.#larger, this.#whole, this.#close, this.#view]) part.hidden = !isThere;
    if (!isThere) void this.#leaveFullScreen();
    this.#relabel();
    if (focused) this.#title.focus();
    if (!isThere || before === 'viewing') return;
    this.#zoom(false);
    // In a narrow window it begins below what the page says.
    this.#shown.scrollIntoView({ block: 'nearest' });
  }

  #zoom(actual: boolean): void {
    this.#larger.ariaPressed = String(actual);
    const step: ZoomStep = actual ? 'actual' : 'fit';
    this.#view.dispatchEvent(new CustomEvent(STAGE_ZOOM_EVENT, { detail: step }));
  }

  get #fillsScreen(): boolean {
    return document.fullscreenElement === document.documentElement;
  }

  async #fillScreen(): Promise<void> {
    // A browser may refuse; then the picture stays as large as it is.
    if (this.#fillsScreen) await this.#leaveFullScreen();
    // The whole page, with the picture over it: what stops the session has to stay above.
    else await document.documentElement.requestFullscreen().catch(() => undefined);
  }

  async #leaveFullScreen(): Promise<void> {
    if (this.#fillsScreen) await document.exitFullscreen().catch(() => undefined);
  }

  #relabel(): void {
    const { locale } = this.#context;
    this.#title.textContent = text(this.#state === 'viewing' ? 'watching' : 'closed', locale);
    this.#larger.textContent = text('actual', locale);
    this.#shown.classList.toggle('whole', this.#fillsScreen);
    this.#whole.textContent = text(this.#fillsScreen ? 'leaveWhole' : 'whole', locale);
    this.#close.textContent = text('close', locale);
  }

  #say(message: StageToViewer): void {
    this.#context.port.post({ json: message as unknown as JsonValue });
  }
}

/** The same context for an element of this piece. */
function within(context: PanelContext<HTMLElement>, root: HTMLElement): PanelContext<HTMLElement> {
  return {
    root,
    port: context.port,
    get locale() {
      return context.locale;
    },
    onLocale: (listener) => context.onLocale(listener),
    announce: (told) => context.announce(told),
    marks: (sentences) => context.marks(sentences),
    dress: (shadow, css) => context.dress(shadow, css),
  };
}
