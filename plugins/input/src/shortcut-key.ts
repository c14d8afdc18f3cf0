import { type Keymap, MASK } from './keymap.js';

/** Which key a shortcut presses, and what of the modifiers is otherwise for the moment of its press. */
export interface ShortcutKey {
  readonly keycode: number;
  /** Held keys that are up meanwhile. */
  readonly lifted: readonly number[];
  /** Keys that are down meanwhile. */
  readonly added: readonly number[];
}

/**
 * A shortcut is its character: Ctrl+Z is the key that writes z here, wherever it was pressed there. The key at the same
 * place goes first, so that equal layouts press equal keys. Letters keep the Shift that is held, for Ctrl+Shift+C is
 * not Ctrl+C; of other characters Shift and AltGr are a part, such as of Ctrl+/ where / is on Shift+7. Letters and
 * digits that no key writes by itself go by place: another script's letters, and a French keyboard's digits.
 * @param state modifiers and layout group that the display reports
 * @param place keycode at the place of the key that was pressed
 */
export function shortcutKey(keymap: Keymap, state: number, place: number, character: string): ShortcutKey {
  const isLetter = /\p{L}/u.test(character);
  const asItIs = (keycode: number): ShortcutKey => ({ keycode, lifted: [], added: [] });
  const plain = isLetter ? state & ~MASK.shift : state;
  if (keymap.writes(place, character, plain)) return asItIs(place);
  const alone = keymap.plainKey(character, state);
  if (isLetter) return asItIs(alone ?? place);
  const plan =
    alone === undefined ? planOf(keymap, state, character) : { keycode: alone, shift: false, level3: false };
  if (plan === undefined) return asItIs(place);
  const shifted = (state & MASK.shift) !== 0;
  return {
    keycode: plan.keycode,
    lifted: shifted && !plan.shift ? keymap.shiftKeycodes : [],
    added: [
      ...(plan.level3 && (state & keymap.level3Mask) === 0 ? [keymap.level3Keycode] : []),
      ...(plan.shift && !shifted ? [keymap.shiftKeycodes[0]] : []),
    ].filter((keycode) => keycode !== undefined),
  };
}

function planOf(keymap: Keymap, state: number, character: string): ReturnType<Keymap['plan']> {
  return /\p{Nd}/u.test(character) ? undefined : keymap.plan(character, state);
}
