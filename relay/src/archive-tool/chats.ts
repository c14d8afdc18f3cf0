import type { TranscriptMessage, TranscriptPart, TranscriptPerson } from '@livelet/core/wire';

/** A part as it lay in the archive. */
export interface FoundPart {
  /** In the archive. */
  readonly number: number;
  /** Whom the relay took it from. */
  readonly owner: string;
  readonly size: number;
  readonly part: TranscriptPart;
}

/** One conversation, put together from what its two ends handed in. */
export interface Chat {
  readonly session: string;
  /** ms since 1970 */
  readonly startedAt: number;
  readonly operator: TranscriptPerson;
  readonly customer: TranscriptPerson;
  readonly messages: readonly ChatLine[];
  /** Numbers of its parts in the archive. */
  readonly numbers: readonly number[];
  /** Bytes of its envelopes. */
  readonly size: number;
  /** Ends that handed in a transcript. */
  readonly told: readonly TranscriptPart['side'][];
  /** Parts that came before others and aren't there. */
  readonly missing: number;
}

export interface ChatLine extends TranscriptMessage {
  /** Ends whose transcript has it; a line that only one tells may never have been written. */
  readonly told: readonly TranscriptPart['side'][];
  /** The two ends tell different words; these are the operator's. */
  readonly differs: boolean;
}

/** Why a part isn't in any chat. */
export interface DoubtfulPart {
  readonly number: number;
  /**
   * `operator-unknown`: signed by a key that no operator was ever enrolled with. `session-foreign`: handed in with
   * the right to another session. `customer-unknown`: by a key that the operator's end didn't meet.
   */
  readonly doubt: 'operator-unknown' | 'session-foreign' | 'customer-unknown';
}

export interface SortedParts {
  /** In the order of their beginnings. */
  readonly chats: readonly Chat[];
  readonly doubtful: readonly DoubtfulPart[];
}

/**
 * Puts chats together. Each part's signature has been checked; here it is asked whose it is: an operator's part counts
 * when its key is an operator's, a customer's when it came with that operator's grant for the session and, where the
 * operator's end handed in its own, names the same customer.
 * @param operators their public keys, base64, revoked ones too
 */
export function sortParts(parts: readonly FoundPart[], operators: ReadonlySet<string>): SortedParts {
  const doubtful: DoubtfulPart[] = [];
  const groups = new Map<string, FoundPart[]>();
  for (const found of parts) {
    const doubt = doubtOf(found, operators);
    if (doubt !== undefined) {
      doubtful.push({ number: found.number, doubt });
      continue;
    }
    const key = `${found.part.session} ${operatorOf(found.part).key}`;
    groups.set(key, [...(groups.get(key) ?? []), found]);
  }
  const chats = [...groups.values()].map((group) => {
    const met = group.find(({ part }) => part.side === 'operator')?.part.peer.key;
    const isMet = ({ part }: FoundPart): boolean => met === undefined || customerOf(part).key === met;
    for (const found of group) {
      if (!isMet(found)) doubtful.push({ number: found.number, doubt: 'customer-unknown' });
    }
    return putTogether(group.filter(isMet));
  });
  return { chats: chats.sort((one, other) => one.startedAt - other.startedAt), doubtful };
}

function doubtOf(
  { owner, part }: FoundPart,
  operators: ReadonlySet<string>,
): DoubtfulPart['doubt'] | undefined {
  if (!operators.has(operatorOf(part).key)) return 'operator-unknown';
  if (part.side === 'operator') return owner.startsWith('operator:') ? undefined : 'operator-unknown';
  return owner.startsWith('session:') && owner.endsWith(`:${part.session}`) ? undefined : 'session-foreign';
}

function putTogether(group: readonly FoundPart[]): Chat {
  // The operator's transcript first: where the two differ its words are shown.
  const ordered = group.toSorted(
    ({ part: one }, { part: other }) => rank(one.side) - rank(other.side) || one.part - other.part,
  );
  const lines = new Map<string, ChatLine>();
  for (const { part } of ordered) {
    for (const message of part.messages) {
      const key = `${message.from} ${message.id}`;
      lines.set(key, merged(lines.get(key), message, part.side));
    }
  }
  const [first] = ordered as [FoundPart];
  return {
    session: first.part.session,
    startedAt: first.part.startedAt,
    operator: operatorOf(first.part),
    customer: customerOf(first.part),
    messages: [...lines.values()].sort((one, other) => one.at - other.at),
    numbers: group.map(({ number }) => number),
    size: group.reduce((sum, { size }) => sum + size, 0),
    told: [...new Set(ordered.map(({ part }) => part.side))],
    missing: missingParts(group, 'operator') + missingParts(group, 'customer'),
  };
}

/** Parts are numbered from 0 without gaps. */
function missingParts(group: readonly FoundPart[], side: TranscriptPart['side']): number {
  const there = new Set(group.filter(({ part }) => part.side === side).map(({ part }) => part.part));
  return there.size === 0 ? 0 : Math.max(...there) + 1 - there.size;
}

function merged(
  known: ChatLine | undefined,
  message: TranscriptMessage,
  side: TranscriptPart['side'],
): ChatLine {
  if (known === undefined) return { ...message, told: [side], differs: false };
  return {
    ...known,
    delivered: known.delivered || message.delivered,
    told: [...new Set([...known.told, side])],
    differs: known.differs || known.text !== message.text,
  };
}

function rank(side: TranscriptPart['side']): number {
  return side === 'operator' ? 0 : 1;
}

function operatorOf({ side, author, peer }: TranscriptPart): TranscriptPerson {
  return side === 'operator' ? author : peer;
}

function customerOf({ side, author, peer }: TranscriptPart): TranscriptPerson {
  return side === 'customer' ? author : peer;
}
