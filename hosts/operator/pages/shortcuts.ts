/** Keys of the console, shown under `?`. They do nothing while a field or the stage has the keyboard. */
export const KEYS = {
  newSession: 'N',
  view: 'V',
  control: 'C',
  chat: 'T',
  panel: 'P',
  fullScreen: 'F',
  fit: '0',
  actualSize: '1',
  zoomIn: '+',
  zoomOut: '-',
  screenshot: 'S',
  measurements: 'M',
  end: 'E',
  shortcuts: '?',
  settings: ',',
} as const;

/** Whether what has the keyboard takes the key as text, or passes it to the customer. */
export function isTyping(event: KeyboardEvent): boolean {
  return event.composedPath().some((target) => target instanceof HTMLElement && takesKeys(target));
}

function takesKeys(element: HTMLElement): boolean {
  if (element.isContentEditable || element.hasAttribute('data-takes-keys')) return true;
  // A closed one can keep the focus until the next frame.
  if (element instanceof HTMLDialogElement) return element.open;
  return ['INPUT', 'TEXTAREA', 'SELECT'].includes(element.tagName);
}
