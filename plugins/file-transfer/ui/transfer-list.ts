import { displayFileName, EXISTING_CHOICES, type Locale } from '@livelet/core/page';
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ItemShown, PageToDesk, QuestionShown, TransferShown } from '../src/page-protocol.js';
import {
  bytesText,
  countText,
  failedText,
  filesText,
  leftBehindText,
  leftOutText,
  leftText,
  moreText,
  problemText,
  type TextName,
  text,
} from './strings.js';

type Say = (message: PageToDesk) => void;

/** What a panel adds to each transfer. */
interface TransferParts {
  /** Where something is that was kept. */
  place(transfer: TransferShown): TemplateResult | typeof nothing;
  /** What became of each item, once the half has told it. */
  itemsOf(transfer: number): readonly ItemShown[] | undefined;
  /** The list of them is opened or closed. */
  showItems(transfer: TransferShown, open: boolean): void;
  /** The person at the other end. */
  readonly other: 'customer' | 'helper';
  /** Whether the person here is asked about a name that is there already. */
  readonly asked: boolean;
}

/** All transfers, the newest first, with what can be done to each. */
export function transferList(
  transfers: readonly TransferShown[],
  locale: Locale,
  say: Say,
  parts: TransferParts,
): TemplateResult | typeof nothing {
  if (transfers.length === 0) return nothing;
  return html`<section aria-label=${text('transfers', locale)}>
    <ul class="transfers">
      ${repeat(
        transfers.toReversed(),
        ({ id }) => id,
        (transfer) => one(transfer, locale, say, parts),
      )}
    </ul>
  </section>`;
}

/** What to do with a name that is there already. */
export function existingQuestion(
  question: QuestionShown | undefined,
  locale: Locale,
  say: Say,
): TemplateResult | typeof nothing {
  if (!question) return nothing;
  const answer = (event: Event): void => {
    const { value } = event.currentTarget as HTMLButtonElement;
    const choice = EXISTING_CHOICES.find((each) => each === value);
    const all =
      (event.currentTarget as Element).closest('.question')?.querySelector('input')?.checked === true;
    if (choice) say({ type: 'answer', question: question.id, choice, all });
  };
  return html`<div class="question" role="group" aria-labelledby="exists">
    <p id="exists">${text('exists', locale)} <bdi class="name">${displayFileName(question.path.join('/'))}</bdi></p>
    <label class="check"><input type="checkbox" />${text('all', locale)}</label>
    <div class="buttons">
      ${EXISTING_CHOICES.map(
        (choice) =>
          html`<button type="button" value=${choice} @click=${answer}>${text(choice, locale)}</button>`,
      )}
    </div>
  </div>`;
}

function one(transfer: TransferShown, locale: Locale, say: Say, parts: TransferParts): TemplateResult {
  const { id, title, bytes, bytesDone, items, kept, skipped, state } = transfer;
  const direction = directionText(transfer, locale);
  const progress = html`<progress
    max=${Math.max(1, bytes)}
    .value=${bytes === 0 && state === 'done' ? 1 : bytesDone}
    aria-label=${`${direction}: ${titleText(transfer)}`}
  ></progress>`;
  return html`<li class="transfer" data-transfer=${id} data-state=${state}>
    <p class="title"><span class="way">${direction}</span> <bdi class="name">${title}</bdi>${othersText(transfer)}</p>
    ${state === 'running' || state === 'waiting' ? progress : nothing}
    <p class="about">
      ${[
        stateText(transfer, locale, parts.asked),
        items > 1 ? countText(kept, items, locale) : '',
        skipped > 0 ? leftOutText(skipped, items, transfer.way === 'in' ? 'here' : parts.other, locale) : '',
        `${bytesText(bytesDone, locale)} / ${bytesText(bytes, locale)}`,
        transfer.rate === undefined || transfer.paused !== 'no'
          ? ''
          : `${bytesText(transfer.rate, locale)}/s`,
        transfer.secondsLeft === undefined || transfer.paused !== 'no'
          ? ''
          : leftText(transfer.secondsLeft, locale),
      ]
        .filter((part) => part !== '')
        .join(' · ')}
    </p>
    ${parts.place(transfer)} ${failures(transfer, locale)} ${leftBehind(transfer, locale)} ${itemList(transfer, locale, parts)}
    <div class="buttons">${buttons(transfer, locale, say)}</div>
  </li>`;
}

/** Of how many more files and folders than the one that it is called by. */
function othersText({ items }: TransferShown): string {
  return items > 1 ? ` (+${items - 1})` : '';
}

export function titleText(transfer: TransferShown): string {
  return `${transfer.title}${othersText(transfer)}`;
}

