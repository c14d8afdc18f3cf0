import type { PieceShown } from '../src/page-protocol.js';
import type { PageContext } from './page-context.js';
import { Pieces } from './pieces.js';

/** The plugins' pieces that work for their half in the host and show nothing. They stay in the page itself. */
export class Background implements Disposable {
  readonly #context: PageContext;
  #pieces: Pieces | undefined;

  constructor(context: PageContext) {
    this.#context = context;
  }

  run(pieces: readonly PieceShown[]): void {
    if (this.#pieces?.shows(pieces)) return;
    this.#pieces?.[Symbol.dispose]();
    this.#pieces = new Pieces(document, this.#context, pieces);
    this.#pieces.element.hidden = true;
    document.body.append(this.#pieces.element);
  }

  [Symbol.dispose](): void {
    this.#pieces?.[Symbol.dispose]();
    this.#pieces?.element.remove();
  }
}
