import { type AgreedPart, notedTexts, type Receipt, receiptGaps } from '@livelet/core';
import type { ChatHandedIn } from './chat-outbox.js';
import type { HelperShown, ReceiptShown } from './page-protocol.js';

/** What the customer keeps of a session: their own decisions, not what the other end told of itself. */
export function receiptOf(
  receipt: Receipt,
  helper: HelperShown,
  startedAt: number | undefined,
  now: number,
  chat: ChatHandedIn | undefined,
  agreed: AgreedPart,
): ReceiptShown {
  const lines = receipt.entries.flatMap((entry) => {
    if (entry.kind === 'started' || entry.kind === 'noted' || entry.kind === 'ended') return [];
    // What the end itself took back isn't anybody's decision.
    if (entry.whose !== 'own' || entry.by === 'end') return [];
    const { at, capability, kind: what, until } = entry;
    return [{ at, capability, what, ...(until === undefined ? {} : { until }) }];
  });
  const notes = notedTexts(receipt.entries, 'customer', agreed);
  const granted = receipt.summary.granted
    .filter(({ whose }) => whose === 'own')
    .map(({ capability, totalMs }) => ({ capability, totalMs }));
  const { missing } = agreed;
  const gaps = receiptGaps(receipt.entries, agreed, receipt.summary.omitted);
  return {
    helper,
    endedAt: receipt.summary.endedAt ?? now,
    lines,
    granted,
    ...(notes.length === 0 ? {} : { notes }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(receipt.interruptions.length === 0 ? {} : { interruptions: receipt.interruptions }),
    ...(missing === undefined ? {} : { missing }),
    ...(gaps.unsigned === 0 && gaps.omitted === 0 ? {} : { gaps }),
    ...(chat === undefined ? {} : { chat }),
  };
}
