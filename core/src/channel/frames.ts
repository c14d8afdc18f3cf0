/**
 * The bodies of the multiplexer's records, by RECORD_TYPES. All numbers are big-endian; a body has exactly the length given, or the
 * frame is `frame-malformed`.
 *
 *     03 end     final seq u64 | reason u8                        9
 *     04 ack     highest seq received u64                         8
 *     05 ping    opaque[8]                                        8
 *     06 pong    the ping's opaque[8]                             8
 *     10 open    stream u32 | initial credit u32 | path       9..72   path: ASCII, at most 64
 *     11 data    stream u32 | bytes                        5..65533   at least one byte
 *     12 credit  stream u32 | bytes u32                           8   the first one also accepts the stream
 *     13 close   stream u32                                       4
 *     14 reset   stream u32 | code u16                            6
 */
import { ERROR_CODES, type ErrorCode, errorCodeFromNumber, LiveletError } from '../errors.js';
import { MAX_RECORD_BODY, PLAIN_HEADER_BYTES } from './records.js';
import type { ServicePath } from './streams.js';

/** The stream number in front of a data frame's bytes. */
export const DATA_HEADER = 4;
/** What stands in front of a stream's bytes in the memory of the record that they came in. Bytes. */
export const BEFORE_DATA = PLAIN_HEADER_BYTES + DATA_HEADER;
/** Bytes of a stream in one data frame. */
export const MAX_DATA = MAX_RECORD_BODY - DATA_HEADER;
/** Bytes of a service path. */
export const MAX_PATH = 64;
/** The most that one frame, or all of a stream's unused credit together, may grant. */
export const MAX_CREDIT = 16 * 1024 * 1024;

/** Why a side said END. The number is the wire's. */
export const END_REASONS = {
  /** Someone pressed Stop or End. */
  person: 0,
  /** The customer did not allow the session. */
  refused: 1,
  /** The page that keeps the session visible is gone, hidden or silent. */
  'window-gone': 2,
  /** The program is being closed. */
  shutdown: 3,
  /** The shared display is gone. */
  'display-lost': 4,
  /** An error of this program. */
  failure: 5,
} as const;
export type EndReason = keyof typeof END_REASONS;

export interface EndFrame {
  readonly finalSeq: bigint;
  readonly reason: EndReason;
}
export interface OpenFrame {
  readonly stream: number;
  readonly credit: number;
  readonly path: ServicePath;
}
export interface DataFrame {
  readonly stream: number;
  /** A view of the record's plaintext. */
  readonly bytes: Uint8Array;
}
export interface CreditFrame {
  readonly stream: number;
  readonly bytes: number;
}
export interface ResetFrame {
  readonly stream: number;
  readonly code: ErrorCode;
}

const PATH_PATTERN = /^(?:\/[a-z0-9][a-z0-9.-]*){2}\/[1-9][0-9]{0,4}$/;
const REASONS_BY_NUMBER: ReadonlyMap<number, EndReason> = new Map(
  Object.entries(END_REASONS).map(([reason, number]) => [number, reason as EndReason]),
);

/** Whether `text` is a path as ServicePath describes it. */
export function isServicePath(text: unknown): text is ServicePath {
  return typeof text === 'string' && text.length <= MAX_PATH && PATH_PATTERN.test(text);
}

export function encodeEnd({ finalSeq, reason }: EndFrame): Uint8Array {
  const body = new Uint8Array(9);
  const view = viewOf(body);
  view.setBigUint64(0, finalSeq);
  view.setUint8(8, END_REASONS[reason]);
  return body;
}

/** A reason that this version doesn't know reads as `failure`. @throws `frame-malformed` */
export function decodeEnd(body: Uint8Array): EndFrame {
  requireLength(body, 9);
  const view = viewOf(body);
  return {
    finalSeq: view.getBigUint64(0),
    reason: REASONS_BY_NUMBER.get(view.getUint8(8)) ?? 'failure',
  };
}

export function encodeAck(seq: bigint): Uint8Array {
  const body = new Uint8Array(8);
  viewOf(body).setBigUint64(0, seq);
  return body;
}

/** @throws `frame-malformed` */
export function decodeAck(body: Uint8Array): bigint {
  requireLength(body, 8);
  return viewOf(body).getBigUint64(0);
}

export function encodePing(token: bigint): Uint8Array {
  return encodeAck(token);
}

/** Of a ping or a pong. @throws `frame-malformed` */
export function decodePing(body: Uint8Array): bigint {
  return decodeAck(body);
}

export function encodeOpen({ stream, credit, path }: OpenFrame): Uint8Array {
  const body = new Uint8Array(8 + path.length);
  const view = viewOf(body);
  view.setUint32(0, stream);
  view.setUint32(4, credit);
  for (let index = 0; index < path.length; index++) body[8 + index] = path.charCodeAt(index);
  return body;
}

/** @throws `frame-malformed` */
export function decodeOpen(body: Uint8Array): OpenFrame {
  if (body.length < 9 || body.length > 8 + MAX_PATH) throw malformed('open', body.length);
  const view = viewOf(body);
  const path = String.fromCharCode(...body.subarray(8));
  const credit = view.getUint32(4);
  if (!isServicePath(path) || credit > MAX_CREDIT) throw malformed('open', body.length);
  return { stream: view.getUint32(0), credit, path };
}

/** The stream of a data frame with at least DATA_HEADER bytes. */
export function streamOf(body: Uint8Array): number {
  return viewOf(body).getUint32(0);
}

/** @throws `frame-malformed` */
export function decodeData(body: Uint8Array): DataFrame {
  if (body.length <= DATA_HEADER) throw malformed('data', body.length);
  return { stream: streamOf(body), bytes: body.subarray(DATA_HEADER) };
}

export function encodeCredit({ stream, bytes }: CreditFrame): Uint8Array {
  const body = new Uint8Array(8);
  const view = viewOf(body);
  view.setUint32(0, stream);
  view.setUint32(4, bytes);
  return body;
}

/** @throws `frame-malformed` */
export function decodeCredit(body: Uint8Array): CreditFrame {
  requireLength(body, 8);
  const view = viewOf(body);
  const bytes = view.getUint32(4);
  if (bytes === 0 || bytes > MAX_CREDIT) throw malformed('credit', body.length);
  return { stream: view.getUint32(0), bytes };
}

export function encodeClose(stream: number): Uint8Array {
  const body = new Uint8Array(4);
  viewOf(body).setUint32(0, stream);
  return body;
}

/** @throws `frame-malformed` */
export function decodeClose(body: Uint8Array): number {
  requireLength(body, 4);
  return viewOf(body).getUint32(0);
}

export function encodeReset({ stream, code }: ResetFrame): Uint8Array {
  const body = new Uint8Array(6);
  const view = viewOf(body);
  view.setUint32(0, stream);
  view.setUint16(4, ERROR_CODES[code]);
  return body;
}

/** @throws `frame-malformed` */
export function decodeReset(body: Uint8Array): ResetFrame {
  requireLength(body, 6);
  const view = viewOf(body);
  return { stream: view.getUint32(0), code: errorCodeFromNumber(view.getUint16(4)) };
}

function viewOf(body: Uint8Array): DataView {
  return new DataView(body.buffer, body.byteOffset, body.byteLength);
}

function requireLength(body: Uint8Array, length: number): void {
  if (body.length !== length) throw malformed('frame', body.length);
}

function malformed(frame: string, length: number): LiveletError {
  return new LiveletError('frame-malformed', undefined, { data: { frame, length } });
}
