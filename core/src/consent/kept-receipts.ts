import type { Identity } from '../channel/identity.js';
import type { SessionChannel } from '../channel/session-channel.js';
import type { HostContainer } from '../composition/host-container.js';
import type { Locale } from '../localized-text.js';
import { receiptLines } from './receipt-lines.js';
import { receiptAccount, signReceipt } from './signed-receipt.js';

export interface KeptReceiptsOptions {
  /** Signs what this end saw. */
  readonly identity: Identity;
  /** As the other person saw it. */
  readonly name: () => string;
  readonly locale: Locale;
  /** Takes a receipt, as JSON and as people read it; returns at once. */
  readonly keep: (receipt: {
    readonly startedAt: number;
    readonly json: string;
    readonly text: string;
  }) => void;
}

/** `open` as it is; what this end saw of each session that it opens is signed and kept when that is over. */
export function keepingReceipts(
  open: HostContainer['openSession'],
  { identity, name, locale, keep }: KeptReceiptsOptions,
): HostContainer['openSession'] {
  const put = (channel: SessionChannel): void => {
    const account = receiptAccount(channel, identity, name());
    const json = `${JSON.stringify(signReceipt(account, identity), undefined, 2)}\n`;
    keep({ startedAt: account.startedAt, json, text: `${receiptLines(account, locale).join('\n')}\n` });
  };
  return (channel) => {
    void channel.ended.then(() => put(channel));
    return open(channel);
  };
}
