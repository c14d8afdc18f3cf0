import { randomBytes } from 'node:crypto';
import {
  type Clock,
  CloseReason,
  MAX_RELAY_MESSAGE,
  type RelayToCustomer,
  type RelayToOperator,
} from '@livelet/core/wire';
import type { RawData, WebSocket } from 'ws';
import { closeSocket, reasonName } from '../entrance/close-socket.js';
import type { Visit } from '../entrance/door.js';
import { keepAlive } from '../entrance/keep-alive.js';
import type { SourceLimits } from '../limits/source-limits.js';
import type { RelayLog } from '../log.js';
import type { OperatorTokens } from '../operator-token.js';
import type { RelaySettings } from '../settings.js';
import { Nameplates } from './nameplates.js';
import { NORMAL_CLOSURE, splice } from './splice.js';

export interface ReceptionParts {
  readonly clock: Clock;
  readonly settings: RelaySettings;
  readonly limits: SourceLimits;
  readonly tokens: OperatorTokens;
  readonly log: RelayLog;
  /** Share of the memory in use, 0 to 1. */
  readonly usedMemory: () => number;
}

/** An operator who waits for a customer. */
interface WaitingOperator {
  readonly socket: WebSocket;
  /** For the log. */
  readonly session: string;
  /** Ends the waiting, without closing the socket. */
  leave(): void;
}

/** Gives operators a nameplate, and brings the customer who names it to them. */
export class Reception {
  readonly #parts: ReceptionParts;
  readonly #nameplates: Nameplates<WaitingOperator>;
  /** How to end whatever each socket is doing. */
  readonly #endings = new Map<WebSocket, (reason: CloseReason) => void>();
  #sessions = 0;
  #closed = false;

  constructor(parts: ReceptionParts) {
    this.#parts = parts;
    this.#nameplates = new Nameplates(parts.clock, parts.settings);
  }

  /** Joined pairs. */
  get sessions(): number {
    return this.#sessions;
  }

  /** Codes that wait for a customer. */
  get codes(): number {
    return this.#nameplates.size;
  }

