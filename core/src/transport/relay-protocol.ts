/**
 * What an end and the relay say to each other before the splice, on both ways in: JSON text messages of at most
 * MAX_RELAY_MESSAGE bytes. The end's first one decides what it wants. After `joined` frames pass unread.
 *
 *     operator -> {"type":"allocate","authorization":"<token>"}
 *     relay    -> {"type":"code","nameplate":"48291","lifetimeMs":600000}
 *     relay    -> {"type":"joined"}
 *
 *     customer -> {"type":"join","nameplate":"48291"}
 *     relay    -> {"type":"joined"}
 *
 *     each end, after a drop
 *              -> {"type":"resume","handle":"<base64url of 32 bytes>"}   the operator's with its "authorization" too
 *     relay    -> {"type":"joined"}                                      once the other end is there
 */
export type EndToRelay = AllocateMessage | JoinMessage | ResumeMessage;
export type RelayToEnd = CodeMessage | JoinedMessage;

export interface AllocateMessage {
  readonly type: 'allocate';
  /** Proves which operator asks. */
  readonly authorization: string;
}

export interface JoinMessage {
  readonly type: 'join';
  /** 5 digits. */
  readonly nameplate: string;
}

export interface ResumeMessage {
  readonly type: 'resume';
  /** base64url of RESUME_HANDLE_BYTES bytes that only the two ends know. */
  readonly handle: string;
  /** The operator's, so that a revoked one doesn't resume and the relay carries nothing for strangers. */
  readonly authorization?: string;
}

export interface CodeMessage {
  readonly type: 'code';
  readonly nameplate: string;
  readonly lifetimeMs: number;
  /** Where the relay says it stands, as in its deployment file; at most 64 characters. */
  readonly region?: string;
}

export interface JoinedMessage {
  readonly type: 'joined';
  /** As in CodeMessage. */
  readonly region?: string;
}

/** Where a WebSocket to the relay begins. */
export const RELAY_PATH = '/livelet/1';
/** The ALPN name of TLS-TCP; a WebSocket over HTTPS has `http/1.1`, or none. */
export const RELAY_ALPN = 'livelet/1';
/** Bytes of a text message before the splice. */
export const MAX_RELAY_MESSAGE = 1024;
export const RESUME_HANDLE_BYTES = 32;
/** The relay pings every 20 s by default; an end that waits and hears nothing for this long gives up. ms. */
export const SILENCE_LIMIT = 60_000;

/**
 * TLS-TCP: `kind u8 | length u24 BE | body`, `length` bytes of body. From `joined` on, two TLS-TCP ends are joined
 * byte by byte: the relay neither pings nor answers, and what one end sends reaches the other one, pings included.
 */
export const FrameKind = {
  /** JSON text, 1 to MAX_RELAY_MESSAGE bytes; none after `joined`. */
  message: 0,
  /** 1 to MAX_TRANSPORT_FRAME bytes for the other end; none before `joined`. */
  frame: 1,
  /** 0 to MAX_PING_BODY bytes, answered by a pong with the same. */
  ping: 2,
  pong: 3,
  /** The last one: `reason u16 BE`, a CloseReason; an end that is done says `peerClosed`. */
  close: 4,
} as const;
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind];
/** Bytes before a frame's body. */
export const FRAME_HEADER = 4;
/** Bytes of the body of a ping or pong. */
export const MAX_PING_BODY = 8;

/** Why the relay closed a socket: WebSocket close codes of the private range. */
export const CloseReason = {
  /** The other end closed in good order. */
  peerClosed: 4000,
  /** The other end's socket was lost. */
  peerLost: 4001,
  /** Unknown, used or expired nameplate: one answer for all three. */
  codeNotValid: 4002,
  /** A code's time was up before anyone used it. */
  codeExpired: 4003,
  tooManyRequests: 4004,
  tooManyCodes: 4005,
  relayFull: 4006,
  tokenRefused: 4007,
  /** A message or frame that the relay's protocol doesn't allow. */
  protocol: 4008,
  unattachedTimeout: 4009,
  idleTimeout: 4010,
  stalledWriter: 4011,
  sessionTooLong: 4012,
  shuttingDown: 4013,
  /** No operator has this key. */
  notEnrolled: 4014,
  operatorRevoked: 4015,
  /** A signed request whose time is too far from the relay's. */
  clockWrong: 4016,
} as const;
export type CloseReason = (typeof CloseReason)[keyof typeof CloseReason];
