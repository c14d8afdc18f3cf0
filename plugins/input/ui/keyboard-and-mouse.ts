import {
  encodeInput,
  type InputMessage,
  type InputRefusal,
  type Locale,
  type PanelContext,
  type PictureRequest,
  STAGE_PICTURE_EVENT,
  STAGE_SHOWN_EVENT,
} from '@livelet/core/page';
import type { ControllerToPage, PageToController } from '../src/page-protocol.js';
import { StageKeyboard } from './stage-keyboard.js';
import { StagePointer } from './stage-pointer.js';
import { type TextName, text } from './strings.js';

/** How long a refusal, or where the keys go, is shown, ms. */
const NOTICE_SHOWN = 4000;
/** The page closes the stage when the line is lost; that the keyboard went with it is known up to this much earlier, ms. */
const CLOSED_BEFORE = 1000;

const REFUSALS: Readonly<Record<InputRefusal, TextName>> = {
  'input-refused-own-window': 'ownWindow',
  'input-outside-screen': 'outsideScreen',
  'input-unavailable': 'unavailable',
};

const STYLES = `
:host { position: relative; z-index: 1; display: grid; block-size: 100%; pointer-events: none; }
:host([hidden]) { display: none; }
textarea {
  position: absolute; inset: auto auto 0 0; inline-size: 1px; block-size: 1px; padding: 0; border: 0; opacity: 0;
  resize: none; overflow: hidden;
}
.frame { position: absolute; inset: 0; border: 2px solid transparent; }
textarea:focus ~ .frame { border-color: var(--ll-focus, Highlight); }
.notice {
  place-self: end center; margin: 0 16px 16px; padding: 8px 16px; border-radius: var(--ll-radius, 8px);
  background: var(--ll-surface-raised, Canvas); color: var(--ll-text, CanvasText);
  border: 1px solid var(--ll-line, GrayText); box-shadow: var(--ll-shadow, none);
}
.notice:empty { display: none; }
`;

/** On the stage: takes mouse and keyboard while the customer allows it and there is a picture, and tells what was refused. */
export function mount(context: PanelContext<HTMLElement>): Disposable {
  const stage = new Stage(context);
  return { [Symbol.dispose]: () => stage[Symbol.dispose]() };
}

class Stage implements Disposable {
  readonly #context: PanelContext<HTMLElement>;
  /** Shared with the picture. */
  readonly #slot: HTMLElement;
  readonly #host = document.createElement('div');
  readonly #field = document.createElement('textarea');
  readonly #notice = document.createElement('p');
  readonly #resources = new DisposableStack();
  #control: DisposableStack | undefined;
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;
  /** It has been shown once how the keyboard comes back. */
  #explained = false;
  /** The keyboard was here when the line was lost. */
  #regain = false;
  #closedAt = Number.NEGATIVE_INFINITY;
  #hasPicture = false;
  /** What was said last of why there is none; nothing so far. */
  #noControl: string | undefined;

