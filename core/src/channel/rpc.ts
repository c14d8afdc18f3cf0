import { abortable } from '../abortable.js';
import type { Clock } from '../clock.js';
import { asLiveletError, LiveletError } from '../errors.js';
import { startDeadline } from '../transport/deadline.js';
import { type MessageStream, messageStream } from './message-stream.js';
import {
  type AnswerMessage,
  decodeAnswer,
  decodeCall,
  encodeAnswer,
  encodeCall,
  MAX_CONCURRENT_CALLS,
  MAX_RPC_MESSAGE,
} from './rpc-messages.js';
import type { ByteStream, CallOptions, Remote, RpcService } from './streams.js';

/** How long a call may take, ms. */
export const CALL_DEADLINE = 10_000;

/**
 * Answers the calls that come over `stream` with the service's own methods, until the stream ends.
 * @returns when it has, and every call that came over it was taken; never rejects
 */
export function exposeService(stream: ByteStream, service: RpcService): Promise<void> {
  return new ServiceEnd(messageStream(stream, MAX_RPC_MESSAGE), service).run();
}

class ServiceEnd {
  readonly #messages: MessageStream;
  readonly #service: RpcService;
  readonly #running = new Map<number, AbortController>();
  #lastId = 0;

  constructor(messages: MessageStream, service: RpcService) {
    this.#messages = messages;
    this.#service = service;
  }

  async run(): Promise<void> {
    await takeAll(this.#messages, (bytes) => this.#receive(bytes));
    for (const call of this.#running.values()) call.abort(new LiveletError('cancelled'));
  }

  #receive(bytes: Uint8Array): void | Promise<void> {
    const call = decodeCall(bytes);
    if (call.kind === 'cancel') {
      this.#running.get(call.id)?.abort(new LiveletError('cancelled'));
      return undefined;
    }
    if (call.id <= this.#lastId) throw new LiveletError('message-malformed', 'id of a call');
    this.#lastId = call.id;
    if (this.#running.size < MAX_CONCURRENT_CALLS) {
      void this.#answer(call.id, call.method, call.parameter);
      return undefined;
    }
    const error = new LiveletError('call-failed', undefined, { data: { calls: MAX_CONCURRENT_CALLS } });
    // Nothing is read until this is on its way, so that refusals can't pile up.
    return this.#messages.send(encodeAnswer({ id: call.id, kind: 'error', error }));
  }

  async #answer(id: number, method: string, parameter: unknown): Promise<void> {
    const call = new AbortController();
    this.#running.set(id, call);
    try {
      const answer = await this.#call(id, method, parameter, call.signal);
      // A call that was cancelled holds its place until its method returns, but has no answer.
      if (!call.signal.aborted) await this.#messages.send(answer);
    } catch {
      // The stream is gone, and the caller knows.
    } finally {
      this.#running.delete(id);
    }
  }

  async #call(id: number, name: string, parameter: unknown, signal: AbortSignal): Promise<Uint8Array> {
    try {
      const method = Object.hasOwn(this.#service, name) ? this.#service[name] : undefined;
      if (typeof method !== 'function')
        throw new LiveletError('method-unknown', undefined, { data: { method: name } });
      return encodeAnswer({ id, kind: 'result', result: await method(parameter, signal) });
    } catch (error) {
      return encodeAnswer({ id, kind: 'error', error: asLiveletError(error, 'call-failed') });
    }
  }
}

export interface RemoteOptions {
  /** Opens the stream below; called for the first call and again after a reset. Has a deadline of its own. */
  readonly open: () => Promise<ByteStream>;
  readonly clock: Clock;
}

/**
 * The calling side of a service. Its calls throw what the peer's method threw, by code and data, and `cancelled`,
 * `deadline-exceeded`, `message-too-large`, `call-failed` (too many at once), or why the stream could not be opened.
 */
export function remoteService<S>(options: RemoteOptions): Remote<S> {
  const caller = new CallingEnd(options);
  return new Proxy({} as Remote<S> & object, {
    get: (_, method) =>
      // Without `then`, so that a remote can be the result of an async function.
      typeof method === 'string' && method !== 'then'
        ? (parameter: unknown, callOptions?: CallOptions) => caller.call(method, parameter, callOptions)
        : undefined,
  });
}

interface Line {
  readonly messages: MessageStream;
  readonly calls: Map<number, PromiseWithResolvers<unknown>>;
  lastId: number;
}

class CallingEnd {
  readonly #open: () => Promise<ByteStream>;
  readonly #clock: Clock;
  #line: Line | Promise<Line> | undefined;
  #calls = 0;

