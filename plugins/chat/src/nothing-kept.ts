import { type ChatKeeping, type KeptChat, LiveletError, type SessionInfo } from '@livelet/core';

const NOT_KEPT: ChatKeeping = { kept: false, refused: false };

/** In a host that has no archive at all. */
export function nothingKept({ side, id }: SessionInfo): KeptChat {
  let keeping: ChatKeeping | undefined = side === 'operator' ? NOT_KEPT : undefined;
  return {
    get keeping() {
      return keeping;
    },
    notice: { kept: false, session: id },
    follow(notice) {
      const { kept } = (notice ?? {}) as { readonly kept?: unknown };
      keeping = { kept: false, refused: kept !== false };
      if (keeping.refused) throw new LiveletError('archive-choice-refused', 'this end has no archive');
      return keeping;
    },
    refused: () => NOT_KEPT,
    add: () => {},
    close: () => {},
  };
}
