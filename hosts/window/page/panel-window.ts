import { moveWithStyles, shareStyleSheets, sheetFor } from './foreign-styles.js';
import { Listeners } from './listeners.js';
import { preferWindow } from './visibility.js';

/** Where a panel is shown: a small window that stays above the others, or the page itself. */
export interface PanelWindow extends Disposable {
  /** Whether it is a window of its own. */
  readonly separate: boolean;
  /** Moves the panel in, with its styles; in the page it stays where it is. */
  take(panel: HTMLElement): void;
  /** The person closed the window. Not called by disposing, nor when there is no window. */
  onClosed(listener: () => void): Disposable;
}

type View = Window & typeof globalThis;

interface DocumentPictureInPicture {
  requestWindow(options: { width: number; height: number; disallowReturnToOpener?: boolean }): Promise<View>;
}

/**
 * Opens a window that stays above the others, with this page's styles (Document Picture-in-Picture). Must be called
 * from a click or key press. Where the browser has no such window the panel stays in the page. CSS pixels.
 */
export async function openPanelWindow(width: number, height: number): Promise<PanelWindow> {
  const pictureInPicture = (globalThis as { documentPictureInPicture?: DocumentPictureInPicture })
    .documentPictureInPicture;
  let panel: View | undefined;
  try {
    panel = await pictureInPicture?.requestWindow({ width, height, disallowReturnToOpener: true });
  } catch {
    // Refused by the browser (no user gesture, a policy): the page itself is the panel.
  }
  return panel ? showIn(panel) : samePage;
}

const samePage: PanelWindow = {
  separate: false,
  take() {},
  onClosed: () => ({ [Symbol.dispose]() {} }),
  [Symbol.dispose]() {},
};

function showIn(panel: View): PanelWindow {
  shareStyleSheets(panel);
  panel.document.adoptedStyleSheets = [...document.styleSheets, ...document.adoptedStyleSheets].map((sheet) =>
    sheetFor(panel.document, sheet),
  );
  const { documentElement } = document;
  panel.document.documentElement.lang = documentElement.lang;
  panel.document.documentElement.className = documentElement.className;
  panel.document.title = document.title;
  // Such a window is dark in some browsers, whatever the system says.
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const follow = (): void => {
    panel.document.documentElement.style.colorScheme = dark.matches ? 'dark' : 'light';
  };
  follow();
  dark.addEventListener('change', follow);
  const preferred = preferWindow(panel.document);
  const closed = new Listeners<void>();
  panel.addEventListener(
    'pagehide',
    () => {
      dark.removeEventListener('change', follow);
      preferred[Symbol.dispose]();
      closed.tell();
    },
    { once: true },
  );
  return {
    separate: true,
    take: (element) => moveWithStyles(element, panel.document.body),
    onClosed: (listener) => closed.add(listener),
    [Symbol.dispose]() {
      closed.clear();
      panel.close();
    },
  };
}
