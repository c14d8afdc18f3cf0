import { ERROR_CODES, type ErrorCode, type ErrorData, errorCodeFromNumber, LiveletError } from '../errors.js';

/**
 * Calls and answers are JSON messages over one MessageStream, which the calling end opens:
 *
 *     {"id": 1, "method": "ask", "parameter": ...}      a call; ids count up from 1
 *     {"id": 1, "cancel": true}                         the caller waits no longer
 *     {"id": 1, "result": ...}                          an answer; no result means undefined
 *     {"id": 1, "error": 407, "data": {...}}            a failure: code and facts, nothing else
 */
export const MAX_RPC_MESSAGE = 256 * 1024;
/** Calls of one stream that may run at the same time. */
export const MAX_CONCURRENT_CALLS = 64;

/** Facts about an error that cross the wire: so many, and texts of so many characters. */
const MAX_DATA_KEYS = 16;
const MAX_DATA_TEXT = 256;
const MAX_METHOD = 64;

export type CallMessage =
  | { readonly id: number; readonly kind: 'call'; readonly method: string; readonly parameter: unknown }
  | { readonly id: number; readonly kind: 'cancel' };

export type AnswerMessage =
  | { readonly id: number; readonly kind: 'result'; readonly result: unknown }
  | { readonly id: number; readonly kind: 'error'; readonly error: LiveletError };

/** @throws `message-too-large`, `message-malformed` (not JSON) */
export function encodeCall(message: CallMessage): Uint8Array {
  const { id } = message;
  return encode(
    message.kind === 'call'
      ? { id, method: message.method, parameter: message.parameter }
      : { id, cancel: true },
  );
}

/** @throws `message-malformed` */
export function decodeCall(bytes: Uint8Array): CallMessage {
  const { id, method, parameter, cancel } = decode(bytes);
  if (cancel === true) return { id, kind: 'cancel' };
  if (typeof method !== 'string' || method.length > MAX_METHOD) throw malformed('method');
  return { id, kind: 'call', method, parameter };
}

/** @throws `message-too-large`, `message-malformed` (not JSON) */
export function encodeAnswer(message: AnswerMessage): Uint8Array {
  const { id } = message;
  if (message.kind === 'result') return encode({ id, result: message.result });
  const { code, data } = message.error;
  return encode({ id, error: ERROR_CODES[code], data: boundedData(data) });
}

/** @throws `message-malformed` */
export function decodeAnswer(bytes: Uint8Array): AnswerMessage {
  const { id, result, error, data } = decode(bytes);
  if (error === undefined) return { id, kind: 'result', result };
  if (typeof error !== 'number') throw malformed('error');
  const code: ErrorCode = errorCodeFromNumber(error);
  return { id, kind: 'error', error: new LiveletError(code, 'from the peer', { data: boundedData(data) }) };
}

function encode(value: object): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = new TextEncoder().encode(JSON.stringify(value));
  } catch (cause) {
    throw new LiveletError('message-malformed', 'not expressible in JSON', { cause });
  }
  if (bytes.length > MAX_RPC_MESSAGE) {
    throw new LiveletError('message-too-large', undefined, {
      data: { length: bytes.length, maximum: MAX_RPC_MESSAGE },
    });
  }
  return bytes;
}

function decode(bytes: Uint8Array): Record<string, unknown> & { readonly id: number } {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new LiveletError('message-malformed', 'not JSON', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed('message');
  const { id } = value as { readonly id?: unknown };
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1) throw malformed('id');
  return { ...value, id };
}

/** The plain and short part of `data`, from here or from the peer. */
function boundedData(data: unknown): ErrorData {
  if (typeof data !== 'object' || data === null) return {};
  const bounded = Object.entries(data)
    .slice(0, MAX_DATA_KEYS)
    .filter(([key, value]) => key.length <= MAX_METHOD && isFact(value));
  return Object.fromEntries(bounded);
}

function isFact(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= MAX_DATA_TEXT;
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
}

function malformed(what: string): LiveletError {
  return new LiveletError('message-malformed', undefined, { data: { what } });
}