  constructor(context: PanelContext<HTMLElement>) {
    this.#context = context;
    this.#slot = context.root.parentElement ?? context.root;
    // The slot lays its pieces over each other; the picture below keeps the mouse.
    context.root.style.pointerEvents = 'none';
    this.#build();
    this.#relabel(context.locale);
    this.#resources.use(context.onLocale((locale) => this.#relabel(locale)));
    this.#resources.use(
      context.port.onMessage(({ json }) => this.#hear(json as unknown as ControllerToPage)),
    );
    this.#resources.defer(() => this.#release());
    const shown = (event: Event): void => this.#picture((event as CustomEvent<boolean>).detail);
    this.#slot.addEventListener(STAGE_SHOWN_EVENT, shown);
    this.#resources.defer(() => this.#slot.removeEventListener(STAGE_SHOWN_EVENT, shown));
    // One that came before this piece.
    const request: PictureRequest = { answer: ({ width }) => this.#picture(width > 0) };
    this.#slot.dispatchEvent(new CustomEvent(STAGE_PICTURE_EVENT, { detail: request }));
  }

  [Symbol.dispose](): void {
    this.#resources.dispose();
    clearTimeout(this.#noticeTimer);
    this.#host.remove();
  }

  #build(): void {
    this.#host.hidden = true;
    const field = this.#field;
    field.disabled = true;
    field.autocomplete = 'off';
    field.spellcheck = false;
    field.setAttribute('autocapitalize', 'off');
    field.addEventListener('focus', () => this.#captured(true));
    field.addEventListener('blur', () => {
      if (this.#context.root.closest('[inert]')) this.#closedAt = performance.now();
      this.#captured(false);
    });
    this.#notice.className = 'notice';
    const frame = document.createElement('div');
    frame.className = 'frame';
    const shadow = this.#host.attachShadow({ mode: 'open' });
    const styles = new CSSStyleSheet();
    styles.replaceSync(STYLES);
    shadow.adoptedStyleSheets = [styles];
    shadow.append(field, frame, this.#notice);
    this.#context.root.append(this.#host);
  }

  #relabel(locale: Locale): void {
    this.#field.setAttribute('aria-label', text('sink', locale));
  }

  #hear(message: ControllerToPage): void {
    if (message.type === 'refused') this.#tell(text(REFUSALS[message.refused], this.#context.locale));
    else if (message.control) this.#take();
    else {
      // The page around tells of a lost line, and is told by nobody else.
      const isDrop = message.error === 'reconnecting';
      this.#regain = isDrop && (this.#regain || this.#hasKeyboard);
      this.#release();
      // Without a picture, the stage says why; once there is one, the controller says this again.
      if (!this.#hasPicture) return;
      if (message.over) this.#tellNoControl(message.over);
      else if (message.error !== undefined && !isDrop) this.#tellNoControl('noControl');
    }
  }

  /** Nobody types or clicks on what they can't see: at once here, and at the controller, which says when it is over. */
  #picture(picture: boolean): void {
    if (picture === this.#hasPicture) return;
    this.#hasPicture = picture;
    if (!picture) {
      const hadKeyboard = this.#field.matches(':focus');
      this.#regain = false;
      this.#release();
      if (this.#notice.textContent === this.#noControl) this.#clear();
      if (hadKeyboard) this.#tell(text('left', this.#context.locale));
    }
    const message: PageToController = { type: 'picture', picture };
    this.#context.port.post({ json: message });
  }

  #take(): void {
    if (this.#control !== undefined || !this.#hasPicture) return;
    const send = (message: InputMessage): void => {
      this.#context.port.post({ json: null, bytes: encodeInput(message) });
    };
    const control = new DisposableStack();
    this.#control = control;
    const focus = (): void => this.#field.focus({ preventScroll: true });
    const pointer = control.use(new StagePointer(this.#slot, send, focus));
    control.use(new StageKeyboard(this.#field, send, () => this.#leave()));
    const lost = (): void => pointer.release();
    window.addEventListener('blur', lost);
    document.addEventListener('fullscreenchange', lockKeyboard);
    control.defer(() => {
      window.removeEventListener('blur', lost);
      document.removeEventListener('fullscreenchange', lockKeyboard);
    });
    this.#field.disabled = false;
    this.#host.hidden = false;
    if (this.#regain) control.use(onceOpen(this.#context.root, () => takeUnlessElsewhere(focus)));
    this.#regain = false;
  }

  #tellNoControl(why: TextName): void {
    this.#noControl = text(why, this.#context.locale);
    this.#tell(this.#noControl);
  }

  get #hasKeyboard(): boolean {
    return this.#field.matches(':focus') || performance.now() - this.#closedAt < CLOSED_BEFORE;
  }

  #release(): void {
    this.#control?.dispose();
    this.#control = undefined;
    this.#field.blur();
    this.#field.disabled = true;
    this.#host.hidden = this.#notice.textContent === '';
  }

  /** The keyboard is the operator's again; the next Tab goes on from the picture. */
  #leave(): void {
    this.#field.blur();
    this.#tell(text('left', this.#context.locale));
  }

  #captured(captured: boolean): void {
    const message: PageToController = { type: 'captured', captured };
    this.#context.port.post({ json: message });
    const words = text('captured', this.#context.locale);
    if (!captured) {
      if (this.#notice.textContent === words) this.#clear();
    } else if (this.#explained) {
      this.#context.announce(words);
    } else {
      this.#explained = true;
      this.#tell(words);
    }
  }

  #tell(what: string): void {
    this.#notice.textContent = what;
    this.#host.hidden = false;
    this.#context.announce(what);
    clearTimeout(this.#noticeTimer);
    this.#noticeTimer = setTimeout(() => this.#clear(), NOTICE_SHOWN);
  }

  #clear(): void {
    clearTimeout(this.#noticeTimer);
    this.#notice.textContent = '';
    this.#host.hidden = this.#control === undefined;
  }
}

/** In full screen a browser that can gives the page Esc, Alt+Tab and the like. */
function lockKeyboard(): void {
  const { keyboard } = navigator as Navigator & {
    keyboard?: { lock(): Promise<void>; unlock(): void };
  };
  if (document.fullscreenElement === null) keyboard?.unlock();
  // Where it is refused, those keys stay with the browser; they are in the menu too.
  else keyboard?.lock().catch(() => undefined);
}

/** Not from where the person has gone meanwhile. */
function takeUnlessElsewhere(focus: () => void): void {
  if ((document.activeElement ?? document.body) === document.body) focus();
}

/** Calls when the page has the stage open: control may be back before the page hears that the line is. */
function onceOpen(root: HTMLElement, open: () => void): Disposable {
  const closed = root.closest('[inert]');
  if (!closed) {
    open();
    return { [Symbol.dispose]: () => undefined };
  }
  const observer = new MutationObserver(() => {
    if (closed.hasAttribute('inert')) return;
    observer.disconnect();
    open();
  });
  observer.observe(closed, { attributeFilter: ['inert'] });
  return { [Symbol.dispose]: () => observer.disconnect() };
}