  operator(socket: WebSocket, visit: Visit, authorization: string | undefined): void {
    if (!this.#welcome(socket, visit)) return;
    const operator = this.#parts.tokens.identify(authorization);
    if (operator === undefined) this.#refuse(socket, visit, CloseReason.tokenRefused);
    else if (this.#isFull()) this.#refuse(socket, visit, CloseReason.relayFull);
    else this.#wait(socket, visit, operator);
  }

  customer(socket: WebSocket, visit: Visit): void {
    if (!this.#welcome(socket, visit)) return;
    socket.once('message', (data, isBinary) => {
      const nameplate = isBinary ? undefined : readJoin(data);
      if (nameplate === undefined) this.#refuse(socket, visit, CloseReason.protocol);
      else if (this.#isFull()) this.#refuse(socket, visit, CloseReason.relayFull);
      else this.#join(socket, visit, nameplate);
    });
  }

  /** Says goodbye to everyone; nobody is let in any more. */
  close(): void {
    this.#closed = true;
    for (const end of this.#endings.values()) end(CloseReason.shuttingDown);
  }

  #welcome(socket: WebSocket, visit: Visit): boolean {
    // Errors show as a close; without a listener Node would end the process.
    socket.on('error', () => {});
    const refuse = (reason: CloseReason): void => this.#refuse(socket, visit, reason);
    this.#endings.set(socket, refuse);
    socket.once('close', () => this.#endings.delete(socket));
    visit.onTimeout(() => refuse(CloseReason.unattachedTimeout));
    if (this.#closed) refuse(CloseReason.shuttingDown);
    else if (visit.refused) refuse(CloseReason.tooManyRequests);
    else return true;
    return false;
  }

  #wait(socket: WebSocket, visit: Visit, operator: string): void {
    const { clock, settings, log } = this.#parts;
    const session = randomBytes(8).toString('hex');
    const leave = (): void => {
      alive[Symbol.dispose]();
      socket.off('message', misbehave).off('close', gone);
    };
    const over = (reason: CloseReason): void => {
      leave();
      if (!('refused' in allocation)) this.#nameplates.release(allocation.nameplate);
      log.write({ event: 'ended', session, reason: reasonName(reason) });
      this.#end(socket, reason);
    };
    const misbehave = (): void => over(CloseReason.protocol);
    const gone = (code: number): void =>
      over(code === NORMAL_CLOSURE ? CloseReason.peerClosed : CloseReason.peerLost);
    const alive = keepAlive(socket, clock, settings, () => over(CloseReason.idleTimeout));
    const allocation = this.#nameplates.allocate(operator, { socket, session, leave }, () =>
      over(CloseReason.codeExpired),
    );
    if ('refused' in allocation) {
      alive[Symbol.dispose]();
      this.#refuse(socket, visit, allocation.refused);
      return;
    }
    socket.on('message', misbehave).on('close', gone);
    this.#endings.set(socket, over);
    visit.settle();
    log.write({ event: 'allocated', session, source: visit.address, transport: 'websocket', tls: visit.tls });
    const { nameplate } = allocation;
    const code: RelayToOperator = { type: 'code', nameplate, lifetimeMs: settings.codeLifetimeMs };
    socket.send(JSON.stringify(code));
  }

  #join(socket: WebSocket, visit: Visit, nameplate: string): void {
    const { clock, settings, limits, log } = this.#parts;
    if (!limits.claim(visit.source)) {
      this.#refuse(socket, visit, CloseReason.tooManyRequests);
      return;
    }
    const operator = this.#nameplates.take(nameplate);
    if (operator === undefined) {
      limits.missed(visit.source);
      this.#refuse(socket, visit, CloseReason.codeNotValid);
      return;
    }
    operator.leave();
    visit.settle();
    const { session } = operator;
    log.write({ event: 'joined', session, source: visit.address, transport: 'websocket', tls: visit.tls });
    const joined: RelayToOperator & RelayToCustomer = { type: 'joined' };
    operator.socket.send(JSON.stringify(joined));
    socket.send(JSON.stringify(joined));
    this.#sessions += 1;
    const pair = splice(operator.socket, socket, clock, settings, ({ reason, ...bytes }) => {
      this.#sessions -= 1;
      log.write({ event: 'ended', session, reason: reasonName(reason), ...bytes });
    });
    this.#endings.set(operator.socket, pair.close).set(socket, pair.close);
  }

  #refuse(socket: WebSocket, visit: Visit, reason: CloseReason): void {
    this.#parts.log.write({
      event: reason === CloseReason.codeNotValid ? 'missed' : 'refused',
      source: visit.address,
      transport: 'websocket',
      tls: visit.tls,
      reason: reasonName(reason),
    });
    // Refused once is enough: from here on it can only go.
    visit.onTimeout(() => socket.terminate());
    this.#endings.delete(socket);
    this.#end(socket, reason);
  }

  #end(socket: WebSocket, reason: CloseReason): void {
    closeSocket(socket, reason, this.#parts.clock, this.#parts.settings.stalledMs);
  }

  #isFull(): boolean {
    return this.#parts.usedMemory() >= this.#parts.settings.memoryShare;
  }
}

function readJoin(data: RawData): string | undefined {
  // ws gives one Buffer with its default binaryType.
  const bytes = data as Buffer;
  if (bytes.length > MAX_RELAY_MESSAGE) return undefined;
  try {
    const message = JSON.parse(bytes.toString()) as { type?: unknown; nameplate?: unknown } | null;
    const { type, nameplate } = message ?? {};
    const valid = type === 'join' && typeof nameplate === 'string' && /^\d{5}$/.test(nameplate);
    return valid ? nameplate : undefined;
  } catch {
    return undefined;
  }
}
