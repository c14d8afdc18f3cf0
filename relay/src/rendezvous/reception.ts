import { randomBytes } from 'node:crypto';
import { type Clock, CloseReason, type RelayToEnd, type ResumeMessage } from '@livelet/core/wire';
import type { OperatorGate } from '../access/operator-gate.js';
import type { SessionRecorder } from '../access/session-history.js';
import type { Visit } from '../entrance/door.js';
import { type EndSocket, reasonName } from '../entrance/end-socket.js';
import { keepAlive } from '../entrance/keep-alive.js';
import type { SourceLimits } from '../limits/source-limits.js';
import type { LogEntry, RelayLog } from '../log.js';
import type { RelaySettings } from '../settings.js';
import type { Directory } from './directory.js';
import { readFirstMessage } from './first-message.js';
import { Guest } from './guest.js';
import { splice } from './splice.js';
import { Turns } from './turns.js';

export interface ReceptionParts {
  readonly clock: Clock;
  readonly settings: RelaySettings;
  readonly limits: SourceLimits;
  readonly gate: OperatorGate;
  readonly history: SessionRecorder;
  readonly directory: Directory<Guest>;
  readonly log: RelayLog;
  /** Share of the memory in use, 0 to 1. */
  readonly usedMemory: () => number;
}

/** A guest or a joined pair. */
interface Company {
  readonly operator: string | undefined;
  finish(reason: CloseReason): void;
}

/** Gives operators a nameplate, brings the customer who names it to them, and two ends that lost each other together. */
export class Reception implements Disposable {
  /** Where the relay says it stands. */
  region: string | undefined;
  readonly #parts: ReceptionParts;
  readonly #company = new Set<Company>();
  readonly #revocations: Disposable;
  readonly #turns: Turns;
  #sessions = 0;
  #isClosed = false;
  #emptied: (() => void) | undefined;

  constructor(parts: ReceptionParts) {
    this.#parts = parts;
    this.#turns = new Turns(parts.clock);
    this.#revocations = parts.gate.onRevoked((operator) => this.#revoke(operator));
  }

  /** Joined pairs. */
  get sessions(): number {
    return this.#sessions;
  }

  /** Codes that wait for a customer. */
  get codes(): number {
    return this.#parts.directory.codes;
  }

  /** Ends that wait for their other end after a drop. */
  get resumes(): number {
    return this.#parts.directory.resumes;
  }

