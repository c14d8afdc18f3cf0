import type { Clock } from '../clock.js';
import { LiveletError } from '../errors.js';
import type { EndReason } from './frames.js';
import type { SessionEnd } from './session-end.js';

/** How long an end goes on sending what is queued; and then how long the peer may take to hang up, ms. */
const END_DEADLINE = 1_000;

interface EndActions {
  /** Sends END. */
  send(reason: EndReason): void;
  finish(end: SessionEnd): void;
}

/** How a session comes to its end by END: what is queued first, then END, then the peer's END or a deadline. */
export class EndSequence implements Disposable {
  readonly #clock: Clock;
  readonly #actions: EndActions;
  #reason: EndReason | undefined;
  #said = false;
  #deadline: Disposable | undefined;

  constructor(clock: Clock, actions: EndActions) {
    this.#clock = clock;
    this.#actions = actions;
  }

  /** The reason that this side gives, from `begin` on. */
  get reason(): EndReason | undefined {
    return this.#reason;
  }

  /** END was sent: nothing follows it. */
  get said(): boolean {
    return this.#said;
  }

  /** END is to be said once nothing is queued any more, and soon in any case. */
  begin(reason: EndReason): void {
    this.#reason = reason;
    this.#deadline = this.#clock.setTimer(END_DEADLINE, () => this.say(reason));
  }

  say(reason: EndReason): void {
    if (this.#said) return;
    this.#send(reason);
    this.#deadline?.[Symbol.dispose]();
    // Hanging up at once could lose END: with the peer's last records unread, the socket would be reset.
    this.#deadline = this.#clock.setTimer(END_DEADLINE, () =>
      this.#actions.finish({ how: 'ended-here', reason }),
    );
  }

  /** The peer said END. */
  received(reason: EndReason): void {
    if (this.#said) {
      this.#actions.finish({ how: 'ended-here', reason: this.#reason ?? reason });
      return;
    }
    this.#send(reason);
    this.#actions.finish({ how: 'ended-by-peer', reason });
  }

  /** What a connection that is lost for good now means. */
  lost(error: LiveletError): SessionEnd {
    return this.#said && this.#reason
      ? { how: 'ended-here', reason: this.#reason }
      : { how: 'interrupted', error };
  }

  [Symbol.dispose](): void {
    this.#said = true;
    this.#deadline?.[Symbol.dispose]();
  }

  #send(reason: EndReason): void {
    this.#said = true;
    this.#actions.send(reason);
  }
}

/** What a connection that is lost for good was lost with. */
export function lostError(cause: LiveletError | undefined): LiveletError {
  return cause?.code === 'peer-silent'
    ? cause
    : new LiveletError('session-interrupted', undefined, { cause });
}

/** What a stream throws after such an end; only a said end is an end to it. */
export function closedError({ how, error }: SessionEnd): LiveletError {
  if (how === 'ended-here' || how === 'ended-by-peer') return new LiveletError('session-ended');
  if (error?.code === 'session-interrupted') return error;
  return new LiveletError('session-interrupted', undefined, { cause: error });
}
