import { CAPABILITY_TEXT } from '@livelet/core/page';
import { html, nothing, type TemplateResult } from 'lit';
import { ANSWER_TIMES, type AnswerTime, type QuestionShown } from '../src/page-protocol.js';
import { Countdown } from './countdown.js';
import type { PageContext } from './page-context.js';
import { MEANING, TIME_WORDS } from './strings.js';

/** Before Allow counts, s: a click or key that was meant for something else has passed by then. */
const ARM_SECONDS = 1.2;

/** The helper asks for something more. Nothing is chosen until the person chooses; Esc says no. */
export class Question implements Disposable {
  readonly shown: QuestionShown;
  readonly #context: PageContext;
  readonly #helperName: string;
  readonly #countdown: Countdown;
  #time: AnswerTime = 'ten-minutes';

  constructor(context: PageContext, shown: QuestionShown, helperName: string, panel: Document) {
    this.#context = context;
    this.shown = shown;
    this.#helperName = helperName;
    this.#countdown = new Countdown(ARM_SECONDS, panel, () => context.changed());
  }

  render(): TemplateResult {
    const { words, localizer } = this.#context;
    const meaning = MEANING[this.shown.capability];
    return html`<section class="ll-card question stack" role="alertdialog" aria-labelledby="question"
      aria-describedby=${meaning ? 'question-meaning' : nothing} @keydown=${this.#key}>
      <h2 id="question" tabindex="-1">${this.title}</h2>
      ${meaning ? html`<p id="question-meaning">${localizer.text(meaning)}</p>` : nothing}
      <fieldset>
        <legend>${words.timeTitle}</legend>
        ${ANSWER_TIMES.map(
          (time) => html`<label class="choice">
            <input type="radio" name="time" .checked=${time === this.#time} @change=${() => this.#choose(time)} />
            ${localizer.text(TIME_WORDS[time])}
          </label>`,
        )}
      </fieldset>
      <div class="answers">
        <button type="button" @click=${this.#no}>${words.questionNo}</button>
        <button type="button" class="ll-primary" aria-disabled=${this.#countdown.remaining > 0 ? 'true' : 'false'}
          @click=${this.#yes}>${words.questionYes}</button>
      </div>
    </section>`;
  }

  focus(root: ParentNode): void {
    root.querySelector<HTMLElement>('#question')?.focus();
    // Both answers, too, in a window that is a little too small.
    root.querySelector('.question')?.scrollIntoView({ block: 'nearest' });
  }

  [Symbol.dispose](): void {
    this.#countdown[Symbol.dispose]();
  }

  /** The question in one sentence. */
  get title(): string {
    const { words, localizer } = this.#context;
    return words.asks(this.#helperName, localizer.text(CAPABILITY_TEXT[this.shown.capability]));
  }

  #choose(time: AnswerTime): void {
    this.#time = time;
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') this.#no();
  };

  readonly #no = (): void => this.#context.send({ type: 'answer', question: this.shown.id, time: 'no' });

  readonly #yes = (): void => {
    if (this.#countdown.remaining > 0) return;
    this.#context.send({ type: 'answer', question: this.shown.id, time: this.#time });
  };
}