  constructor({ open, clock }: RemoteOptions) {
    this.#open = open;
    this.#clock = clock;
  }

  async call(method: string, parameter: unknown, options: CallOptions = {}): Promise<unknown> {
    using deadline = startDeadline(this.#clock, options.deadline ?? CALL_DEADLINE, options.signal);
    const { signal } = deadline;
    if (this.#calls >= MAX_CONCURRENT_CALLS) {
      throw new LiveletError('call-failed', 'too many calls at once', { data: { calls: this.#calls } });
    }
    this.#calls++;
    try {
      const line = this.#connect();
      // At once where it can be: what is called before the end is said travels before it.
      return await this.#callOn(
        line instanceof Promise ? await abortable(line, signal) : line,
        method,
        parameter,
        signal,
      );
    } finally {
      this.#calls--;
    }
  }

  async #callOn(line: Line, method: string, parameter: unknown, signal: AbortSignal): Promise<unknown> {
    signal.throwIfAborted();
    const { messages, calls } = line;
    const id = line.lastId + 1;
    const message = encodeCall({ id, kind: 'call', method, parameter });
    line.lastId = id;
    const answer = Promise.withResolvers<unknown>();
    calls.set(id, answer);
    void messages.send(message);
    try {
      return await abortable(answer.promise, signal);
    } finally {
      calls.delete(id);
      if (signal.aborted) void messages.send(encodeCall({ id, kind: 'cancel' }));
    }
  }

  /** A call that gives up while the stream opens leaves it to the others. */
  #connect(): Line | Promise<Line> {
    this.#line ??= this.#startLine();
    return this.#line;
  }

  async #startLine(): Promise<Line> {
    try {
      const stream = await this.#open();
      const line: Line = { messages: messageStream(stream, MAX_RPC_MESSAGE), calls: new Map(), lastId: 0 };
      this.#line = line;
      void this.#receive(line);
      return line;
    } catch (error) {
      this.#line = undefined;
      throw error;
    }
  }

  async #receive({ messages, calls }: Line): Promise<void> {
    const failure = await takeAll(messages, (bytes) => settle(calls, decodeAnswer(bytes)));
    this.#line = undefined;
    const error = failure ?? new LiveletError('call-failed', 'the service closed the stream');
    for (const { reject } of calls.values()) reject(error);
  }
}

/** An answer to a call that was given up finds nobody. */
function settle(calls: Line['calls'], answer: AnswerMessage): void {
  const call = calls.get(answer.id);
  if (answer.kind === 'result') call?.resolve(answer.result);
  else call?.reject(answer.error);
}

/**
 * Hands over each message, and closes with the peer; a message that can't be taken resets the stream.
 * @returns why it did not end in good order
 */
async function takeAll(
  messages: MessageStream,
  take: (bytes: Uint8Array) => void | Promise<void>,
): Promise<LiveletError | undefined> {
  try {
    for await (const bytes of messages) {
      try {
        await take(bytes);
      } catch (error) {
        // Here and not after the loop: leaving it resets the stream with `cancelled`.
        messages.reset(asLiveletError(error).code);
      }
    }
    messages.closeWrite();
    return undefined;
  } catch (error) {
    const failure = asLiveletError(error);
    messages.reset(failure.code);
    return failure;
  }
}
