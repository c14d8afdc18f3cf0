/** The longest time between the two presses, ms. */
const LIMIT = 1000;

/** Calls `stop` when Esc is pressed twice within a second in `document`. A key that is held counts once. */
export function onDoubleEscape(document: Document, stop: () => void): Disposable {
  let last = Number.NEGATIVE_INFINITY;
  const pressed = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.repeat) return;
    const now = performance.now();
    if (now - last <= LIMIT) stop();
    last = now;
  };
  // Captured: nothing in the page can keep the way out from working.
  document.addEventListener('keydown', pressed, { capture: true });
  return { [Symbol.dispose]: () => document.removeEventListener('keydown', pressed, { capture: true }) };
}