  /** An end that just arrived; what it wants is the first thing it says. */
  enter(end: EndSocket, visit: Visit): void {
    const guest: Guest = new Guest(
      end,
      visit,
      (text) => void this.#answer(guest, text),
      (_, reason, isGone) => this.#over(guest, reason, isGone),
    );
    this.#company.add(guest);
    guest.hold({ [Symbol.dispose]: () => void this.#company.delete(guest) });
    visit.onTimeout(() => guest.finish(CloseReason.unattachedTimeout));
    if (this.#isClosed) guest.finish(CloseReason.shuttingDown);
    else if (visit.isRefused) guest.finish(CloseReason.tooManyRequests);
  }

  /** Lets nobody in any more, and sends away all who wait. Resolves when no pair is left. */
  drain(): Promise<void> {
    this.#isClosed = true;
    for (const company of this.#company) {
      if (company instanceof Guest) company.finish(CloseReason.shuttingDown);
    }
    return new Promise((resolve) => {
      this.#emptied = resolve;
      if (this.#sessions === 0) resolve();
    });
  }

  /** Says goodbye to everyone. */
  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#revocations[Symbol.dispose]();
    for (const company of this.#company) company.finish(CloseReason.shuttingDown);
  }

  async #answer(guest: Guest, text: string): Promise<void> {
    const message = readFirstMessage(text);
    if (message === undefined) return guest.finish(CloseReason.protocol);
    if (this.#isFull()) return guest.finish(CloseReason.relayFull);
    try {
      if (message.type === 'join') await this.#join(guest, message.nameplate);
      else if (message.type === 'resume') await this.#resume(guest, message);
      else if (await this.#admit(guest, message.authorization)) await this.#allocate(guest);
    } catch {
      // The gate or the directory doesn't answer: nothing the end could do better.
      guest.finish(CloseReason.relayFull);
    }
  }

  /** Whether the guest is the operator that it says it is, and still there. */
  async #admit(guest: Guest, authorization: string): Promise<boolean> {
    const judged = await this.#parts.gate.admit(authorization, guest.visit.source);
    if ('refused' in judged) {
      guest.finish(judged.refused);
      return false;
    }
    guest.operator = judged.operator;
    return !guest.isOver;
  }

  async #allocate(guest: Guest): Promise<void> {
    const { directory, settings } = this.#parts;
    const allocation = await directory.allocate(guest.operator ?? '', guest, () =>
      guest.finish(CloseReason.codeExpired),
    );
    if ('refused' in allocation) return guest.finish(allocation.refused);
    const { nameplate } = allocation;
    guest.hold({ [Symbol.dispose]: () => void directory.release(nameplate) });
    if (guest.isOver) return;
    guest.session = newSession();
    this.#settle(guest);
    this.#log(guest, { event: 'allocated', session: guest.session });
    this.#say(guest.end, { type: 'code', nameplate, lifetimeMs: settings.codeLifetimeMs, ...this.#place() });
  }

  async #join(guest: Guest, nameplate: string): Promise<void> {
    const { directory, limits } = this.#parts;
    const { source } = guest.visit;
    if (!limits.claim(source)) return guest.finish(CloseReason.tooManyRequests);
    const operator = await directory.take(nameplate);
    if (operator === undefined) {
      limits.missed(source);
      guest.finish(CloseReason.codeNotValid);
    } else {
      this.#unite(operator, guest, 'joined');
    }
  }

  async #resume(guest: Guest, { handle, authorization }: ResumeMessage): Promise<void> {
    const { directory, limits } = this.#parts;
    if (authorization !== undefined && !(await this.#admit(guest, authorization))) return;
    const turn = limits.wait(guest.visit.source);
    if (turn === undefined) return guest.finish(CloseReason.tooManyRequests);
    guest.hold(turn);
    const side = authorization === undefined ? 'customer' : 'operator';
    const meeting = await directory.meet(handle, side, guest, () => guest.finish(CloseReason.codeExpired));
    if ('refused' in meeting) return guest.finish(meeting.refused);
    if ('met' in meeting) {
      if (side === 'operator') this.#unite(guest, meeting.met, 'resumed');
      else this.#unite(meeting.met, guest, 'resumed');
      return;
    }
    meeting.replaced?.finish(CloseReason.peerLost);
    guest.hold({ [Symbol.dispose]: () => void directory.leave(handle, guest) });
    if (!guest.isOver) this.#settle(guest);
  }

  /** It may stay, and is kept alive. */
  #settle(guest: Guest): void {
    const { clock, settings } = this.#parts;
    guest.visit.settle();
    guest.hold(keepAlive(guest.end, clock, settings, true, () => guest.finish(CloseReason.idleTimeout)));
  }

  /** Joins two guests, of whom one may be gone by now. */
  #unite(operator: Guest, customer: Guest, event: 'joined' | 'resumed'): void {
    const guests = [operator, customer];
    if (guests.some(({ isOver, end }) => isOver || !end.isOpen)) {
      for (const guest of guests) guest.finish(CloseReason.codeNotValid);
      return;
    }
    const { clock, settings, log, history } = this.#parts;
    const session = operator.session ?? newSession();
    for (const guest of guests) {
      guest.leave();
      guest.visit.settle();
      this.#say(guest.end, { type: 'joined', ...this.#place() });
    }
    this.#log(customer, { event, session });
    const record =
      operator.operator === undefined ? undefined : history.begin(operator.operator, event === 'resumed');
    this.#sessions += 1;
    const company: Company = { operator: operator.operator, finish: (reason) => pair.close(reason) };
    this.#company.add(company);
    const pair = splice(
      operator.end,
      customer.end,
      { clock, settings, turns: this.#turns },
      ({ reason, ...bytes }) => {
        this.#company.delete(company);
        record?.end();
        this.#sessions -= 1;
        if (this.#sessions === 0) this.#emptied?.();
        log.write({ event: 'ended', session, reason: reasonName(reason), ...bytes });
      },
    );
  }

  #over(guest: Guest, code: CloseReason, isGone: boolean): void {
    const { session } = guest;
    const reason = reasonName(code);
    if (session !== undefined) this.#parts.log.write({ event: 'ended', session, reason });
    else if (isGone) this.#log(guest, { event: 'dropped', reason: 'left' });
    else this.#log(guest, { event: code === CloseReason.codeNotValid ? 'missed' : 'refused', reason });
    // Refused once is enough: from here on it can only go.
    guest.visit.onTimeout(() => guest.end.terminate());
    guest.end.close(code);
  }

  #revoke(operator: string): void {
    for (const company of this.#company) {
      if (company.operator === operator) company.finish(CloseReason.operatorRevoked);
    }
  }

  #say(end: EndSocket, message: RelayToEnd): void {
    end.sendMessage(JSON.stringify(message));
  }

  #place(): { readonly region?: string } {
    return this.region === undefined ? {} : { region: this.region };
  }

  #log({ end, visit }: Guest, entry: LogEntry): void {
    this.#parts.log.write({ source: visit.address, transport: end.transport, tls: visit.tls, ...entry });
  }

  #isFull(): boolean {
    return this.#parts.usedMemory() >= this.#parts.settings.memoryShare;
  }
}

/** A name for the log, which says nothing. */
function newSession(): string {
  return randomBytes(8).toString('hex');
}
