/**
 * Every error that Livelet throws, sends or shows. Codes are API: they cross the wire as the number below
 * (u16, in `reset` frames and RPC replies), stand in `docs/errors.md`, and have a text in each language in
 * `hosts/window`. Numbers are never reused.
 */
export const ERROR_CODES = {
  // The session code
  'code-mistyped': 100,
  'code-not-valid': 101,
  'code-wrong-secret': 102,
  'possible-attack': 103,
  // The relay and the way to it
  'relay-unreachable': 200,
  'relay-certificate-not-pinned': 201,
  'relay-token-refused': 202,
  'relay-too-many-requests': 203,
  'relay-too-many-codes': 204,
  'relay-full': 205,
  'relay-protocol': 206,
  'relay-closed': 207,
  'proxy-invalid': 208,
  'proxy-unreachable': 209,
  'proxy-refused': 210,
  'proxy-authentication-required': 211,
  'relay-region-refused': 212,
  'relay-region-unexpected': 213,
  // The channel
  'protocol-version-unsupported': 300,
  'handshake-malformed': 301,
  'handshake-failed': 302,
  'handshake-timeout': 303,
  'identity-invalid': 304,
  'hello-invalid': 305,
  'record-malformed': 306,
  'record-refused': 307,
  'record-limit': 308,
  'frame-malformed': 309,
  'frame-unknown': 310,
  'credit-exceeded': 311,
  'too-many-streams': 312,
  'message-too-large': 313,
  'message-malformed': 314,
  'peer-silent': 315,
  'session-ended': 316,
  'session-interrupted': 317,
  reconnecting: 318,
  // Streams, calls, consent
  'not-granted': 400,
  revoked: 401,
  'service-unknown': 402,
  'method-unknown': 403,
  'deadline-exceeded': 404,
  cancelled: 405,
  'call-failed': 406,
  'request-too-soon': 407,
  // Plugins
  'manifest-invalid': 500,
  'manifest-capability-unknown': 501,
  'manifest-contract-unsupported': 502,
  'plugin-duplicate': 503,
  'plugin-load-failed': 504,
  'plugin-start-failed': 505,
  'plugin-binding-leaks-session': 506,
  // Screen, input, chat
  'display-unavailable': 600,
  'display-lost': 601,
  'display-unknown': 602,
  'picture-malformed': 603,
  'picture-too-large': 604,
  'input-malformed': 605,
  'input-outside-screen': 606,
  'input-refused-own-window': 607,
  'input-unavailable': 608,
  'chat-too-long': 609,
  'chat-malformed': 610,
  'display-not-shared': 611,
  'display-unsupported': 612,
  // Clipboard
  'clipboard-too-large': 620,
  'clipboard-malformed': 621,
  'clipboard-unreadable': 622,
  'clipboard-files': 623,
  'clipboard-format': 624,
  'clipboard-secret': 625,
  'clipboard-refused': 626,
  'clipboard-unavailable': 627,
  // Sound
  'audio-malformed': 630,
  'audio-unavailable': 631,
  'audio-refused': 632,
  'audio-unplugged': 633,
  // Cameras
  'camera-malformed': 635,
  // Files
  'file-name-refused': 640,
  'file-unreadable': 641,
  'file-changed': 642,
  'file-unwritable': 643,
  'file-disk-full': 644,
  'file-damaged': 645,
  'file-too-many': 646,
  // Recording
  'recording-disk-full': 660,
  'recording-unwritable': 661,
  'recording-failed': 662,
  'recording-not-shown': 663,
  'recordings-folder-refused': 664,
  // Programs and their windows
  'option-unknown': 700,
  'option-invalid': 701,
  'config-unreadable': 702,
  'port-in-use': 703,
  'identity-unreadable': 704,
  'browser-missing': 705,
  'window-gone': 706,
  'window-refused': 707,
  'electron-missing': 708,
  'deployment-invalid': 709,
  'command-missing': 710,
  'window-unavailable': 711,
  'command-unknown': 712,
  'named-file-unreadable': 713,
  'receipt-invalid': 714,
  'organisation-key-unreadable': 715,
  // Who may use a relay
  'operator-not-enrolled': 800,
  'operator-revoked': 801,
  'clock-wrong': 802,
  'admin-required': 803,
  'enrolment-refused': 804,
  'last-admin': 805,
  'request-invalid': 806,
  'entry-unknown': 807,
  'audit-broken': 808,
  // The relay's store
  'store-unavailable': 820,
  'store-too-new': 821,
  'store-in-use': 822,
  'backup-invalid': 823,
  // What is kept for the organisation
  'sealed-malformed': 850,
  'archive-choice-refused': 851,
  'archive-grant-refused': 852,
  'storage-full': 853,
  internal: 999,
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Facts about an error that may be logged, shown and sent to the peer: never secrets, never user content. */
export type ErrorData = Readonly<Record<string, string | number | boolean>>;

/** The one base of all errors of this project. `message` is for developers; people read the text of `code`. */
export class LiveletError extends Error {
  override readonly name = 'LiveletError';
  readonly code: ErrorCode;
  readonly data: ErrorData;

  constructor(code: ErrorCode, message?: string, options: { cause?: unknown; data?: ErrorData } = {}) {
    super(message ?? code, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.data = options.data ?? {};
  }
}

const CODES_BY_NUMBER: ReadonlyMap<number, ErrorCode> = new Map(
  Object.entries(ERROR_CODES).map(([code, number]) => [number, code as ErrorCode]),
);

/** The code for a number from the wire; a number that this version doesn't know reads as `internal`. */
export function errorCodeFromNumber(number: number): ErrorCode {
  return CODES_BY_NUMBER.get(number) ?? 'internal';
}

/** `error` itself if it is ours, else wrapped as `code` with the original as its cause. */
export function asLiveletError(error: unknown, code: ErrorCode = 'internal'): LiveletError {
  if (error instanceof LiveletError) return error;
  return new LiveletError(code, error instanceof Error ? error.message : String(error), { cause: error });
}
