import { type ClientRequest, request } from 'node:http';
import type { Clock } from '../clock.js';
import { LiveletError } from '../errors.js';
import { startDeadline } from './deadline.js';
import { type Deployment, relayAddress } from './deployment.js';
import type { ProxyFinder } from './proxy.js';
import { dialTls } from './tls-dial.js';

/** One question to a relay over HTTP. */
export interface RelayRequest {
  readonly deployment: Deployment;
  readonly proxy?: ProxyFinder | undefined;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
  /** Told how many bytes of the body are on their way, piece by piece. */
  readonly onSent?: ((bytes: number) => void) | undefined;
  /** Bytes of the largest answer that is taken. */
  readonly maxAnswer: number;
}

export interface RelayAnswer {
  /** HTTP status. */
  readonly status: number;
  readonly body: Uint8Array;
}

/** A body of more bytes is asked for first. */
const LONG_BYTES = 64 * 1024;
/** Bytes of the body that are written at once. */
const PIECE_BYTES = 16 * 1024;
/** How long a relay, or what stands before it, is waited for to ask for a long body, ms. */
const CONTINUE_DEADLINE = 2_000;
/** From the request to the whole answer, and for each piece of the body to leave, ms. */
const ANSWER_DEADLINE = 30_000;
/** What a line carries at least, bytes in a ms: a relay takes no slower body. */
const SLOWEST = (8 * 1024) / 10_000;

/**
 * Asks over a connection of its own, which is reached, pinned and secured as those of sessions are.
 * @throws those of dialTls, `relay-closed`, `relay-protocol` for what isn't HTTP or is too long
 */
export async function requestRelay(question: RelayRequest): Promise<RelayAnswer> {
  const { method, path, headers, body = new Uint8Array(), clock } = question;
  const address = relayAddress(question.deployment);
  const tls = await dialTls({ ...question, protocol: 'http/1.1' });
  // What has left may still wait in this computer, whose buffers tell nothing: a longer body has longer.
  using limit = startDeadline(clock, ANSWER_DEADLINE + body.length / SLOWEST, question.signal);
  const { signal } = limit;
  // A relay that wants none of it says so before it comes: what it says while it is still sent can be lost.
  const isLong = body.length > LONG_BYTES;
  let patience: Disposable | undefined;
  let standstill: Disposable | undefined;
  try {
    return await new Promise<RelayAnswer>((resolve, reject) => {
      const call = request({
        createConnection: () => tls,
        method,
        path,
        headers: {
          host: `${address.host}:${address.port}`,
          ...headers,
          'content-length': body.length,
          ...(isLong ? { expect: '100-continue' } : {}),
        },
        signal,
      });
      call.once('error', reject);
      // Whose connection the other side takes for another protocol hears nothing more of it, not even its end.
      call.once('upgrade', () => reject(new LiveletError('relay-protocol', 'another protocol')));
      const stop = (): void => {
        call.destroy(new LiveletError('relay-unreachable', 'the body goes no further', { data: address }));
      };
      let isSending = false;
      const begin = (): void => {
        if (isSending) return;
        isSending = true;
        sendBody(call, body, (sent) => {
          standstill?.[Symbol.dispose]();
          if (tls.destroyed) return;
          if (sent > 0) question.onSent?.(sent);
          if (sent < body.length) standstill = clock.setTimer(ANSWER_DEADLINE, stop);
        });
      };
      call.once('continue', begin);
      call.once('response', (response) => {
        isSending = true;
        const chunks: Uint8Array[] = [];
        let length = 0;
        response.on('error', reject);
        response.on('data', (chunk: Uint8Array) => {
          length += chunk.length;
          if (length > question.maxAnswer) call.destroy(new LiveletError('relay-protocol', 'too long'));
          else chunks.push(chunk);
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }));
      });
      if (isLong) patience = clock.setTimer(CONTINUE_DEADLINE, begin);
      else begin();
    });
  } catch (cause) {
    throw reason(cause, signal, address);
  } finally {
    patience?.[Symbol.dispose]();
    standstill?.[Symbol.dispose]();
    tls.destroy();
  }
}

/** Writes the next piece once the one before has left for the network. @param onSent told before each, and at the end */
function sendBody(call: ClientRequest, body: Uint8Array, onSent: (bytes: number) => void): void {
  let at = 0;
  const next = (): void => {
    onSent(at);
    const piece = body.subarray(at, at + PIECE_BYTES);
    at += piece.length;
    if (piece.length === 0) call.end();
    else {
      call.write(piece, (error) => {
        if (!error) next();
      });
    }
  };
  next();
}

function reason(
  cause: unknown,
  signal: AbortSignal,
  data: { readonly host: string; readonly port: number },
): unknown {
  const { code = '' } = cause as NodeJS.ErrnoException;
  if (cause instanceof LiveletError) return cause;
  if (signal.aborted) {
    const aborted: unknown = signal.reason;
    if (!(aborted instanceof LiveletError && aborted.code === 'deadline-exceeded')) return aborted;
    return new LiveletError('relay-unreachable', 'no answer in time', { cause, data });
  }
  return new LiveletError(code.startsWith('HPE_') ? 'relay-protocol' : 'relay-closed', code, { cause, data });
}
