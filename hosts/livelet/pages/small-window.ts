import { Announcer, type PanelWindow } from '@livelet/window/page';
import { onDoubleEscape } from './double-escape.js';

/** The small window that stays in front. */
export class SmallWindow implements Disposable {
  readonly root: HTMLElement;
  readonly announcer: Announcer;
  readonly #resources = new DisposableStack();

  constructor(panel: PanelWindow, stop: () => void, closed: () => void) {
    const content = document.createElement('div');
    this.root = document.createElement('main');
    this.root.className = 'stack';
    content.append(this.root);
    panel.take(content);
    this.announcer = this.#resources.use(new Announcer(content));
    this.#resources.use(onDoubleEscape(content.ownerDocument, stop));
    this.#resources.use(panel.onClosed(closed));
    this.#resources.use(panel);
  }

  [Symbol.dispose](): void {
    this.#resources.dispose();
  }
}
