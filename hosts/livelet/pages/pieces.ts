import type { Capability } from '@livelet/core/page';
import { mountSlot } from '@livelet/window/page';
import type { PieceShown } from '../src/page-protocol.js';
import type { PageContext } from './page-context.js';

/** One that is in the page. */
interface Mounted extends Disposable {
  readonly panel: Element;
  readonly capability: Capability | undefined;
  /** What is open in it. */
  marks: readonly string[];
}

/** A sentence about what is open. */
export interface OpenMark {
  readonly mark: string;
  /** It is about what keeps the others. */
  readonly recorded: boolean;
}

export interface PiecesOptions {
  /** Each under its title. @default false */
  readonly headings?: boolean;
  /** Tells it in the window that they are shown in. @default the page's own */
  readonly announce?: (text: string) => void;
}

/**
 * The plugins' pieces, in an element that keeps its place while the panel around it is drawn again. Each goes on while
 * others come and go: one may hold a folder that is shown, or half a message.
 */
export class Pieces implements Disposable {
  readonly element: HTMLElement;
  readonly #context: PageContext;
  readonly #headings: boolean;
  readonly #announce: (text: string) => void;
  /** By name, in their order. */
  #mounted: ReadonlyMap<string, Mounted> = new Map();
  #over = false;

  constructor(
    panel: Document,
    context: PageContext,
    pieces: readonly PieceShown[],
    { headings = false, announce = context.announce }: PiecesOptions = {},
  ) {
    this.element = panel.createElement('div');
    this.element.className = 'pieces';
    this.#context = context;
    this.#headings = headings;
    this.#announce = announce;
    this.show(pieces);
  }

  /** What is open in them: a recording first, which the others are part of, then in their order. */
  get marks(): readonly OpenMark[] {
    return [...this.#mounted.values()]
      .flatMap(({ capability, marks }) => marks.map((mark) => ({ mark, recorded: capability === 'record' })))
      .toSorted((one, other) => Number(other.recorded) - Number(one.recorded));
  }

  /** Mounts what isn't there yet, takes away what is no longer wanted, and leaves the others alone. */
  show(pieces: readonly PieceShown[]): void {
    const before = this.#mounted;
    const wanted = new Set(pieces.map(nameOf));
    for (const [name, piece] of before) if (!wanted.has(name)) piece[Symbol.dispose]();
    const mounted = new Map<string, Mounted>();
    this.#mounted = mounted;
    let place = this.element.firstElementChild;
    for (const piece of pieces) {
      const name = nameOf(piece);
      const there = before.get(name) ?? this.#mount(piece);
      mounted.set(name, there);
      if (there.panel === place) place = place.nextElementSibling;
      else this.element.insertBefore(there.panel, place);
    }
  }

  [Symbol.dispose](): void {
    this.#over = true;
    for (const piece of this.#mounted.values()) piece[Symbol.dispose]();
  }

  #mount({ plugin, contribution }: PieceShown): Mounted {
    const context = this.#context;
    const slot = mountSlot(this.element, [{ ...contribution, plugin }], {
      connection: context.connection,
      localizer: context.localizer,
      headings: this.#headings,
      announce: this.#announce,
      onMarks: (_, marks) => {
        const before = mounted.marks;
        mounted.marks = marks;
        if (!this.#over && before.join('\n') !== marks.join('\n')) context.changed();
      },
      onFailed: () => {
        mounted.panel.textContent = context.words.panelBroken;
      },
    });
    const panel = this.element.lastElementChild as Element;
    const { capability } = contribution;
    const mounted: Mounted = { panel, capability, marks: [], [Symbol.dispose]: () => slot[Symbol.dispose]() };
    return mounted;
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
