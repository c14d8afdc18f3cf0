import type { ServicePath } from '../channel/streams.js';
import type { ErrorCode } from '../errors.js';
import type { KeyCode } from './input-keys.js';

/**
 * Mouse and keyboard. The *target* injects into a display, the *controller* takes them from a page. The controller
 * opens one stream to the target's path while `control` is granted; each message on it is one InputMessage, and the
 * target answers only what it refused. When the stream ends, however it ends, the target releases all that the
 * controller pressed.
 */
export const INPUT_PATH: ServicePath = '/livelet/input/1';

/** Bytes of one message on the stream. */
export const MAX_INPUT_MESSAGE = 1024;
/** Bytes of UTF-8 in one text message. */
export const MAX_INPUT_TEXT = MAX_INPUT_MESSAGE - 1;
/** Notches of one wheel message, each way. */
export const MAX_WHEEL_NOTCHES = 32;

/** As MouseEvent.button counts, plus one: left, middle, right; 8 and 9 are back and forward as X11 counts them. */
export const POINTER_BUTTONS = { left: 1, middle: 2, right: 3, back: 8, forward: 9 } as const;
export type PointerButton = keyof typeof POINTER_BUTTONS;

/** Key combinations that a page can't take from the keyboard. */
export const KEY_COMBINATIONS = { 'ctrl-alt-delete': 1 } as const;
export type KeyCombination = keyof typeof KEY_COMBINATIONS;

/** A place on the display: pixels from its top left corner. */
export interface ScreenPoint {
  readonly x: number;
  readonly y: number;
}

/** One message of the controller. */
export type InputMessage =
  | ({ readonly type: 'move' } & ScreenPoint)
  /** Moves there and then presses or releases. */
  | ({ readonly type: 'button'; readonly button: PointerButton; readonly down: boolean } & ScreenPoint)
  /** Moves there and then turns the wheel: whole notches, positive right and down. */
  | ({ readonly type: 'wheel'; readonly dx: number; readonly dy: number } & ScreenPoint)
  /**
   * A key goes down or up. `down` again without an up between is a repeat.
   * `character` is what the key writes in the operator's layout with the Shift that is held, letters small: the target
   * presses the key that writes it in its own layout, and the one at the place `code` where none does. Without it the
   * place alone counts.
   */
  | { readonly type: 'key'; readonly code: KeyCode; readonly down: boolean; readonly character?: string }
  /** Characters to write, whatever the layout: well-formed Unicode, of the control characters only newline and tab. */
  | { readonly type: 'text'; readonly text: string }
  /** Releases all that is pressed. */
  | { readonly type: 'release-all' }
  | { readonly type: 'combination'; readonly combination: KeyCombination };

/** Why the target didn't do what one message asked. */
export type InputRefusal = Extract<
  ErrorCode,
  'input-outside-screen' | 'input-refused-own-window' | 'input-unavailable'
>;

/** The target's answer to a message that it refused. */
export interface InputReply {
  readonly refused: InputRefusal;
  readonly message: InputMessage['type'];
}
