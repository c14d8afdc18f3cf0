import type { EndReason } from '../channel/frames.js';
import type { Identity } from '../channel/identity.js';
import type { Remote, RpcService } from '../channel/streams.js';
import type { Side } from '../contracts/session.js';
import { LiveletError } from '../errors.js';
import { base64 } from '../sealed/canonical-json.js';
import {
  type AgreedFacts,
  type AllNotes,
  allNotes,
  decisionsOf,
  digestOf,
  MAX_SHARED_NOTES,
  notesInBoth,
  type ReceiptPerson,
  type SharedNote,
  sharedNotes,
} from './agreed-facts.js';
import type { ReceiptEntry } from './receipt.js';
import {
  isBase64,
  isSignedStatement,
  type ReceiptStatement,
  readStatement,
  signStatement,
  type ToldOfItself,
} from './receipt-statement.js';

/**
 * Why only one end signed. `unanswered`: the other one didn't in time. `lost`: there was no connection to ask on.
 * `differs`: it signed something else. `invalid`: what it sent isn't its signature.
 */
export const MISSING_SIGNATURE = ['unanswered', 'lost', 'differs', 'invalid'] as const;
export type MissingSignature = (typeof MISSING_SIGNATURE)[number];

/** What both ends signed, or one of them and why not the other. */
export interface AgreedPart {
  readonly facts: AgreedFacts;
  readonly operator?: ReceiptStatement;
  readonly customer?: ReceiptStatement;
  /** Absent: both signed these facts. */
  readonly missing?: MissingSignature;
}

/** Notes as one end asks the other about them. */
interface AskedNotes {
  readonly done: readonly string[];
  readonly all?: string;
}

/** What each end answers when the session is about to end. */
export interface CountersigningService {
  /**
   * The caller is about to say END. The called end answers with a `statement` of its own.
   * @param parameter `done`: digests of the caller's first MAX_SHARED_NOTES notes; `all`: AllNotes' digest, if it has more
   */
  settle(parameter: AskedNotes): void;
  /** The caller's signature. @param parameter `done`: digests of the notes that both ends have; `all`: if all of both are the same */
  statement(parameter: AskedNotes & { readonly statement: ReceiptStatement }): void;
}

export interface CountersigningOptions {
  readonly side: Side;
  readonly session: string;
  readonly identity: Identity;
  readonly people: Readonly<Record<Side, ReceiptPerson>>;
  readonly sasWords: readonly string[];
  readonly entries: () => readonly ReceiptEntry[];
  readonly told: () => Omit<ToldOfItself, 'reason'>;
  readonly remote: Remote<CountersigningService>;
  /** Has what the person here decided sent before anything that follows. */
  readonly flush: () => void;
  /** The peer says that it ends the session: from here on nothing may be allowed that the signature doesn't tell. */
  readonly peerEnds: () => void;
}

/**
 * Exchanges the two ends' signatures under what both tell of a session, when one of them is about to end it:
 *
 *     ending end  settle(digests of its notes)      its person can decide nothing any more
 *     other end   statement(digests in both, signed) after all that its person decided
 *     ending end  statement(the same, signed)        then END
 *
 * Neither signs the other's account: each signs its own, and the two are the same or they aren't. Of notes only those
 * count that both ends have, because at an end something is always on its way; decisions must be the same to a letter.
 */
export class Countersigning {
  /** What the peer may call; each call counts once. */
  readonly service: RpcService;
  readonly #options: CountersigningOptions;
  readonly #peerSide: Side;
  readonly #answered = Promise.withResolvers<void>();
  /** Fixed when the first word about the end is sent or received. */
  #notes: { readonly asked: readonly SharedNote[]; readonly all?: AllNotes } | undefined;
  #own: { readonly facts: AgreedFacts; readonly statement: ReceiptStatement } | undefined;
  #theirs: ReceiptStatement | 'invalid' | undefined;
  #reason: EndReason | undefined;

  constructor(options: CountersigningOptions) {
    this.#options = options;
    this.#peerSide = options.side === 'operator' ? 'customer' : 'operator';
    this.service = {
      settle: (parameter: unknown) => this.#receiveSettle(parameter),
      statement: (parameter: unknown) => this.#receiveStatement(parameter),
    };
  }

