import { CloseReason, MAX_TRANSPORT_FRAME } from '@livelet/core/wire';
import type { EndSocket } from '../entrance/end-socket.js';
import { keepAlive } from '../entrance/keep-alive.js';
import { TcpEnd } from '../entrance/tcp-end.js';
import { Pipe, type PipeParts } from './pipe.js';
import { Turns } from './turns.js';

export interface SpliceEnd {
  readonly reason: CloseReason;
  /** Bytes passed on: of frames, or between two TLS-TCP ends of everything. */
  readonly operatorToCustomer: number;
  readonly customerToOperator: number;
}

/** Two joined ends. */
export interface Splice {
  /** Ends it for both. */
  readonly close: (reason: CloseReason) => void;
}

/** Passes all that each end sends on to the other, in order and unread, until one of them ends. */
export function splice(
  operator: EndSocket,
  customer: EndSocket,
  parts: PipeParts,
  ended: (end: SpliceEnd) => void,
): Splice {
  const { clock, settings } = parts;
  const share = Turns.share();
  const mostBytes = Math.min(settings.frameBytes, MAX_TRANSPORT_FRAME);
  const isRaw = operator instanceof TcpEnd && customer instanceof TcpEnd;
  const pipe = (from: EndSocket, to: EndSocket): Pipe => {
    const send: ConstructorParameters<typeof Pipe>[1] =
      isRaw && to instanceof TcpEnd
        ? (chunk, taken) => to.sendRaw(chunk, taken)
        : (chunk, taken) => to.sendFrame(chunk, taken);
    return new Pipe(from, send, parts, share, () => end(CloseReason.stalledWriter, to));
  };
  const toCustomer = pipe(operator, customer);
  const toOperator = pipe(customer, operator);
  const watches: Disposable[] = [clock.setTimer(settings.sessionMs, () => end(CloseReason.sessionTooLong))];
  let over = false;

  const end = (reason: CloseReason, culprit?: EndSocket): void => {
    if (over) return;
    over = true;
    for (const watch of watches) watch[Symbol.dispose]();
    const forOther = reason === CloseReason.peerClosed ? reason : CloseReason.peerLost;
    for (const [socket, onward] of [
      [operator, toOperator],
      [customer, toCustomer],
    ] as const) {
      const isOther = culprit !== undefined && socket !== culprit;
      if (isOther) onward.flush();
      onward[Symbol.dispose]();
      // A stalled one takes no goodbye either, and bytes cut anywhere must not look like a whole stream.
      const isCut = isRaw && reason !== CloseReason.peerClosed;
      if (isCut || (!isOther && reason === CloseReason.stalledWriter)) socket.terminate();
      else socket.close(isOther ? forOther : reason);
    }
    ended({ reason, operatorToCustomer: toCustomer.bytes, customerToOperator: toOperator.bytes });
  };

  const connect = (from: EndSocket, onward: Pipe): void => {
    // Between two ends joined byte by byte the relay says nothing: they ping each other.
    watches.push(keepAlive(from, clock, settings, !isRaw, () => end(CloseReason.idleTimeout, from)));
    const broke = (): void => end(CloseReason.protocol, from);
    from.handlers = {
      message: broke,
      frame: (bytes) => {
        // A WebSocket may send an empty one, for which TLS-TCP has no frame.
        if (bytes.length === 0 || bytes.length > mostBytes) broke();
        else onward.pass(bytes);
      },
      broke,
      closed: (good) => end(good ? CloseReason.peerClosed : CloseReason.peerLost, from),
    };
    if (isRaw && from instanceof TcpEnd) from.release((chunk) => onward.pass(chunk));
  };
  connect(operator, toCustomer);
  connect(customer, toOperator);
  // One that went in the meantime has nobody left to tell.
  for (const socket of [operator, customer]) {
    if (!socket.isOpen) end(CloseReason.peerLost, socket);
  }
  return { close: (reason) => end(reason) };
}
