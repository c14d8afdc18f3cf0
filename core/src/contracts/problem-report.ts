import type { ServiceIdentifier } from 'inversify';

/** The texts that a report can have: the person's own words, the two programs of one end, the session, the log. */
export const REPORT_TEXTS = ['note', 'program', 'window', 'session', 'log'] as const;
export type ReportTextId = (typeof REPORT_TEXTS)[number];

/** UTF-16 units of one text, and bytes of a picture: little enough for a slow line, and for an envelope in any script. */
export const MAX_REPORT_TEXT = 128 * 1024;
export const MAX_REPORT_PICTURE = 1024 * 1024;
/** Each text once, and a picture. */
export const MAX_REPORT_ITEMS = REPORT_TEXTS.length + 1;

/** One thing that a person sees before it is sent, and can take out or change. */
export interface ReportText {
  readonly id: ReportTextId;
  readonly text: string;
}
export interface ReportPicture {
  readonly id: 'picture';
  readonly type: 'image/png' | 'image/jpeg';
  /** base64 */
  readonly picture: string;
}
export type ReportItem = ReportText | ReportPicture;

/** All that is sealed and sent: what the person saw, and nothing else. */
export interface ProblemReport {
  readonly items: readonly ReportItem[];
}

/** Where sealed reports go. */
export interface ReportOutbox {
  /** Sealed reports on this computer that the relay hasn't taken yet. */
  readonly waiting: number;
  /**
   * Hands in a sealed report; while the relay can't take it, it waits on disk and is sent later.
   * @param onSent told how many of the report's bytes are on their way
   * @throws `storage-full` when too many wait, `cancelled`, and what makes the relay refuse it for good
   */
  send(
    envelope: Uint8Array,
    signal: AbortSignal,
    onSent?: (bytes: number) => void,
  ): Promise<'sent' | 'queued'>;
  /** The relay may be within reach again: what waits is tried at once. Returns at once. */
  retry(): void;
  /** Deletes what waits; resolves when nothing of it is there any more. */
  discard(): Promise<void>;
}

/** What a program knows of itself when something went wrong. Each host binds one. */
export interface ReportSource {
  /** X25519 key of the organisation's support; undefined: there is nobody to send to. */
  readonly supportKey: Uint8Array | undefined;
  /** Name of the computer that takes reports. */
  readonly relay: string;
  readonly outbox: ReportOutbox;
  /** What this program can add, redacted where it was written; asks nobody else. */
  gather(): Promise<readonly ReportText[]>;
  /** What became of a report, for the local log. */
  note(what: 'sent' | 'queued' | 'saved' | 'failed' | 'cancelled', error?: unknown): void;
}
export const ReportSource: ServiceIdentifier<ReportSource> = Symbol.for('@livelet/ReportSource');
