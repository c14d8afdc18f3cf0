import {
  type Clock,
  type InputMessage,
  type InputRefusal,
  type KeyCode,
  LiveletError,
  type OwnWindows,
  POINTER_BUTTONS,
  type PointerButton,
  type ScreenPoint,
} from '@livelet/core';
import type { PointerState } from 'x11';
import { Pause } from './pause.js';
import { type Pressed, PressedKeys } from './pressed-keys.js';
import { TextWriter } from './text-writer.js';
import { WindowGuard } from './window-guard.js';
import { XConnection } from './x-connection.js';
import { X11_KEYCODES } from './x11-keycodes.js';

/** X11's buttons for the wheel: up, down, left, right. */
const WHEEL = { up: 4, down: 5, left: 6, right: 7 } as const;
/** X11's places are signed, in 16 bits: no screen is larger. */
const MAX_PLACE = 0x7fff;
/** Buttons 1 to 3 in the state that the core protocol reports (X11 protocol, KEYBUTMASK). */
const BUTTON_MASKS: ReadonlyMap<number, number> = new Map([
  [1, 0x100],
  [2, 0x200],
  [3, 0x400],
]);
/**
 * How long a window manager that has stopped the pointer or the keyboard to look at a press may take, ms. Presses
 * made meanwhile would be queued by the server and reach whatever is on top then, so they wait here instead.
 */
const FREEZE_DEADLINE = 2000;
/** How long what comes after may still take, once something was refused for that, ms. */
const FROZEN_DEADLINE = 300;
const FREEZE_RETRY = 5;

const COMBINATIONS = { 'ctrl-alt-delete': ['ControlLeft', 'AltLeft', 'Delete'] } as const;

/**
 * Injects input into one X display by XTEST. Each press is decided and made while the server is grabbed, so that no
 * window can move between the decision and the press. Calls must not overlap, but for `releaseAll`.
 */
export class Injector implements AsyncDisposable {
  readonly #display: XConnection;
  readonly #guard: WindowGuard;
  readonly #pause: Pause;
  readonly #signal: AbortSignal;
  readonly #buttons = new Set<number>();
  /** Buttons that were released here and not yet seen as up. */
  readonly #released = new Set<number>();
  readonly #keys: PressedKeys;
  readonly #text: TextWriter;
  /** Keys that are held for the controller, and up while a text is written. */
  #lifted: readonly Pressed[] = [];
  /** The last press was refused because something held the events back. */
  #isFrozen = false;

  /**
   * @param signal once aborted nothing more is pressed, not even the rest of a text
   * @throws `display-unavailable`, `input-unavailable`
   */
  static async open(
    displayName: string,
    ownWindows: OwnWindows,
    clock: Clock,
    signal: AbortSignal,
  ): Promise<Injector> {
    const display = await XConnection.open(displayName, clock);
    try {
      const repeating = await display.repeatingKeys();
      return new Injector(display, new WindowGuard(display, ownWindows), repeating, clock, signal);
    } catch (error) {
      display[Symbol.dispose]();
      throw error;
    }
  }

  private constructor(
    display: XConnection,
    guard: WindowGuard,
    repeating: Uint8Array,
    clock: Clock,
    signal: AbortSignal,
  ) {
    this.#signal = signal;
    this.#display = display;
    this.#guard = guard;
    this.#pause = new Pause(clock, signal);
    this.#keys = new PressedKeys(display, repeating);
    this.#text = new TextWriter(display, clock, this.#pause);
  }

  /** Resolves when the display is gone or this is disposed. */
  get ended(): Promise<void> {
    return this.#display.ended;
  }

  /**
   * Does what one message asks.
   * @returns why it was refused; then nothing was injected (of a text: nothing more)
   * @throws `display-lost`, `deadline-exceeded`
   */
  async inject(message: InputMessage): Promise<InputRefusal | undefined> {
    switch (message.type) {
      case 'move':
        return await this.#move(message);
      case 'button':
        return await this.#button(message.button, message.down, message);
      case 'wheel':
        return await this.#wheel(message.dx, message.dy, message);
      case 'key':
        return await this.#key(message.code, message.down, message.character);
      case 'text':
        return await this.#write(message.text);
      case 'release-all':
        this.releaseAll();
        return undefined;
      case 'combination':
        return await this.#combination(COMBINATIONS[message.combination]);
    }
  }

