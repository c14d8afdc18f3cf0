import { mountSlot } from '@livelet/window/page';
import type { PieceShown } from '../src/page-protocol.js';
import type { PageContext } from './page-context.js';

/** The plugins' pieces, in an element that keeps its place while the panel around it is drawn again. */
export class Pieces implements Disposable {
  readonly element: HTMLElement;
  readonly #mounted: Disposable;
  readonly #shown: readonly string[];

  /** `headings`: each under its title. */
  constructor(panel: Document, context: PageContext, pieces: readonly PieceShown[], headings = false) {
    this.element = panel.createElement('div');
    this.element.className = 'pieces';
    this.#shown = pieces.map(nameOf);
    this.#mounted = mountSlot(
      this.element,
      pieces.map(({ plugin, contribution }) => ({ ...contribution, plugin })),
      {
        connection: context.connection,
        localizer: context.localizer,
        headings,
        announce: (text) => context.announce(text),
        onFailed: () => {
          this.element.textContent = context.words.panelBroken;
        },
      },
    );
  }

  /** Whether these, and only these, are what is mounted. */
  shows(pieces: readonly PieceShown[]): boolean {
    return pieces.map(nameOf).join() === this.#shown.join();
  }

  [Symbol.dispose](): void {
    this.#mounted[Symbol.dispose]();
  }
}

/** Unique among the pieces of a session. */
export function nameOf({ plugin, contribution }: PieceShown): string {
  return `${plugin}:${contribution.id}`;
}
