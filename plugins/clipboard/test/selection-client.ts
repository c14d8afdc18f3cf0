import { systemClock } from '@livelet/core';
import { ATOM_NAMES, type Atoms } from '../src/x-selection/selection-names.js';
import { ATOM, EVENT, MASK, XConnection, type XEvent } from '../src/x-selection/x-connection.js';

/** How a program deals with what is asked of it; returns the property that its answer is in, 0 for a refusal. */
export type Owner = (request: XEvent, client: SelectionClient) => number | undefined;

/** An X client that copies and pastes as no well-behaved program does. */
export class SelectionClient implements Disposable {
  readonly connection: XConnection;
  readonly atoms: Atoms;
  readonly window: number;
  readonly #resources = new DisposableStack();

  static async open(display: string): Promise<SelectionClient> {
    const connection = await XConnection.open(display, systemClock);
    return new SelectionClient(connection, await connection.atoms(ATOM_NAMES));
  }

  private constructor(connection: XConnection, atoms: Atoms) {
    this.connection = this.#resources.use(connection);
    this.atoms = atoms;
    this.window = connection.createWindow();
  }

  /** Owns the CLIPBOARD; `owner` answers what is asked, undefined: never. */
  async own(owner: Owner): Promise<void> {
    this.#resources.use(
      this.connection.listen(this.window, (event) => {
        if (event.type !== EVENT.selectionRequest) return;
        const property = owner(event, this);
        if (property !== undefined) this.connection.answer(event, property);
      }),
    );
    const time = await this.connection.serverTime(this.window);
    this.connection.own(this.window, this.atoms.CLIPBOARD, time);
    await this.connection.sync();
  }

  /** Answers a request for TARGETS with these. */
  offer({ requestor, property }: XEvent, targets: readonly number[]): number {
    this.connection.setProperty(requestor, property, ATOM.atom, 32, [...targets]);
    return property;
  }

  /** Says that so many bytes come in pieces. @param deleted called each time a piece, or this, was taken */
  beginPieces({ requestor, property }: XEvent, announced: number, deleted: () => void): number {
    this.#resources.use(
      this.connection.listen(requestor, (event) => {
        if (event.type === EVENT.propertyNotify && event.atom === property && event.state === 1) deleted();
      }),
    );
    this.connection.select(requestor, MASK.property);
    this.connection.setProperty(requestor, property, this.atoms.INCR, 32, [announced]);
    return property;
  }

  /** What the owner answers to one request. @returns the property of the answer, 0: refused */
  async request(target: number, time = 0): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    using _ = this.connection.listen(this.window, (event) => {
      if (event.type === EVENT.selectionNotify) resolve(event.property);
    });
    const property = this.atoms.LIVELET_CLIPBOARD;
    this.connection.convert(this.window, this.atoms.CLIPBOARD, target, property, time);
    return await promise;
  }

  [Symbol.dispose](): void {
    this.#resources.dispose();
  }
}
