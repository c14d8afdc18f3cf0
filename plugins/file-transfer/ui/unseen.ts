import { PANEL_UNREAD_EVENT, type PanelUnread } from '@livelet/core/page';
import type { FilesElement } from './files-element.js';

/** Tells the page around how much waits in `element` that nobody has seen, such as behind another tab. */
export function tellUnseen(element: FilesElement): Disposable {
  const document = element.ownerDocument;
  let seen = new Set<string>();
  let shown = true;
  let told = 0;
  const look = (): void => {
    const { waiting } = element;
    const isSeen = shown && !document.hidden;
    seen = new Set([...waiting.keys()].filter((name) => isSeen || seen.has(name)));
    const count = waiting.size - seen.size;
    if (count === told) return;
    told = count;
    const detail: PanelUnread = { count };
    element.dispatchEvent(new CustomEvent(PANEL_UNREAD_EVENT, { detail, bubbles: true, composed: true }));
  };
  const observer = new IntersectionObserver((entries) => {
    shown = entries.at(-1)?.isIntersecting ?? shown;
    look();
  });
  observer.observe(element);
  document.addEventListener('visibilitychange', look);
  element.addController({ hostUpdated: look });
  return {
    [Symbol.dispose]() {
      observer.disconnect();
      document.removeEventListener('visibilitychange', look);
    },
  };
}
