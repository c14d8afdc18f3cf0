import {
  type ArchiveItem,
  asLiveletError,
  type ErrorCode,
  type HandInWay,
  handInAsCustomer,
  LiveletError,
} from '@livelet/core';

/** Sealed parts that may wait at once; what comes on top is lost. */
const MAX_WAITING = 64;
/** Between two attempts during the session, ms: doubled each time. */
const FIRST_PAUSE = 5_000;
const LONGEST_PAUSE = 60_000;

/** What the archive will never take, however often it is sent. */
const HOPELESS: ReadonlySet<ErrorCode> = new Set([
  'archive-grant-refused',
  'sealed-malformed',
  'request-invalid',
  'message-too-large',
]);

/** What became of the chat, as far as this end was to hand it in. */
export interface ChatHandedIn {
  /** Name of the computer that keeps it. */
  readonly by: string;
  /** Whether all of it arrived. */
  readonly whole: boolean;
}

/**
 * Sealed parts of the chat on their way to who keeps it. In memory only: nothing of a session outlives it, so what
 * hasn't arrived when the program ends is lost.
 */
export class ChatOutbox implements Disposable {
  readonly #way: HandInWay;
  readonly #over = new AbortController();
  readonly #waiting: ArchiveItem[] = [];
  #sending: Promise<void> = Promise.resolve();
  #timer: Disposable | undefined;
  #pause = FIRST_PAUSE;
  #by: string | undefined;
  #lost = 0;

  constructor(way: HandInWay) {
    this.#way = way;
  }

  /** Name of the computer that parts wait for; undefined: none waits. */
  get waitsFor(): string | undefined {
    return this.#waiting.length > 0 ? this.#by : undefined;
  }

  /** Undefined when there was nothing to hand in. */
  get handedIn(): ChatHandedIn | undefined {
    if (this.#by === undefined) return undefined;
    return { by: this.#by, whole: this.#lost === 0 && this.#waiting.length === 0 };
  }

  put(item: ArchiveItem): void {
    this.#by = new URL(item.archive.relayUrl).hostname;
    if (this.#waiting.length >= MAX_WAITING) this.#lost += 1;
    else this.#waiting.push(item);
    this.#send();
  }

  /** Tries what waits at once, and resolves when nothing does, when it can't be sent now, or at `given`. */
  async finish(given: AbortSignal): Promise<void> {
    const stop = (): void => this.#over.abort(new LiveletError('cancelled'));
    given.addEventListener('abort', stop, { once: true });
    if (given.aborted) stop();
    // An attempt that is under way may have begun before the last part came.
    await this.#sending;
    this.#send();
    await this.#sending;
    given.removeEventListener('abort', stop);
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#over.abort(new LiveletError('cancelled'));
    this.#waiting.length = 0;
  }

  #send(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#sending = this.#sending.then(() => this.#sendAll());
  }

  async #sendAll(): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      const [item] = this.#waiting;
      if (item === undefined) return;
      try {
        await handInAsCustomer(item, this.#way, signal);
        this.#pause = FIRST_PAUSE;
      } catch (error) {
        if (!HOPELESS.has(asLiveletError(error).code)) return this.#tryLater();
        this.#lost += 1;
      }
      this.#waiting.shift();
    }
  }

  #tryLater(): void {
    if (this.#over.signal.aborted) return;
    this.#timer?.[Symbol.dispose]();
    this.#timer = this.#way.clock.setTimer(this.#pause, () => this.#send());
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
  }
}
