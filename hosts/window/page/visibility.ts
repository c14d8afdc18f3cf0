import { Listeners } from './listeners.js';

const windows = new Map<Document, boolean>();
const changed = new Listeners<void>();

/** Counts the window of `document` as one that shows this page, until disposed. */
export function countWindow(document: Document): Disposable {
  const update = (): void => {
    windows.set(document, document.visibilityState === 'visible');
    changed.tell();
  };
  document.addEventListener('visibilitychange', update);
  update();
  return {
    [Symbol.dispose]: () => {
      document.removeEventListener('visibilitychange', update);
      windows.delete(document);
      changed.tell();
    },
  };
}

/** Reports whether any window of this page can be seen: now, and at each change. A covered window counts as seen. */
export function watchVisibility(report: (visible: boolean) => void): Disposable {
  let last: boolean | undefined;
  const update = (): void => {
    const visible = [...windows.values()].some(Boolean);
    if (visible === last) return;
    last = visible;
    report(visible);
  };
  const main = countWindow(document);
  const subscription = changed.add(update);
  update();
  return {
    [Symbol.dispose]: () => {
      subscription[Symbol.dispose]();
      main[Symbol.dispose]();
    },
  };
}
