import { CloseReason } from '@livelet/core/wire';
import type { Visit } from '../entrance/door.js';
import type { EndHandlers, EndSocket } from '../entrance/end-socket.js';

/** An end from its arrival until it is joined to another one, or gone. */
export class Guest implements EndHandlers {
  readonly end: EndSocket;
  readonly visit: Visit;
  /** For the log; once it has a place. */
  session: string | undefined;
  /** Once it has proven who it is. */
  operator: string | undefined;
  readonly #over: (guest: Guest, reason: CloseReason, isGone: boolean) => void;
  readonly #held: Disposable[] = [];
  #first: ((text: string) => void) | undefined;
  #isOver = false;

  /**
   * @param first gets the first message; whatever comes after it is a mistake
   * @param over the end is gone, or has to go for `reason`; told once
   */
  constructor(
    end: EndSocket,
    visit: Visit,
    first: (text: string) => void,
    over: (guest: Guest, reason: CloseReason, isGone: boolean) => void,
  ) {
    this.end = end;
    this.visit = visit;
    this.#first = first;
    this.#over = over;
    end.handlers = this;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Given back when it leaves; at once if it has. */
  hold(resource: Disposable): void {
    if (this.#isOver) resource[Symbol.dispose]();
    else this.#held.push(resource);
  }

  /** It goes on elsewhere: gives back what it held, and closes nothing. */
  leave(): void {
    this.#isOver = true;
    for (const resource of this.#held.splice(0)) resource[Symbol.dispose]();
  }

  message(text: string): void {
    const first = this.#first;
    this.#first = undefined;
    if (first === undefined) this.finish(CloseReason.protocol);
    else first(text);
  }

  frame(): void {
    this.finish(CloseReason.protocol);
  }

  broke(): void {
    this.finish(CloseReason.protocol);
  }

  closed(good: boolean): void {
    this.finish(good ? CloseReason.peerClosed : CloseReason.peerLost, true);
  }

  finish(reason: CloseReason, isGone = false): void {
    if (this.#isOver) return;
    this.leave();
    this.#over(this, reason, isGone);
  }
}
