import type { Seen } from './link/frames.js';
import { Listeners } from './listeners.js';

/** The documents of the page's windows; the last one is what the person is to see. */
const documents: Document[] = [document];
const changed = new Listeners<void>();

/** Makes the window of `panel` the one that the person is to see, until disposed. */
export function preferWindow(panel: Document): Disposable {
  const tell = (): void => changed.tell();
  documents.push(panel);
  panel.addEventListener('visibilitychange', tell);
  tell();
  return {
    [Symbol.dispose]() {
      panel.removeEventListener('visibilitychange', tell);
      documents.splice(documents.indexOf(panel), 1);
      tell();
    },
  };
}

/** Reports whether the person can see what they are to see: now, and at each change. Covered is seen. */
export function watchVisibility(report: (seen: Seen) => void): Disposable {
  let last: Seen | undefined;
  const update = (): void => {
    const shownIn = documents.at(-1) ?? document;
    const seen = { shown: shownIn.visibilityState === 'visible', panel: shownIn !== document };
    if (seen.shown === last?.shown && seen.panel === last.panel) return;
    last = seen;
    report(seen);
  };
  const subscription = changed.add(update);
  document.addEventListener('visibilitychange', update);
  update();
  return {
    [Symbol.dispose]() {
      document.removeEventListener('visibilitychange', update);
      subscription[Symbol.dispose]();
    },
  };
}
