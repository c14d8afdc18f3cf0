/**
 * What an end and the relay say to each other before the splice: JSON text messages over the WebSocket, at most
 * MAX_RELAY_MESSAGE bytes. After `joined` the socket carries only binary frames, which the relay passes on unread.
 *
 *     operator -> GET /livelet/1/operator   (Authorization: Bearer <operator token>)
 *     relay    -> {"type":"code","nameplate":"48291","lifetimeMs":600000}
 *     relay    -> {"type":"joined"}
 *     customer -> GET /livelet/1/customer
 *     customer -> {"type":"join","nameplate":"48291"}
 *     relay    -> {"type":"joined"}
 */
export const RELAY_OPERATOR_PATH = '/livelet/1/operator';
export const RELAY_CUSTOMER_PATH = '/livelet/1/customer';
/** Bytes of a text message before the splice. */
export const MAX_RELAY_MESSAGE = 1024;
/** The relay pings every 20 s by default; an end that waits and hears nothing for this long gives up. ms. */
export const SILENCE_LIMIT = 60_000;

export type RelayToOperator =
  | { readonly type: 'code'; readonly nameplate: string; readonly lifetimeMs: number }
  | { readonly type: 'joined' };
export type CustomerToRelay = { readonly type: 'join'; readonly nameplate: string };
export type RelayToCustomer = { readonly type: 'joined' };

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
} as const;
export type CloseReason = (typeof CloseReason)[keyof typeof CloseReason];