  /** Lets go of every button and key that this pressed: at any time, also while a text is written. */
  releaseAll(): void {
    this.#lifted = [];
    for (const button of this.#buttons) this.#letGo(button);
    this.#keys.releaseAll();
  }

  /** Resolves once the display has done all that was injected. @throws `display-lost`, `deadline-exceeded` */
  async settled(): Promise<void> {
    await this.#display.sync();
  }

  /** Releases all, gives the keyboard's layout back as it was and closes the connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.releaseAll();
    try {
      await this.#text.restore();
      await this.settled();
    } catch {
      // The display has gone, and all that was pressed with it.
    }
    this.#display[Symbol.dispose]();
  }

  async #move(to: ScreenPoint): Promise<InputRefusal | undefined> {
    return await this.#guarded(async () => {
      const [refused, pointer] = await Promise.all([this.#refusalAt(to), this.#display.pointer()]);
      if (refused === undefined && !isAt(pointer, to)) this.#display.movePointer(to.x, to.y);
      return refused;
    });
  }

  async #button(name: PointerButton, down: boolean, at: ScreenPoint): Promise<InputRefusal | undefined> {
    const button = POINTER_BUTTONS[name];
    if (!down) return await this.#releaseButton(button, at);
    return await this.#press(at, () => {
      // A second press without a release between says that one was lost.
      if (this.#buttons.has(button)) this.#display.button(button, false);
      this.#buttons.add(button);
      this.#released.delete(button);
      this.#display.button(button, true);
    });
  }

  /** The release itself is never refused: what was pressed must not stay so. */
  async #releaseButton(button: number, at: ScreenPoint): Promise<InputRefusal | undefined> {
    if (!this.#buttons.has(button)) return undefined;
    try {
      // Where it is already nothing moves: the server needn't stand still while the program that was clicked on draws.
      return isAt(await this.#display.pointer(), at) ? undefined : await this.#move(at);
    } finally {
      this.#letGo(button);
    }
  }

  #letGo(button: number): void {
    this.#buttons.delete(button);
    this.#released.add(button);
    this.#display.button(button, false);
  }

  async #wheel(dx: number, dy: number, at: ScreenPoint): Promise<InputRefusal | undefined> {
    return await this.#press(at, () => {
      this.#turn(dx < 0 ? WHEEL.left : WHEEL.right, Math.abs(dx));
      this.#turn(dy < 0 ? WHEEL.up : WHEEL.down, Math.abs(dy));
    });
  }

  #turn(button: number, notches: number): void {
    for (let notch = 0; notch < notches; notch += 1) {
      this.#display.button(button, true);
      this.#display.button(button, false);
    }
  }

  async #key(code: KeyCode, down: boolean, character: string | undefined): Promise<InputRefusal | undefined> {
    if (!down) {
      this.#keys.release(code);
      return undefined;
    }
    return await this.#type(async () => {
      const place = X11_KEYCODES[code];
      if (character === undefined) return () => this.#keys.press(code, place);
      const shortcut = await this.#text.shortcut(place, character);
      return () => this.#keys.pressShortcut(code, shortcut);
    });
  }

  async #combination(codes: readonly KeyCode[]): Promise<InputRefusal | undefined> {
    const keycodes = codes.map((code) => X11_KEYCODES[code]);
    return await this.#type(async () => () => {
      for (const keycode of keycodes) this.#display.key(keycode, true);
      for (const keycode of keycodes.toReversed()) this.#display.key(keycode, false);
    });
  }

  async #write(text: string): Promise<InputRefusal | undefined> {
    // What the operator holds down belongs to their own keyboard: the characters are finished already.
    this.#lifted = this.#keys.lift();
    try {
      const characters = [...text];
      let prepared = 0;
      for (let at = 0; at < characters.length; ) {
        let isWritten = false;
        const refused = await this.#type(async () => {
          const press = await this.#text.plan(characters[at] ?? '');
          return () => {
            isWritten = press !== undefined;
            press?.();
          };
        });
        if (refused !== undefined) return refused;
        if (isWritten) at += 1;
        else if (at < prepared) return 'input-unavailable';
        else prepared = at + (await this.#text.prepare(characters.slice(at)));
      }
      return undefined;
    } finally {
      await this.#restore();
    }
  }

  async #restore(): Promise<void> {
    if (this.#lifted.length === 0) return;
    await this.#type(async () => () => {
      for (const { code, keycode } of this.#lifted) this.#keys.press(code, keycode);
    });
    this.#lifted = [];
  }

  /** Moves the pointer to a place and does `act`, if neither touches an own window. */
  async #press(at: ScreenPoint, act: () => void): Promise<InputRefusal | undefined> {
    return await this.#unfrozen(async () => {
      let [refused, pointer] = await Promise.all([this.#refusalAt(at), this.#display.pointer()]);
      if (refused !== undefined) return refused;
      if (!isAt(pointer, at)) {
        this.#display.movePointer(at.x, at.y);
        pointer = await this.#display.pointer();
      }
      if (!isAt(pointer, at) || this.#hasUnseenRelease(pointer.keyMask)) return 'frozen';
      act();
      return undefined;
    });
  }

  /**
   * Presses keys, if none would reach an own window.
   * @param plan asks the display what it needs, together with what is asked for that, and gives the presses
   */
  async #type(plan: () => Promise<() => void>): Promise<InputRefusal | undefined> {
    return await this.#unfrozen(async () => {
      const [own, down, { keyMask }, press] = await Promise.all([
        this.#guard.isOwnFocused(),
        this.#display.keysDown(),
        this.#display.pointer(),
        plan(),
      ]);
      if (own) return 'input-refused-own-window';
      // A key after a click is meant for what was clicked on.
      if (!this.#keys.matches(down) || !this.#areReleasesSeen(keyMask)) return 'frozen';
      press();
      return undefined;
    });
  }

  /** The pointer never enters an own window either: a click of the customer's own must hit what they aimed at. */
  async #refusalAt({ x, y }: ScreenPoint): Promise<InputRefusal | undefined> {
    if (Math.max(x, y) > MAX_PLACE) return 'input-outside-screen';
    const [{ width, height }, own] = await Promise.all([
      this.#display.screenSize(),
      this.#guard.isOwnAt(x, y),
    ]);
    if (x >= width || y >= height) return 'input-outside-screen';
    return own ? 'input-refused-own-window' : undefined;
  }

  /** Whether the server has done the releases of buttons; else something holds its events back. */
  #areReleasesSeen(state: number): boolean {
    for (const button of this.#released) {
      if ((state & (BUTTON_MASKS.get(button) ?? 0)) === 0) this.#released.delete(button);
    }
    return this.#released.size === 0;
  }

  /** A button that was released here and that the server still has down: it holds events back. */
  #hasUnseenRelease(state: number): boolean {
    for (const [button, mask] of BUTTON_MASKS) {
      if ((state & mask) !== 0 && !this.#buttons.has(button)) return true;
    }
    return false;
  }

  async #unfrozen(
    attempt: () => Promise<InputRefusal | 'frozen' | undefined>,
  ): Promise<InputRefusal | undefined> {
    const deadline = this.#isFrozen ? FROZEN_DEADLINE : FREEZE_DEADLINE;
    for (let waited = 0; waited <= deadline; waited += FREEZE_RETRY) {
      const outcome = await this.#guarded(attempt);
      this.#isFrozen = outcome === 'frozen';
      if (outcome !== 'frozen') return outcome;
      await this.#pause.for(FREEZE_RETRY);
    }
    return 'input-unavailable';
  }

  async #guarded<T>(act: () => Promise<T>): Promise<T | InputRefusal> {
    this.#display.grabServer();
    try {
      return this.#signal.aborted ? 'input-unavailable' : await act();
    } catch (error) {
      // The server refused a question: it is safer not to press than not to know.
      if (error instanceof LiveletError && error.code === 'input-unavailable') return error.code;
      throw error;
    } finally {
      this.#display.ungrabServer();
    }
  }
}

function isAt(pointer: PointerState, { x, y }: ScreenPoint): boolean {
  return pointer.rootX === x && pointer.rootY === y;
}
