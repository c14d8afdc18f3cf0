import { type InputMessage, isKeyCode, type KeyCode, splitInputText } from '@livelet/core/page';

/** Keys whose state the operator's own keyboard keeps: characters come with it applied. */
const LOCKS = new Set(['CapsLock', 'NumLock', 'ScrollLock']);
/** Keys of the number pad that act by themselves, whatever Num Lock is. */
const PAD_SIGNS = /^Numpad(Divide|Multiply|Subtract|Add)$/;
const MODIFIERS = /^(Shift|Control|Alt|Meta)(Left|Right)$/;

/**
 * Turns what is typed into a text field into messages: what writes a character goes as the character, however it was
 * made (AltGr, a dead key, an input method); all else, and shortcuts, go as keys.
 */
export class StageKeyboard implements Disposable {
  readonly #field: HTMLTextAreaElement;
  readonly #send: (message: InputMessage) => void;
  readonly #leave: () => void;
  readonly #listening = new AbortController();
  readonly #down = new Map<KeyCode, InputMessage>();
  /** A chord that pastes, until it is known whether something in this page takes what is pasted. */
  #pasting: (() => void) | undefined;

  /** @param leave called when the chord was pressed that gives the keyboard back to the operator */
  constructor(field: HTMLTextAreaElement, send: (message: InputMessage) => void, leave: () => void) {
    this.#field = field;
    this.#send = send;
    this.#leave = leave;
    const { signal } = this.#listening;
    field.addEventListener('keydown', (event) => this.#press(event), { signal });
    field.addEventListener('keyup', (event) => this.#release(event), { signal });
    field.addEventListener('paste', (event) => this.#paste(event), { signal });
    field.addEventListener('input', (event) => this.#write(event as InputEvent), { signal });
    // A Shift that began it can come up unseen.
    field.addEventListener('compositionstart', () => this.#lift(() => true), { signal });
    field.addEventListener('compositionend', (event) => this.#writeText(event.data), { signal });
    field.addEventListener('blur', () => this.releaseAll(), { signal });
    field.ownerDocument.addEventListener('visibilitychange', () => this.releaseAll(), { signal });
  }

  releaseAll(): void {
    this.#goOn();
    this.#field.value = '';
    if (this.#down.size === 0) return;
    this.#down.clear();
    this.#send({ type: 'release-all' });
  }

  [Symbol.dispose](): void {
    this.releaseAll();
    this.#listening.abort();
  }

  #press(event: KeyboardEvent): void {
    this.#goOn();
    // An input method has the key, or a dead key waits for its letter.
    if (event.isComposing || event.key === 'Process' || event.key === 'Dead') return;
    if (event.ctrlKey && event.altKey && event.shiftKey && MODIFIERS.test(event.code)) {
      event.preventDefault();
      this.releaseAll();
      this.#leave();
      return;
    }
    this.#lift((modifier) => !event.getModifierState(modifier));
    const altGraph = event.getModifierState('AltGraph');
    if (event.key === 'AltGraph' || altGraph) this.#liftAltGraph();
    const writes = isCharacter(event.key) && (altGraph || !(event.ctrlKey || event.altKey || event.metaKey));
    if (writes) return;
    const isPaste = pastes(event);
    // The browser tells the page what is pasted, if it isn't kept from it.
    if (!isPaste) event.preventDefault();
    const code = codeOf(event);
    if (code === undefined || LOCKS.has(code) || event.key === 'AltGraph') return;
    const character = shortcutCharacter(event);
    const key = { type: 'key', code, ...(character === undefined ? {} : { character }) } as const;
    const send = (): void => {
      this.#down.set(code, { ...key, down: false });
      this.#send({ ...key, down: true });
    };
    if (isPaste) this.#holdBack(send);
    else send();
  }

  #holdBack(send: () => void): void {
    this.#pasting = send;
    // A browser that tells nothing of it has had its turn by then.
    setTimeout(() => {
      if (this.#pasting === send) this.#goOn();
    });
  }

  /** What a piece of this page takes, such as files, isn't pasted at the customer's too: there lies something else. */
  #paste(event: ClipboardEvent): void {
    if (event.defaultPrevented) this.#pasting = undefined;
    else this.#goOn();
    event.preventDefault();
  }

  #goOn(): void {
    const send = this.#pasting;
    this.#pasting = undefined;
    send?.();
  }

  #release(event: KeyboardEvent): void {
    this.#goOn();
    const code = codeOf(event);
    if (code === undefined) return;
    if (!event.isComposing) event.preventDefault();
    this.#up(code);
    // Some systems tell no release of a key that goes up while Meta is down.
    if (code.startsWith('Meta'))
      for (const held of this.#down.keys()) if (!MODIFIERS.test(held)) this.#up(held);
  }

  #up(code: KeyCode): void {
    const message = this.#down.get(code);
    if (message === undefined) return;
    this.#down.delete(code);
    this.#send(message);
  }

  /** Lets go of the modifiers that are over: Shift, Control, Alt or Meta. */
  #lift(isOver: (modifier: string) => boolean): void {
    for (const code of this.#down.keys()) {
      const modifier = MODIFIERS.exec(code)?.[1];
      if (modifier !== undefined && isOver(modifier)) this.#up(code);
    }
  }

  /** Windows tells AltGr as Ctrl and Alt; neither is meant. */
  #liftAltGraph(): void {
    this.#up('ControlLeft');
    this.#up('AltRight');
  }

  #write(event: InputEvent): void {
    if (event.isComposing) return;
    if (event.inputType !== 'insertCompositionText') this.#writeText(event.data ?? '');
  }

  #writeText(text: string): void {
    this.#goOn();
    this.#field.value = '';
    for (const part of splitInputText(text)) this.#send({ type: 'text', text: part });
  }
}

/** Ctrl+V, Cmd+V and Shift+Insert, as browsers have them. */
function pastes({ key, altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent): boolean {
  if (altKey) return false;
  return shiftKey
    ? key === 'Insert' && !ctrlKey && !metaKey
    : (ctrlKey || metaKey) && key.toLowerCase() === 'v';
}

function isCharacter(key: string): boolean {
  return [...key].length === 1;
}

/**
 * The key's place; for keys of the number pad that act as others (Num Lock is off) those others. Its 5 acts as none then,
 * and would write a 5 where Num Lock is on.
 */
function codeOf({ code, key }: KeyboardEvent): KeyCode | undefined {
  if (code === 'Numpad5' && key === 'Clear') return undefined;
  if ((code === '' || code.startsWith('Numpad')) && isKeyCode(key)) return key;
  return isKeyCode(code) ? code : undefined;
}

/** What the key of a shortcut writes, letters small. */
function shortcutCharacter({ key, code }: KeyboardEvent): string | undefined {
  const character = key.toLowerCase();
  return isCharacter(character) && !PAD_SIGNS.test(code) ? character : undefined;
}
