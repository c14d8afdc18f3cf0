import type { PieceShown } from '../src/page-protocol.js';
import type { PageContext } from './page-context.js';
import { nameOf, Pieces } from './pieces.js';

/**
 * The plugins' pieces that work for their half in the host and show nothing. They stay in the page itself, and each goes
 * on while others come and go: one may be in the middle of a sound.
 */
export class Background implements Disposable {
  readonly #context: PageContext;
  readonly #running = new Map<string, Pieces>();

  constructor(context: PageContext) {
    this.#context = context;
  }

  run(pieces: readonly PieceShown[]): void {
    const wanted = new Set(pieces.map(nameOf));
    for (const name of [...this.#running.keys()]) if (!wanted.has(name)) this.#end(name);
    for (const piece of pieces) {
      if (this.#running.has(nameOf(piece))) continue;
      const running = new Pieces(document, this.#context, [piece]);
      running.element.hidden = true;
      document.body.append(running.element);
      this.#running.set(nameOf(piece), running);
    }
  }

  [Symbol.dispose](): void {
    for (const name of [...this.#running.keys()]) this.#end(name);
  }

  #end(name: string): void {
    const running = this.#running.get(name);
    running?.[Symbol.dispose]();
    running?.element.remove();
    this.#running.delete(name);
  }
}
