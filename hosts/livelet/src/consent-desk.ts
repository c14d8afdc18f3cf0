import type { Capability, Clock, SessionChannel } from '@livelet/core';
import type { AnswerTime, QuestionShown, SwitchShown } from './page-protocol.js';

/** How long a question must have been on the screen before an answer counts, ms: a click in flight is none. */
const QUESTION_ARM_TIME = 1000;

/** ms; undefined: for the whole session. */
const ANSWER_DURATION: Readonly<Record<AnswerTime, number | undefined>> = {
  once: 60_000,
  'ten-minutes': 600_000,
  session: undefined,
};

interface Question extends QuestionShown {
  /** Clock.now() at which it came to the front. */
  shownAt: number;
}

/** Between the session's grants and the person: switches for what is allowed, and one question at a time. */
export class ConsentDesk implements Disposable {
  readonly #channel: SessionChannel;
  readonly #capabilities: readonly Capability[];
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #resources = new DisposableStack();
  #questions: Question[] = [];
  #lastQuestion = 0;

  /** `capabilities`: what this host can ever allow, in the order of the switches. */
  constructor(
    channel: SessionChannel,
    capabilities: readonly Capability[],
    clock: Clock,
    changed: () => void,
  ) {
    this.#channel = channel;
    this.#capabilities = capabilities;
    this.#clock = clock;
    this.#changed = changed;
    // What was asked before anyone could answer.
    for (const { capability, state } of channel.ownGrants.all()) if (state === 'asked') this.#add(capability);
    this.#resources.use(channel.onAsked((capability) => this.#ask(capability)));
    this.#resources.use(channel.ownGrants.onChange(() => this.#grantsChanged()));
  }

  get switches(): readonly SwitchShown[] {
    return this.#capabilities.map((capability) => {
      const { state, until } = this.#channel.ownGrants.get(capability);
      const shown = { capability, on: state === 'granted' };
      return shown.on && until !== undefined ? { ...shown, until } : shown;
    });
  }

  get question(): QuestionShown | undefined {
    const [first] = this.#questions;
    return first && { id: first.id, capability: first.capability };
  }

  /** Answers the question in front; an answer that comes too soon or to another question changes nothing. */
  answer(id: number, time: AnswerTime | 'no'): void {
    const [first] = this.#questions;
    if (first?.id !== id) return;
    // A refusal can't be too soon: it gives nothing away.
    if (time === 'no') {
      this.#channel.ownGrants.deny(first.capability);
      return;
    }
    if (this.#clock.now() - first.shownAt < QUESTION_ARM_TIME) return;
    const durationMs = ANSWER_DURATION[time];
    this.#channel.ownGrants.grant(first.capability, durationMs === undefined ? {} : { durationMs });
  }

  /** A switch in the panel: for the whole session, or not at all. */
  set(capability: Capability, on: boolean): void {
    if (!this.#capabilities.includes(capability)) return;
    const granted = this.#channel.ownGrants.isGranted(capability);
    if (on && !granted) this.#channel.ownGrants.grant(capability);
    if (!on && granted) this.#channel.ownGrants.revoke(capability);
  }

  [Symbol.dispose](): void {
    this.#resources.dispose();
    this.#questions = [];
  }

  #ask(capability: Capability): void {
    if (this.#questions.some((question) => question.capability === capability)) return;
    this.#add(capability);
    this.#changed();
  }

  #add(capability: Capability): void {
    this.#lastQuestion += 1;
    this.#questions.push({ id: this.#lastQuestion, capability, shownAt: this.#clock.now() });
  }

  /** A question is over when its capability has an answer, from wherever it came. */
  #grantsChanged(): void {
    const [before] = this.#questions;
    this.#questions = this.#questions.filter(
      ({ capability }) => this.#channel.ownGrants.get(capability).state === 'asked',
    );
    const [first] = this.#questions;
    if (first && first !== before) first.shownAt = this.#clock.now();
    this.#changed();
  }
}
