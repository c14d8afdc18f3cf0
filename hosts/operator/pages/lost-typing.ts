import { focused } from './focused.js';

const TEXT_FIELDS = 'textarea, [contenteditable]';

/**
 * Whoever types looks at what they write and goes on when the field is taken from under them: control was taken back, the
 * line was lost, the session is over. Those keys are neither shortcuts nor do they press what has the focus then, until the
 * person does something else on purpose: a click, Tab, or the chord that gives the keyboard back.
 */
export class LostTyping implements Disposable {
  readonly #onLost: () => void;
  readonly #listening = new AbortController();
  /** The field that had the keyboard after the last thing the person did. */
  #field: HTMLElement | undefined;

  /** @param onLost called for each key that goes nowhere */
  constructor(onLost: () => void) {
    this.#onLost = onLost;
    const { signal } = this.#listening;
    const first = { signal, capture: true };
    window.addEventListener('keydown', (event) => this.#press(event), first);
    window.addEventListener('keyup', (event) => this.#release(event), first);
    // After whoever takes the key.
    window.addEventListener('keydown', (event) => this.#pressed(event), { signal });
    for (const type of ['pointerup', 'click']) {
      window.addEventListener(type, ({ isTrusted }) => isTrusted && this.#note(), first);
    }
  }

  [Symbol.dispose](): void {
    this.#listening.abort();
  }

  #press(event: KeyboardEvent): void {
    if (this.#field === undefined || takesText(event)) return;
    if (isPurpose(event) || !this.#isLost(event)) {
      this.#field = undefined;
      return;
    }
    stop(event);
    // Not a modifier alone.
    if ([...event.key].length === 1 || event.key === 'Enter') this.#onLost();
  }

  #release(event: KeyboardEvent): void {
    if (this.#field !== undefined && !takesText(event) && this.#isLost(event)) stop(event);
  }

  #pressed(event: KeyboardEvent): void {
    if (event.key === 'Tab' && !event.defaultPrevented) this.#field = undefined;
    else this.#note();
  }

  #note(): void {
    const element = focused();
    this.#field = element?.matches(TEXT_FIELDS) ? element : undefined;
  }

  /** The focus went nowhere, or to something that came in the field's place; a field that could have kept it was left. */
  #isLost(event: KeyboardEvent): boolean {
    const isAsked = event
      .composedPath()
      .some((element) => element instanceof HTMLDialogElement && element.matches(':modal'));
    return isAsked || focused() === undefined || !isUsable(this.#field);
  }
}

function stop(event: Event): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}

function takesText(event: Event): boolean {
  const [target] = event.composedPath();
  return target instanceof HTMLElement && target.matches(`input, select, ${TEXT_FIELDS}`);
}

/** Nobody presses these to write to who can't see it: the next control, and the chord of the customer's screen. */
function isPurpose({ key, ctrlKey, altKey, metaKey, shiftKey }: KeyboardEvent): boolean {
  if (key === 'Tab') return !(ctrlKey || altKey || metaKey);
  return ctrlKey && altKey && shiftKey;
}

function isUsable(field: HTMLElement | undefined): boolean {
  if (!field?.isConnected || field.matches(':disabled') || !field.checkVisibility()) return false;
  for (let element: Element | null = field; element; ) {
    if (element.closest('[inert]')) return false;
    const root = element.getRootNode();
    element = root instanceof ShadowRoot ? root.host : null;
  }
  return true;
}
