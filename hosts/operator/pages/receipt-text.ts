import { gapTexts, type Locale, timeOfDay, timerText } from '@livelet/core/page';
import type { ReceiptShown } from '@livelet/operator/page-protocol';
import { formatBytes, formatDateTime } from './format.js';
import { END_BY_PEER, SIGNED, SIGNED_BY } from './receipt-strings.js';
import { CAPABILITY_NAME, GRANT_STATE, STRINGS } from './strings.js';

/** How the session ended, in a sentence. */
export function endText({ end, peer }: ReceiptShown, locale: Locale): string {
  const strings = STRINGS[locale];
  const name = peer.name || strings.noName;
  switch (end.how) {
    case 'ended-here':
      return strings.endedHere;
    case 'ended-by-peer':
      return END_BY_PEER[end.reason ?? 'person'][locale](name);
    case 'interrupted':
    case 'failed':
      return strings.endedInterrupted;
  }
}

/** When the connection was lost, each with how long. */
export function interruptionTexts({ interruptions }: ReceiptShown, locale: Locale): readonly string[] {
  return interruptions.map(({ at, lastedMs }) => `${timeOfDay(at, locale, true)}, ${timerText(lastedMs)}`);
}

/** What else was done, such as files that were sent. */
export function noteTexts({ notes = [] }: ReceiptShown, locale: Locale): readonly string[] {
  return notes.map(({ at, text }) => `${timeOfDay(at, locale, true)}  ${text[locale]}`);
}

/** Whether both ends signed it, or why only this one did. */
export function signedText({ missing }: ReceiptShown, locale: Locale): string {
  return SIGNED_BY[missing ?? 'both'][locale];
}

/** The receipt as lines of plain text, to copy or save. */
export function receiptText(receipt: ReceiptShown, locale: Locale): string {
  const strings = STRINGS[locale];
  const { peer, events, startedAt, endedAt, bytesSent, bytesReceived } = receipt;
  const noted = noteTexts(receipt, locale);
  return [
    `Livelet – ${strings.receipt}`,
    '',
    `${strings.receiptOperator}: ${receipt.operator}`,
    `${strings.receiptWho}: ${peer.name || strings.noName}`,
    `${strings.fingerprint}: ${peer.fingerprint}`,
    `${strings.words}: ${receipt.sasWords.join(' ')}`,
    `${strings.receiptStarted}: ${formatDateTime(startedAt, locale)}`,
    `${strings.receiptDuration}: ${timerText(endedAt - startedAt)}`,
    `${strings.receiptEnd}: ${endText(receipt, locale)}`,
    `${strings.receiptTraffic}: ${formatBytes(bytesSent + bytesReceived, locale)}`,
    `${SIGNED[locale]}: ${signedText(receipt, locale)}`,
    ...gapTexts(receipt.gaps, locale),
    ...interruptionTexts(receipt, locale).map((line) => `${strings.receiptInterrupted}: ${line}`),
    '',
    `${strings.events}:`,
    ...events.map(({ at, capability, what, until }) => {
      const time = until === undefined ? '' : ` ${strings.until(timeOfDay(until, locale))}`;
      return `  ${timeOfDay(at, locale, true)}  ${CAPABILITY_NAME[capability][locale]}: ${GRANT_STATE[what][locale]}${time}`;
    }),
    ...(events.length === 0 ? [`  ${strings.noEvents}`] : []),
    ...(noted.length === 0 ? [] : ['', `${strings.receiptDone}:`, ...noted.map((line) => `  ${line}`)]),
    '',
  ].join('\n');
}

/** What the receipt is called when it is saved. */
export function receiptFileName({ startedAt }: ReceiptShown, ending: 'json' | 'txt'): string {
  return `livelet-${new Date(startedAt).toISOString().slice(0, 16).replace(':', '')}.${ending}`;
}