/** Which way, and how much of it has gone it. */
export function directionText(transfer: TransferShown, locale: Locale): string {
  const { way, state, items, kept, skipped, failedCount } = transfer;
  const name = (): TextName => {
    if (state === 'waiting' || state === 'running') return way === 'in' ? 'incoming' : 'outgoing';
    if (kept === 0 && (items > 0 || failedCount > 0 || state === 'broken'))
      return way === 'in' ? 'notArrived' : 'notSent';
    if (kept + skipped < items || failedCount > 0) return way === 'in' ? 'partArrived' : 'partSent';
    return way === 'in' ? 'arrived' : 'sent';
  };
  return text(name(), locale);
}

/**
 * How it goes, in words; empty while it simply goes, and where nothing came of it though nothing broke off.
 * @param asked whether it may be the person here that it waits for
 */
export function stateText(transfer: TransferShown, locale: Locale, asked: boolean): string {
  const { state, paused, error, way, rate, kept, items, failedCount } = transfer;
  if (state === 'broken')
    return error === 'cancelled'
      ? text('cancelled', locale)
      : `${text('broken', locale)}: ${problemText(error ?? 'internal', locale)}`;
  if (state === 'done' && kept === 0 && (items > 0 || failedCount > 0)) return '';
  if (state !== 'running') return text(state, locale);
  if (paused !== 'no') return text(paused === 'here' ? 'pausedHere' : 'pausedThere', locale);
  // The other side may be asking its person what to do with a name that is there already; or the line is lost.
  return rate === undefined && !(way === 'in' && asked) ? text('waitsThere', locale) : '';
}

function failures({ failed, failedCount }: TransferShown, locale: Locale): TemplateResult | typeof nothing {
  if (failedCount === 0) return nothing;
  return html`<details open>
    <summary>${failedText(failedCount, locale)}</summary>
    <ul>
      ${failed.map(({ name, reason }) => html`<li><bdi class="name">${name}</bdi>: ${problemText(reason, locale)}</li>`)}
    </ul>
  </details>`;
}

function leftBehind({ leftOut }: TransferShown, locale: Locale): TemplateResult | typeof nothing {
  if (!leftOut) return nothing;
  const { count, names } = leftOut;
  return html`<details>
    <summary>${leftBehindText(count, locale)}</summary>
    <ul>
      ${names.map((name) => html`<li><bdi class="name">${name}</bdi></li>`)}
    </ul>
    ${count > names.length ? html`<p class="about">${moreText(count - names.length, locale)}</p>` : nothing}
  </details>`;
}

/** What became of each, and under which name it is kept. */
function itemList(
  transfer: TransferShown,
  locale: Locale,
  parts: TransferParts,
): TemplateResult | typeof nothing {
  const { id, items, itemsDone, kept, keptAt, state } = transfer;
  const namedElsewhere = keptAt !== undefined || kept === 0 || state !== 'done';
  if (items === 0 || (items === 1 && namedElsewhere)) return nothing;
  const all = parts.itemsOf(id) ?? [];
  const toggle = (event: Event): void =>
    parts.showItems(transfer, (event.currentTarget as HTMLDetailsElement).open);
  return html`<details class="items" @toggle=${toggle}>
    <summary aria-label=${`${filesText(items, locale)}: ${titleText(transfer)}`}>${filesText(items, locale)}</summary>
    <ul>
      ${all.map((item) => html`<li>${itemLine(item, transfer, locale, parts)}</li>`)}
    </ul>
    ${all.length < itemsDone && all.length > 0 ? html`<p class="about">${moreText(itemsDone - all.length, locale)}</p>` : nothing}
  </details>`;
}

function itemLine(
  item: ItemShown,
  { way }: TransferShown,
  locale: Locale,
  { other }: TransferParts,
): TemplateResult {
  const name = html`<bdi class="name">${item.name}</bdi>`;
  if (item.how === 'failed') return html`${name}: ${problemText(item.reason, locale)}`;
  if (item.how === 'skipped')
    return html`${name}: ${leftOutText(1, 1, way === 'in' ? 'here' : other, locale)}`;
  if (item.keptAs === item.name) return name;
  return html`${name}, ${text('keptAs', locale)} <bdi class="name">${item.keptAs}</bdi>`;
}

function buttons(
  { id, state, paused, canRetry, title }: TransferShown,
  locale: Locale,
  say: Say,
): TemplateResult {
  const button = (type: 'pause' | 'resume' | 'cancel' | 'retry'): TemplateResult => {
    const name: TextName = type;
    return html`<button
      type="button"
      aria-label=${`${text(name, locale)}: ${title}`}
      @click=${() => say({ type, transfer: id })}
    >
      ${text(name, locale)}
    </button>`;
  };
  const running = state === 'running' || state === 'waiting';
  return html`${running ? button(paused === 'here' ? 'resume' : 'pause') : nothing}
  ${running ? button('cancel') : nothing} ${canRetry ? button('retry') : nothing}`;
}
