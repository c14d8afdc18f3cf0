import { CAPABILITY_TEXT, durationText, gapTexts, type Locale, timeOfDay } from '@livelet/core/page';
import type { EndCause, ReceiptLine, ReceiptShown } from '../src/page-protocol.js';
import { capitalised, day } from './format.js';
import { END_WORDS, EVENT_WORDS, SIGNED_ALONE, STRINGS } from './strings.js';

/** What happened at a moment, in one sentence. */
export function eventText({ what, capability, until }: ReceiptLine, locale: Locale): string {
  const text = `${EVENT_WORDS[what][locale]} ${CAPABILITY_TEXT[capability][locale]}`;
  return until === undefined ? text : `${text}, ${STRINGS[locale].until(timeOfDay(until, locale))}`;
}

/** When it was: day, from, to. */
export function whenText({ startedAt, endedAt }: ReceiptShown, locale: Locale): string {
  const end = timeOfDay(endedAt, locale);
  return startedAt === undefined
    ? `${day(endedAt, locale)}, ${end}`
    : `${day(startedAt, locale)}, ${timeOfDay(startedAt, locale)} – ${end}`;
}

/** What was allowed, each with how long. */
export function allowedTexts({ granted }: ReceiptShown, locale: Locale): readonly string[] {
  return granted.map(
    ({ capability, totalMs }) =>
      `${capitalised(CAPABILITY_TEXT[capability][locale])}: ${durationText(totalMs)}`,
  );
}

/** When the connection was lost, each with how long. */
export function interruptionTexts({ interruptions = [] }: ReceiptShown, locale: Locale): readonly string[] {
  return interruptions.map(({ at, lastedMs }) => `${timeOfDay(at, locale)}, ${durationText(lastedMs)}`);
}

/** What else was done, such as files that were received. */
export function noteTexts({ notes = [] }: ReceiptShown, locale: Locale): readonly string[] {
  return notes.map(({ at, text }) => `${timeOfDay(at, locale)} ${text[locale]}`);
}

/** Who signed it, or why only this program did. */
export function signedText({ helper, missing }: ReceiptShown, locale: Locale): string {
  const { signedByBoth, noName } = STRINGS[locale];
  return missing === undefined ? signedByBoth(helper.name || noName) : SIGNED_ALONE[missing][locale];
}

/** What stands in it less surely than the rest, or not at all. */
export function gapsOf({ gaps }: ReceiptShown, locale: Locale): readonly string[] {
  return gaps === undefined ? [] : gapTexts(gaps, locale);
}

/** Who keeps the chat. */
export function chatText({ by, whole }: NonNullable<ReceiptShown['chat']>, locale: Locale): string {
  const { messagesKept, messagesLost } = STRINGS[locale];
  return whole ? messagesKept(by) : messagesLost(by);
}

/** The whole receipt as a text file. */
export function receiptText(receipt: ReceiptShown, cause: EndCause, locale: Locale): string {
  const words = STRINGS[locale];
  const { helper, startedAt, endedAt, lines, chat } = receipt;
  const allowed = allowedTexts(receipt, locale);
  const interrupted = interruptionTexts(receipt, locale);
  const noted = noteTexts(receipt, locale);
  return [
    'Livelet',
    END_WORDS[cause][locale],
    '',
    `${words.helper}: ${helper.name || words.noName}`,
    `${words.fingerprint}: ${helper.fingerprint}`,
    `${words.when}: ${whenText(receipt, locale)}`,
    ...(startedAt === undefined ? [] : [`${words.duration}: ${durationText(endedAt - startedAt)}`]),
    '',
    `${words.wasAllowed}:`,
    ...(allowed.length > 0 ? allowed : [words.nothingAllowed]).map((line) => `- ${line}`),
    '',
    ...(interrupted.length === 0 ? [] : [`${words.interruptions}:`]),
    ...interrupted.map((line) => `- ${line}`),
    ...(interrupted.length === 0 ? [] : ['']),
    ...(noted.length === 0 ? [] : [`${words.done}:`, ...noted.map((line) => `- ${line}`), '']),
    `${words.signed}: ${signedText(receipt, locale)}`,
    ...gapsOf(receipt, locale),
    '',
    ...(chat === undefined ? [] : [`${words.messages}: ${chatText(chat, locale)}`, '']),
    ...(lines.length > 0 ? [`${words.events}:`] : []),
    ...lines.map((line) => `- ${timeOfDay(line.at, locale)} ${eventText(line, locale)}`),
    '',
  ].join('\n');
}
