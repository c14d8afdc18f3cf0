import type { Identity } from '../channel/identity.js';
import type { SessionChannel } from '../channel/session-channel.js';
import type { Locale } from '../localized-text.js';
import { cleanOwnNotes } from './own-notes.js';
import { receiptLines } from './receipt-lines.js';
import { type ReceiptAccount, receiptAccount, signReceipt } from './signed-receipt.js';

export interface KeptReceiptOptions {
  /** Signs what this end saw. */
  readonly identity: Identity;
  readonly locale: Locale;
  /** Takes a receipt, as JSON and as people read it, in place of one of the same `id`; returns at once. */
  readonly keep: (receipt: {
    readonly id: string;
    readonly startedAt: number;
    readonly json: string;
    readonly text: string;
  }) => void;
}

/** What this end saw of one session: signed and kept when that is over, and again when notes change after it. */
export class KeptReceipt {
  readonly #channel: SessionChannel;
  readonly #options: KeptReceiptOptions;
  #notes = '';
  #isOver = false;

  constructor(channel: SessionChannel, options: KeptReceiptOptions) {
    this.#channel = channel;
    this.#options = options;
    void channel.ended.then(() => {
      this.#isOver = true;
      this.#keep();
    });
  }

  /** What the person here noted for themselves: it stays at this end. */
  get notes(): string {
    return this.#notes;
  }

  /** To be given to others: signed likewise, without the notes. Undefined before the end. */
  get json(): string | undefined {
    return this.#isOver ? this.#signed(receiptAccount(this.#channel)) : undefined;
  }

  /** @param notes cleaned; what is over MAX_OWN_NOTES is left out */
  note(notes: string): void {
    const cleaned = cleanOwnNotes(notes);
    if (cleaned === this.#notes) return;
    this.#notes = cleaned;
    if (this.#isOver) this.#keep();
  }

  #keep(): void {
    const { locale, keep } = this.#options;
    const account = receiptAccount(this.#channel, this.#notes);
    const json = this.#signed(account);
    const text = `${receiptLines(account, locale).join('\n')}\n`;
    keep({ id: this.#channel.id, startedAt: account.startedAt, json, text });
  }

  #signed(account: ReceiptAccount): string {
    return `${JSON.stringify(signReceipt(account, this.#options.identity), undefined, 2)}\n`;
  }
}
