import { type ErrorCode, LiveletError } from '../errors.js';
import { CloseReason } from './relay-protocol.js';

const CODES: ReadonlyMap<number, ErrorCode> = new Map([
  [CloseReason.peerLost, 'session-interrupted'],
  [CloseReason.codeNotValid, 'code-not-valid'],
  [CloseReason.codeExpired, 'code-not-valid'],
  [CloseReason.tooManyRequests, 'relay-too-many-requests'],
  [CloseReason.tooManyCodes, 'relay-too-many-codes'],
  [CloseReason.relayFull, 'relay-full'],
  [CloseReason.tokenRefused, 'relay-token-refused'],
  [CloseReason.notEnrolled, 'operator-not-enrolled'],
  [CloseReason.operatorRevoked, 'operator-revoked'],
  [CloseReason.clockWrong, 'clock-wrong'],
  [CloseReason.protocol, 'relay-protocol'],
  [CloseReason.idleTimeout, 'session-interrupted'],
  [CloseReason.stalledWriter, 'session-interrupted'],
  // RFC 6455, 7.4.1: protocol error, unacceptable data, bad data, policy, too big.
  [1002, 'relay-protocol'],
  [1003, 'relay-protocol'],
  [1007, 'relay-protocol'],
  [1008, 'relay-protocol'],
  [1009, 'relay-protocol'],
]);

/** What a WebSocket close code from the relay means to an end; undefined: the other end closed in good order. */
export function closeError(closeCode: number): LiveletError | undefined {
  if (closeCode === CloseReason.peerClosed) return undefined;
  const code = CODES.get(closeCode) ?? 'relay-closed';
  return new LiveletError(code, `closed with ${closeCode}`, { data: { closeCode } });
}
