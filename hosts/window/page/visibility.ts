const windows = new Map<Document, boolean>();
const changed = new EventTarget();

/** Counts the window of `document` as one that shows this page, until disposed. */
export function countWindow(document: Document): Disposable {
  const update = (): void => {
    windows.set(document, document.visibilityState === 'visible');
    changed.dispatchEvent(new Event('change'));
  };
  document.addEventListener('visibilitychange', update);
  update();
  return {
    [Symbol.dispose]: () => {
      document.removeEventListener('visibilitychange', update);
      windows.delete(document);
      changed.dispatchEvent(new Event('change'));
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
  changed.addEventListener('change', update);
  update();
  return {
    [Symbol.dispose]: () => {
      changed.removeEventListener('change', update);
      main[Symbol.dispose]();
    },
  };
}
