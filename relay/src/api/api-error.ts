import { type ErrorCode, LiveletError } from '@livelet/core/wire';

/** HTTP status of each error that the API tells its callers; what isn't here is told as `internal`. */
const STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  'request-invalid': 400,
  'relay-token-refused': 401,
  'operator-not-enrolled': 401,
  'operator-revoked': 401,
  'clock-wrong': 401,
  'admin-required': 403,
  'enrolment-refused': 403,
  'entry-unknown': 404,
  'last-admin': 409,
  'message-too-large': 413,
  'relay-too-many-requests': 429,
  'deadline-exceeded': 408,
  'relay-full': 503,
  // Said once in the log by those who notice it, not again for each stranger who asks.
  'store-unavailable': 503,
  'sealed-malformed': 400,
  'archive-grant-refused': 403,
  'storage-full': 507,
};

/** The status for `error`, and what may be told of it. */
export function tellError(error: unknown): { status: number; code: ErrorCode; known: boolean } {
  const code = error instanceof LiveletError ? error.code : 'internal';
  const status = STATUS[code];
  return status === undefined
    ? { status: 500, code: 'internal', known: false }
    : { status, code, known: true };
}
