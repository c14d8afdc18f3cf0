import { utf8 } from '../channel/bytes.js';
import { sha256 } from '../channel/crypto.js';
import type { ReceiptFact } from '../contracts/receipt-notes.js';
import type { Side } from '../contracts/session.js';
import { base64, canonicalJson, type SignableJson } from '../sealed/canonical-json.js';
import type { ReceiptEntry } from './receipt.js';

/** Notes of one end that the other is asked about one by one; of more only whether all are the same. */
export const MAX_SHARED_NOTES = 500;

/** Someone in a receipt: the name is claimed, the key proven. */
export interface ReceiptPerson {
  readonly name: string;
  /** Ed25519, base64 of 32 bytes. */
  readonly key: string;
}

/** Something that both ends noted alike, such as a file that one of them sent. */
export interface SharedNote {
  readonly plugin: string;
  /** As both call it; absent where it is `from` one of them to the other. */
  readonly what?: string;
  readonly from?: Side;
  readonly facts: Readonly<Record<string, ReceiptFact>>;
}

/** What both ends of a session tell alike, and sign. No times: their clocks disagree, and each signs its own. */
export interface AgreedFacts {
  /** From the handshake: the same at both ends, and in no other session; 32 hexadecimal digits. */
  readonly session: string;
  readonly operator: ReceiptPerson;
  readonly customer: ReceiptPerson;
  readonly sasWords: readonly string[];
  /** What each person was asked and decided, in order: `view granted`. What the end took back isn't among it. */
  readonly decisions: Readonly<Record<Side, readonly string[]>>;
  /** In the order of their canonical JSON. */
  readonly done: readonly SharedNote[];
  /** Where each end has more notes than it asked about, and all of both are the same. */
  readonly all?: AllNotes;
}

/** All notes that an end had when the first word about the end was said, in any order. */
export interface AllNotes {
  readonly count: number;
  /** SHA-256 over the canonical JSON of their sorted digests, base64. */
  readonly digest: string;
}

export function allNotes(notes: readonly SharedNote[]): AllNotes {
  const digests = notes.map(digestOf).toSorted();
  return { count: notes.length, digest: base64(sha256(utf8(canonicalJson(digests)))) };
}

/** SHA-256 over the canonical JSON, base64. */
export function digestOf(value: AgreedFacts | SharedNote): string {
  // Plain data; an interface has no index signature for the compiler to see that.
  return base64(sha256(utf8(canonicalJson(value as unknown as SignableJson))));
}

/** What one person was asked and decided. What the end of the session took back isn't anybody's decision. */
export function decisionsOf(entries: readonly ReceiptEntry[], whose: 'own' | 'peer'): readonly string[] {
  return entries.flatMap((entry) =>
    'capability' in entry && entry.whose === whose && entry.by !== 'end'
      ? [`${entry.capability} ${entry.kind}`]
      : [],
  );
}

/** The notes of `side`'s receipt as the other end would have them too. */
export function sharedNotes(entries: readonly ReceiptEntry[], side: Side): readonly SharedNote[] {
  return entries.flatMap((entry) => (entry.kind === 'noted' ? [sharedNote(entry, side)] : []));
}

/** What one end sends the other receives: it is one deed, whatever each calls it. */
function sharedNote(
  { plugin, what, facts }: Extract<ReceiptEntry, { kind: 'noted' }>,
  side: Side,
): SharedNote {
  const { direction, ...others } = facts;
  if (direction !== 'in' && direction !== 'out') return { plugin, what, facts };
  const other = side === 'operator' ? 'customer' : 'operator';
  return { plugin, from: direction === 'out' ? side : other, facts: others };
}

/** Those of `own` that are among `digests`, as often as they are in both. */
export function notesInBoth(own: readonly SharedNote[], digests: readonly string[]): readonly SharedNote[] {
  const left = new Map<string, number>();
  for (const digest of digests) left.set(digest, (left.get(digest) ?? 0) + 1);
  const found = own.filter((note) => {
    const digest = digestOf(note);
    const times = left.get(digest) ?? 0;
    left.set(digest, times - 1);
    return times > 0;
  });
  const ordered = found.map((note) => ({ note, key: canonicalJson(note as unknown as SignableJson) }));
  return ordered.sort((one, two) => (one.key < two.key ? -1 : 1)).map(({ note }) => note);
}

/** A note with its entry in this end's receipt. */
interface NotedEntry {
  readonly entry: ReceiptEntry;
  readonly note: SharedNote;
}

/** Notes of `side`'s receipt that aren't among what both signed. */
export function unsignedNotes(
  entries: readonly ReceiptEntry[],
  side: Side,
  { done, all }: Pick<AgreedFacts, 'done' | 'all'>,
): readonly NotedEntry[] {
  const notes = entries.flatMap((entry) =>
    entry.kind === 'noted' ? [{ entry, note: sharedNote(entry, side) }] : [],
  );
  // Only what was noted after them may be more.
  if (all) return notes.slice(all.count);
  const signed = done.map(digestOf);
  return notes.flatMap(({ entry, note }) => {
    const found = signed.indexOf(digestOf(note));
    if (found < 0) return [{ entry, note }];
    signed.splice(found, 1);
    return [];
  });
}

/** What is in `all` more often than in `some`. */
export function without(all: readonly string[], some: readonly string[]): readonly string[] {
  const left = [...some];
  return all.filter((part) => {
    const found = left.indexOf(part);
    if (found >= 0) left.splice(found, 1);
    return found < 0;
  });
}
