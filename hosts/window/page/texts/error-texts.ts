import type { ErrorCode } from '@livelet/core/page';

/** An error for people: one sentence each, shown in this order. */
export interface ErrorText {
  /** What happened. */
  readonly what: string;
  /** What to do next. */
  readonly next: string;
}

/** One language: the compiler refuses a missing or unknown code. */
export type ErrorTexts = Readonly<Record<ErrorCode, ErrorText>>;
