import { type JsonValue, LiveletError, MAX_PORT_MESSAGE } from '@livelet/core/page';

/** What a frame says; exactly one of these shapes. Ids of ports are chosen by the page, from 1, and not reused. */
export type FrameHeader =
  /** page: the first frame on a socket; the one-time token of the address, or the pass of an earlier welcome */
  | { readonly hello: string }
  /**
   * host: the answer to hello, and the one frame that goes over the socket; the pass lets this page, and no other, come
   * back after a reload, and `stream` opens, once, the response with the host's frames
   */
  | { readonly welcome: Welcome; readonly stream: string }
  | { readonly open: number; readonly name: string }
  | { readonly port: number; readonly json: JsonValue }
  | { readonly close: number }
  | { readonly ping: number }
  | { readonly pong: number }
  | { readonly seen: Seen };

/** What a page says of the window that matters: its panel's while it has one of its own, else its first. */
export interface Seen {
  /** A person could see it; it may be covered. */
  readonly shown: boolean;
  /** It is the panel's own. */
  readonly panel: boolean;
}

/** What the shell tells a page when it connects. */
export interface Welcome {
  /** Empty in Electron, where nobody else can ask. */
  readonly pass: string;
  /** The browser runs without its own sandbox, as it must for the user root. */
  readonly unsandboxed: boolean;
}

export interface Frame {
  readonly header: FrameHeader;
  /** Only beside `port`; an empty one reads as none. */
  readonly bytes?: Uint8Array;
}

/** What the header adds around a port message's JSON, at most, rounded up. */
const HEADER_ROOM = 64;

/** The largest frame, in bytes. */
export const MAX_FRAME = 4 + HEADER_ROOM + MAX_PORT_MESSAGE;

/** Where the host's stream is asked for. Its body: `u32 length of the frame, big-endian | frame`, again and again. */
export const STREAM_PATH = '/stream';
export const FRAME_LENGTH_BYTES = 4;

/** What stands before a frame of so many bytes in the stream. */
export function frameLength(bytes: number): Uint8Array<ArrayBuffer> {
  const encoded = new Uint8Array(FRAME_LENGTH_BYTES);
  new DataView(encoded.buffer).setUint32(0, bytes);
  return encoded;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * `u32 length of the JSON, big-endian | JSON of the header | bytes`
 * @throws LiveletError `message-too-large`
 */
export function encodeFrame(frame: Frame): Uint8Array<ArrayBuffer> {
  const head = encodeHead(frame);
  const { bytes } = frame;
  if (!bytes) return head;
  const encoded = new Uint8Array(head.length + bytes.length);
  encoded.set(head);
  encoded.set(bytes, head.length);
  return encoded;
}

/**
 * What stands before a frame's bytes, so that who sends both needn't copy them: pictures are large.
 * @throws LiveletError `message-too-large`
 */
export function encodeHead(frame: Frame): Uint8Array<ArrayBuffer> {
  const header = encoder.encode(JSON.stringify(frame.header));
  const length = 4 + header.length + (frame.bytes?.length ?? 0);
  if (length > MAX_FRAME) {
    throw new LiveletError('message-too-large', `${length} bytes in a frame, at most ${MAX_FRAME}`);
  }
  const encoded = new Uint8Array(4 + header.length);
  new DataView(encoded.buffer).setUint32(0, header.length);
  encoded.set(header, 4);
  return encoded;
}

/** The bytes of the result share memory with `data`. @throws LiveletError `message-too-large`, `message-malformed` */
export function decodeFrame(data: Uint8Array): Frame {
  if (data.length > MAX_FRAME) throw new LiveletError('message-too-large', `${data.length} bytes in a frame`);
  if (data.length < 4) throw malformed('shorter than its length field');
  const headerLength = new DataView(data.buffer, data.byteOffset, data.byteLength).getUint32(0);
  if (headerLength > data.length - 4) throw malformed('its JSON is cut short');
  const header = parseHeader(data.subarray(4, 4 + headerLength));
  const bytes = data.subarray(4 + headerLength);
  if (bytes.length === 0) return { header };
  if (!('port' in header)) throw malformed('bytes beside a header that has none');
  return { header, bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

function parseHeader(bytes: Uint8Array): FrameHeader {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch (error) {
    throw new LiveletError('message-malformed', 'a frame without JSON', { cause: error });
  }
  if (!isHeader(value)) throw malformed('unknown header');
  return value;
}

const MAX_NAME = 256;

function isHeader(value: unknown): value is FrameHeader {
  if (typeof value !== 'object' || value === null) return false;
  const header = value as Readonly<Record<string, unknown>>;
  if ('hello' in header) return isShortText(header.hello);
  if ('open' in header) return isId(header.open) && isShortText(header.name);
  if ('port' in header) return isId(header.port) && header.json !== undefined;
  if ('close' in header) return isId(header.close);
  if ('ping' in header) return isId(header.ping);
  if ('pong' in header) return isId(header.pong);
  if ('seen' in header) {
    const seen = header.seen as Readonly<Record<string, unknown>> | null;
    return typeof seen?.shown === 'boolean' && typeof seen.panel === 'boolean';
  }
  if (!('welcome' in header)) return false;
  const welcome = header.welcome as Readonly<Record<string, unknown>> | null;
  return (
    isShortText(header.stream) && isShortText(welcome?.pass) && typeof welcome?.unsandboxed === 'boolean'
  );
}

function isId(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isShortText(value: unknown): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_NAME;
}

function malformed(why: string): LiveletError {
  return new LiveletError('message-malformed', `a frame that is wrong: ${why}`);
}
