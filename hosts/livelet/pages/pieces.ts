import { mountSlot, OpenMarks } from '@livelet/window/page';
import type { PieceShown } from '../src/page-protocol.js';
import type { PageContext } from './page-context.js';

/** The plugins' pieces, in an element that keeps its place while the panel around it is drawn again. */
export class Pieces implements Disposable {
  readonly element: HTMLElement;
  readonly #mounted: Disposable;
  readonly #shown: readonly string[];
  readonly #marks: OpenMarks;
  #over = false;

  /** `headings`: each under its title. */
  constructor(panel: Document, context: PageContext, pieces: readonly PieceShown[], headings = false) {
    this.element = panel.createElement('div');
    this.element.className = 'pieces';
    this.#shown = pieces.map(nameOf);
    const panels = pieces.map(({ plugin, contribution }) => ({ ...contribution, plugin }));
    this.#marks = new OpenMarks(panels, () => {
      if (!this.#over) context.changed();
    });
    this.#mounted = mountSlot(this.element, panels, {
      connection: context.connection,
      localizer: context.localizer,
      headings,
      announce: (text) => context.announce(text),
      onMarks: this.#marks.take,
      onFailed: () => {
        this.element.textContent = context.words.panelBroken;
      },
    });
  }

  /** What is open in them, in their order. */
  get marks(): readonly string[] {
    return this.#marks.all;
  }

  /** Whether these, and only these, are what is mounted. */
  shows(pieces: readonly PieceShown[]): boolean {
    return pieces.map(nameOf).join() === this.#shown.join();
  }

  [Symbol.dispose](): void {
    this.#over = true;
    this.#mounted[Symbol.dispose]();
  }
}

interface PieceName {
  readonly plugin: string;
  readonly contribution: Pick<PieceShown['contribution'], 'id'>;
}

/** Unique among the pieces of a session. */
export function nameOf({ plugin, contribution }: PieceName): string {
  return `${plugin}:${contribution.id}`;
}
