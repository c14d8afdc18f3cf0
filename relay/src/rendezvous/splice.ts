import { type Clock, CloseReason } from '@livelet/core/wire';
import type { RawData, WebSocket } from 'ws';
import { closeSocket } from '../entrance/close-socket.js';
import { keepAlive } from '../entrance/keep-alive.js';
import type { RelaySettings } from '../settings.js';
import { Pipe } from './pipe.js';

/** WebSocket close code for "done", RFC 6455. */
export const NORMAL_CLOSURE = 1000;

export interface SpliceEnd {
  readonly reason: CloseReason;
  /** Bytes of frames passed on. */
  readonly operatorToCustomer: number;
  readonly customerToOperator: number;
}

/** Two joined sockets. */
export interface Splice {
  /** Ends it for both. */
  readonly close: (reason: CloseReason) => void;
}

/** Passes every frame of each socket on to the other, in order and unread, until one of them ends. */
export function splice(
  operator: WebSocket,
  customer: WebSocket,
  clock: Clock,
  settings: RelaySettings,
  ended: (end: SpliceEnd) => void,
): Splice {
  const pipe = (from: WebSocket, to: WebSocket): Pipe =>
    new Pipe(from, to, clock, settings, () => end(CloseReason.stalledWriter, to));
  const toCustomer = pipe(operator, customer);
  const toOperator = pipe(customer, operator);
  const watches: Disposable[] = [
    toCustomer,
    toOperator,
    clock.setTimer(settings.sessionMs, () => end(CloseReason.sessionTooLong)),
  ];
  let over = false;

  const end = (reason: CloseReason, culprit?: WebSocket): void => {
    if (over) return;
    over = true;
    for (const watch of watches) watch[Symbol.dispose]();
    const forOther = reason === CloseReason.peerClosed ? reason : CloseReason.peerLost;
    for (const socket of [operator, customer]) {
      const isOther = culprit !== undefined && socket !== culprit;
      // A stalled one takes no goodbye either.
      if (!isOther && reason === CloseReason.stalledWriter) socket.terminate();
      else closeSocket(socket, isOther ? forOther : reason, clock, settings.stalledMs);
    }
    ended({ reason, operatorToCustomer: toCustomer.bytes, customerToOperator: toOperator.bytes });
  };

  const connect = (from: WebSocket, onward: Pipe): void => {
    watches.push(keepAlive(from, clock, settings, () => end(CloseReason.idleTimeout, from)));
    from.on('message', (data: RawData, isBinary: boolean) => {
      // ws gives one Buffer with its default binaryType.
      if (isBinary) onward.pass(data as Buffer);
      else end(CloseReason.protocol, from);
    });
    from.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code?.startsWith('WS_ERR')) end(CloseReason.protocol, from);
    });
    from.on('close', (code) => {
      end(code === NORMAL_CLOSURE ? CloseReason.peerClosed : CloseReason.peerLost, from);
    });
  };
  connect(operator, toCustomer);
  connect(customer, toOperator);
  return { close: (reason) => end(reason) };
}
