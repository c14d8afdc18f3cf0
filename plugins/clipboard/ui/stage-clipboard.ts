import type { PanelContext } from '@livelet/core/page';
import { LOOK_EVENT } from './look-event.js';

/**
 * On the stage, never seen: tells when the operator's clipboard is worth a look. That is when the stage gets the focus,
 * is pressed, or a chord that pastes is pressed there; at no other time.
 */
export function mount(context: PanelContext<HTMLElement>): Disposable {
  const stage = context.root.parentElement ?? context.root;
  // The slot lays its pieces over each other; the picture below keeps the mouse.
  context.root.style.pointerEvents = 'none';
  const marker = document.createElement('span');
  marker.hidden = true;
  context.root.append(marker);
  const listening = new AbortController();
  const look = (): void => void document.dispatchEvent(new Event(LOOK_EVENT));
  const options = { signal: listening.signal, capture: true };
  stage.addEventListener('focusin', look, options);
  stage.addEventListener('pointerdown', look, options);
  stage.addEventListener('keydown', (event) => void (pastes(event) && look()), options);
  return {
    [Symbol.dispose]: () => {
      listening.abort();
      marker.remove();
    },
  };
}

function pastes({ key, ctrlKey, metaKey, shiftKey, repeat }: KeyboardEvent): boolean {
  if (repeat) return false;
  return ((ctrlKey || metaKey) && key.toLowerCase() === 'v') || (shiftKey && key === 'Insert');
}
