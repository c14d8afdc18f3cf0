import type { Readable, Writable } from 'node:stream';
import { type Clock, LiveletError } from '@livelet/core';

/** ms */
const CALL_LIMIT = 10_000;
/** What the browser says is short: nothing is subscribed to but targets. */
const MAX_MESSAGE = 4 * 1024 * 1024;

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

interface Call {
  resolve(result: Record<string, unknown>): void;
  reject(error: LiveletError): void;
}

/**
 * The browser's DevTools protocol over two pipes (`--remote-debugging-pipe`): JSON texts that end in a zero byte.
 * No port is opened, and the browser ends when the pipes close, also when this process is killed.
 */
export class DevtoolsPipe {
  readonly #input: Writable;
  readonly #clock: Clock;
  readonly #calls = new Map<number, Call>();
  #lastId = 0;
  #pending: Buffer[] = [];
  #pendingLength = 0;
  #closed = false;

  constructor(input: Writable, output: Readable, clock: Clock) {
    this.#input = input;
    this.#clock = clock;
    input.on('error', () => this.close());
    output.on('error', () => this.close());
    output.on('close', () => this.close());
    output.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  /** @throws LiveletError `deadline-exceeded`, `call-failed`, `window-gone` (the browser ended) */
  call(method: string, params: object = {}, sessionId?: string): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(gone());
      this.#lastId += 1;
      const id = this.#lastId;
      const timer = this.#clock.setTimer(CALL_LIMIT, () => {
        this.#calls.delete(id);
        reject(new LiveletError('deadline-exceeded', `the browser did not answer ${method}`));
      });
      const settle = (): void => {
        this.#calls.delete(id);
        timer[Symbol.dispose]();
      };
      this.#calls.set(id, {
        resolve: (result) => {
          settle();
          resolve(result);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
      this.#input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const call of [...this.#calls.values()]) call.reject(gone());
    this.#input.destroy();
  }

  #take(chunk: Buffer): void {
    let rest = chunk;
    for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
      const text = Buffer.concat([...this.#pending, rest.subarray(0, end)]).toString('utf8');
      this.#pending = [];
      this.#pendingLength = 0;
      rest = rest.subarray(end + 1);
      this.#answer(JSON.parse(text) as Answer);
    }
    if (rest.length === 0) return;
    this.#pending.push(rest);
    this.#pendingLength += rest.length;
    if (this.#pendingLength > MAX_MESSAGE) this.close();
  }

  #answer(answer: Answer): void {
    const call = answer.id === undefined ? undefined : this.#calls.get(answer.id);
    if (answer.error) call?.reject(new LiveletError('call-failed', answer.error.message));
    else call?.resolve(answer.result ?? {});
  }
}

function gone(): LiveletError {
  return new LiveletError('window-gone', 'the browser ended');
}
