import { asLiveletError, openTranscriptPart, type RelayApi, type SealKeys } from '@livelet/core/wire';
import type { SealedEntry } from '../archive/sealed-store.js';
import { type Chat, type DoubtfulPart, type FoundPart, sortParts } from './chats.js';
import { SealedReader } from './sealed-reader.js';

/** Which parts are looked at, by when they arrived, ms since 1970. */
export interface ArrivalTimes {
  readonly since: number;
  readonly until: number;
}

export interface ReadChats {
  readonly chats: readonly Chat[];
  readonly doubtful: readonly DoubtfulPart[];
  /** Parts that the key doesn't open. */
  readonly unopened: readonly SealedEntry[];
}

/** Reads the archive on this computer: what the relay gives is opened here and goes nowhere. */
export async function readChats(
  api: RelayApi,
  keys: SealKeys,
  times: ArrivalTimes,
  signal: AbortSignal,
): Promise<ReadChats> {
  const reader = new SealedReader(api, '/archive');
  const parts: FoundPart[] = [];
  const unopened: SealedEntry[] = [];
  for await (const { envelope, ...entry } of reader.wholeEntries(signal)) {
    if (entry.receivedAt < times.since || entry.receivedAt >= times.until) continue;
    const { number, owner, size } = entry;
    try {
      parts.push({ number, owner, size, part: openTranscriptPart(envelope, keys) });
    } catch (error) {
      if (asLiveletError(error).code !== 'sealed-malformed') throw error;
      unopened.push(entry);
    }
  }
  const operators = await readOperators(api, signal);
  return { ...sortParts(parts, operators), unopened };
}

/** Chats in which somebody's name or a message holds `text`, whatever its case. */
export function searchChats(chats: readonly Chat[], text: string): readonly Chat[] {
  const wanted = text.toLocaleLowerCase();
  const holds = (part: string): boolean => part.toLocaleLowerCase().includes(wanted);
  return chats.filter(
    ({ operator, customer, messages }) =>
      holds(operator.name) || holds(customer.name) || messages.some((message) => holds(message.text)),
  );
}

/** Keys of everyone who was ever enrolled, base64. */
async function readOperators(api: RelayApi, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const { operators = [] } = (await api.call('GET', '/operators', undefined, signal)) as {
    readonly operators?: readonly { readonly publicKey?: unknown }[];
  };
  return new Set(
    operators.map(({ publicKey }) => Buffer.from(String(publicKey), 'base64url').toString('base64')),
  );
}