  /** This end is about to end the session. @returns when it has the peer's signature and has sent its own; never rejects */
  async settle(reason: EndReason): Promise<void> {
    this.#reason = reason;
    const { asked, all } = this.#frozen;
    const notes = { done: asked.map(digestOf), ...(all && { all: all.digest }) };
    // An answer says only that the question arrived; an error says that there will be no signature.
    await Promise.race([
      this.#answered.promise,
      this.#options.remote.settle(notes).then(
        () => this.#answered.promise,
        () => undefined,
      ),
    ]);
  }

  /** What is known in the end. @param lost whether there was no connection to say anything on */
  result(lost: boolean): AgreedPart {
    const { facts, statement } = this.#own ?? this.#sign({ done: [] });
    const theirs = this.#theirs;
    const signed = {
      facts,
      [this.#options.side]: statement,
      ...(theirs === undefined || theirs === 'invalid' ? {} : { [this.#peerSide]: theirs }),
    };
    if (theirs === undefined) return { ...signed, missing: lost ? 'lost' : 'unanswered' };
    if (theirs === 'invalid') return { ...signed, missing: 'invalid' };
    return theirs.facts === statement.facts ? signed : { ...signed, missing: 'differs' };
  }

  #receiveSettle(parameter: unknown): void {
    const notes = readNotes(parameter);
    if (this.#own) return;
    this.#options.peerEnds();
    this.#state(notes);
  }

  #receiveStatement(parameter: unknown): void {
    if (this.#theirs !== undefined) return;
    try {
      this.#theirs = 'invalid';
      const notes = readNotes(parameter);
      const statement = readStatement((parameter as { readonly statement?: unknown }).statement);
      const { session, people } = this.#options;
      const of = { side: this.#peerSide, session };
      if (!statement || !isSignedStatement(of, statement, people[this.#peerSide].key)) throw malformed();
      this.#theirs = statement;
      if (!this.#own) this.#state(notes);
    } finally {
      this.#answered.resolve();
    }
  }

  /** Signs what this end tells, and sends it. What the peer decided has arrived: it was sent before. */
  #state(notes: AskedNotes): void {
    const { remote, flush } = this.#options;
    const { facts, statement } = this.#sign(notes);
    flush();
    const both = { done: facts.done.map(digestOf), ...(facts.all && { all: facts.all.digest }) };
    void remote.statement({ ...both, statement }).catch(() => undefined);
  }

  #sign(notes: AskedNotes): { readonly facts: AgreedFacts; readonly statement: ReceiptStatement } {
    const { side, session, people, sasWords, entries, told, identity } = this.#options;
    const { asked, all } = this.#frozen;
    const [own, peer] = [decisionsOf(entries(), 'own'), decisionsOf(entries(), 'peer')];
    const facts = {
      session,
      operator: people.operator,
      customer: people.customer,
      sasWords,
      decisions: side === 'operator' ? { operator: own, customer: peer } : { operator: peer, customer: own },
      done: notesInBoth(asked, notes.done),
      ...(all && all.digest === notes.all && { all }),
    };
    const reason = this.#reason === undefined ? {} : { reason: this.#reason };
    const statement = signStatement({ side, session }, digestOf(facts), { ...told(), ...reason }, identity);
    this.#own = { facts, statement };
    return this.#own;
  }

  get #frozen(): { readonly asked: readonly SharedNote[]; readonly all?: AllNotes } {
    if (this.#notes) return this.#notes;
    const notes = sharedNotes(this.#options.entries(), this.#options.side);
    const isMore = notes.length > MAX_SHARED_NOTES;
    this.#notes = { asked: notes.slice(0, MAX_SHARED_NOTES), ...(isMore && { all: allNotes(notes) }) };
    return this.#notes;
  }
}

/** Someone as a receipt names them. */
export function receiptPerson(name: string, publicKey: Uint8Array): ReceiptPerson {
  return { name, key: base64(publicKey) };
}

/** @throws `message-malformed` */
function readNotes(parameter: unknown): AskedNotes {
  const { done, all } = (parameter ?? {}) as { readonly done?: unknown; readonly all?: unknown };
  if (!Array.isArray(done) || done.length > MAX_SHARED_NOTES) throw malformed();
  const digests: readonly unknown[] = done;
  if (!digests.every((digest) => isBase64(digest, 32))) throw malformed();
  if (all !== undefined && !isBase64(all, 32)) throw malformed();
  return { done: digests as readonly string[], ...(all !== undefined && { all }) };
}

function malformed(): LiveletError {
  return new LiveletError('message-malformed', 'a message about the receipt');
}
